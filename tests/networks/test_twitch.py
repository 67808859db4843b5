"""What is peculiar to Twitch, over real HTTP against its simulator."""

from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Outgoing, Receipt
from tidings.networks.check import check
from tidings.networks.declare import OAuth2
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.networks.metrics import Reading
from tidings.simulators.twitch import TwitchNetwork

TWITCH = networks.get("twitch")
PLANNED = {"kind": "segment", "start": "2026-12-01T18:00:00Z"}
REFUSALS = [
    Refusal("a message of 501 characters", Outgoing("x" * 501)),
    Refusal("a title of 141 characters in the schedule", Outgoing("x" * 141, options=PLANNED)),
    Refusal("a broadcast of ten minutes", Outgoing("Baking", options={**PLANNED, "duration": "10"})),
    Refusal("a colour that it does not have", Outgoing("Hi", options={"kind": "announcement", "color": "red"})),
    Refusal("an announcement of nothing", Outgoing(" ", options={"kind": "announcement"})),
]


@pytest.fixture
def twitch(town: Town) -> TwitchNetwork:
    return cast(TwitchNetwork, town["twitch"])


def case(twitch: TwitchNetwork, door: Door, said: str, **chosen: Any) -> Case:
    return Case(twitch, twitch.access(), Outgoing(said, options=chosen), door)


def speaker(twitch: TwitchNetwork, door: Door) -> Any:
    return TWITCH(twitch.access(), door, "connect")


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def test_characters_are_counted_as_they_are() -> None:
    assert check(TWITCH, Outgoing("\N{THUMBS UP SIGN}" * 500), {}) == []
    assert [problem.where for problem in check(TWITCH, Outgoing("x" * 501), {})] == ["text"]


@pytest.mark.parametrize("piece", [picture(), film()])
def test_media_are_not_taken(piece: Any) -> None:
    assert "media" in {problem.where for problem in check(TWITCH, Outgoing("Look", (piece,)), {})}


def test_a_message_that_was_dropped_is_told_with_the_reason_although_the_answer_was_a_success(
    twitch: TwitchNetwork, door: Door
) -> None:
    twitch.drops = 1
    one = case(twitch, door, "Hello")
    outcome = one.drive()
    assert (outcome.state, one.out()) == ("failed", {})
    assert "followers-only" in outcome.reason


def test_an_announcement_has_its_colour_and_is_known_by_our_own_key(twitch: TwitchNetwork, door: Door) -> None:
    one = case(twitch, door, "We begin", kind="announcement", color="green")
    outcome = one.drive()
    assert outcome.receipt
    assert outcome.receipt.id == one.key
    assert the_post(one)["color"] == "green"


def test_an_entry_in_the_schedule_has_all_that_was_chosen(twitch: TwitchNetwork, door: Door) -> None:
    one = case(twitch, door, "Baking", **PLANNED, duration="90", category="509", recurring=False)
    assert one.drive().state == "delivered"
    assert the_post(one)["wish"] == {
        "title": "Baking", "start_time": "2026-12-01T18:00:00Z", "timezone": "Etc/UTC", "duration": "90",
        "is_recurring": False, "category_id": "509",
    }


def test_who_is_no_affiliate_plans_no_single_broadcast(twitch: TwitchNetwork, door: Door) -> None:
    twitch.affiliate = False
    outcome = case(twitch, door, "Baking", **PLANNED, recurring=False).drive()
    assert outcome.state == "failed"
    assert "affiliates" in outcome.reason


def test_an_entry_without_its_beginning_is_told_before(twitch: TwitchNetwork) -> None:
    found = check(TWITCH, Outgoing("Baking", options={"kind": "segment"}), {})
    assert [problem.where for problem in found] == ["start"]


def test_categories_are_looked_up(twitch: TwitchNetwork, door: Door) -> None:
    assert speaker(twitch, door).lookup("category", "bak") == [("509", "Baking")]
    assert speaker(twitch, door).lookup("category", "") == []


def test_access_is_renewed_after_four_hours_and_revoked_at_the_end(twitch: TwitchNetwork, door: Door) -> None:
    one = speaker(twitch, door)
    with clock.shifted(timedelta(hours=5)):
        with pytest.raises(Reconnect):
            one.profile()
        fresh = TWITCH(networks.base.Access(one.access.profile, one.renew().secrets, {}, one.access.app), door, "find")
        assert fresh.profile().handle == "demo"
        with pytest.raises(Reconnect):
            one.renew()
        fresh.revoke()
        with pytest.raises(Reconnect):
            fresh.profile()


def test_a_lost_answer_is_left_to_a_person_and_said_once(twitch: TwitchNetwork, door: Door) -> None:
    one = case(twitch, door, "Hello")
    twitch.trick("lose", "POST /helix/chat/messages")
    assert one.drive().state == "unsure"
    assert len(one.out()) == 1
    assert twitch.requests("chat/messages") == 1


def test_a_message_is_taken_back_within_six_hours(twitch: TwitchNetwork, door: Door) -> None:
    first, second = case(twitch, door, "Hello"), case(twitch, door, "Good night")
    receipts = [cast(Receipt, one.drive().receipt) for one in (first, second)]
    speaker(twitch, door).delete(receipts[0])
    assert not first.out().keys() & {receipts[0].id}
    with clock.shifted(timedelta(hours=7)), pytest.raises(Rejected):
        speaker(twitch, door).delete(receipts[1])


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (401, "Invalid OAuth token", Reconnect),
        (401, "Missing scope: user:write:chat", Reconnect),
        (403, "The sender is banned from the broadcaster's chat room.", Rejected),
        (422, "The message is too large.", Rejected),
        (400, "The text in the message field is required.", Rejected),
        (429, "Too many requests", Later),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, message: str, kind: type[Reaction], twitch: TwitchNetwork, door: Door
) -> None:
    body, _kind = http.json_body({"error": "x", "status": status, "message": message})
    with pytest.raises(kind) as raised:
        speaker(twitch, door).judge(Answer(status, {"ratelimit-reset": "1900000000"}, body))
    assert raised.value.reason == message


def test_followers_are_counted_without_a_right_to_know_who_they_are(twitch: TwitchNetwork, door: Door) -> None:
    assert "moderator:read:followers" not in cast(OAuth2, TWITCH.connect[0]).scopes
    assert speaker(twitch, door).audience(clock.now().date()) == [Reading("total", twitch.crowd("demo", "total"))]


def test_where_access_has_ended_there_is_no_number_of_followers(twitch: TwitchNetwork, door: Door) -> None:
    access = twitch.access()
    twitch.lock_out()
    with pytest.raises(Reconnect):
        TWITCH(access, door, "measure").audience(clock.now().date())


def test_access_that_has_ended_sends_nothing(twitch: TwitchNetwork, door: Door) -> None:
    one = case(twitch, door, "Hello")
    with clock.shifted(timedelta(hours=5)):
        assert one.once(Points()).reconnect
    assert not one.out()
