"""What is peculiar to Kick, over real HTTP against its simulator."""

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
from tidings.networks.base import Access, Outgoing, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.kick import KickNetwork

KICK = networks.get("kick")
REFUSALS = [
    Refusal("a message of 501 characters", Outgoing("x" * 501)),
    Refusal("a message of nothing", Outgoing("  ")),
    Refusal("a message said by nobody", Outgoing("Hello", options={"as": "owner"})),
]


@pytest.fixture
def kick(town: Town) -> KickNetwork:
    return cast(KickNetwork, town["kick"])


def case(kick: KickNetwork, door: Door, said: str, **chosen: Any) -> Case:
    return Case(kick, kick.access(), Outgoing(said, options=chosen), door)


def speaker(kick: KickNetwork, door: Door) -> Any:
    return KICK(kick.access(), door, "connect")


def test_characters_are_counted_as_they_are() -> None:
    assert check(KICK, Outgoing("\N{THUMBS UP SIGN}" * 500), {}) == []
    assert [problem.where for problem in check(KICK, Outgoing("x" * 501), {})] == ["text"]


@pytest.mark.parametrize("piece", [picture(), film()])
def test_media_are_not_taken(piece: Any) -> None:
    assert "media" in {problem.where for problem in check(KICK, Outgoing("Look", (piece,)), {})}


def test_the_channel_is_known_by_its_name(kick: KickNetwork, door: Door) -> None:
    found = speaker(kick, door).profile()
    assert (found.id, found.handle, found.url) == ("4001", "demo", f"{kick.url}/demo")


def test_a_message_that_was_dropped_counts_as_failed_although_the_answer_was_a_success(
    kick: KickNetwork, door: Door
) -> None:
    kick.drops = 1
    one = case(kick, door, "Hello")
    outcome = one.drive()
    assert (outcome.state, one.out()) == ("failed", {})
    assert "did not show" in outcome.reason


def test_it_is_said_by_whom_it_was_chosen(kick: KickNetwork, door: Door) -> None:
    case(kick, door, "Hello").drive()
    case(kick, door, "Beep", **{"as": "bot"}).drive()
    user, bot = (post["wish"] for post in kick.posts.values())
    assert (user["type"], user["broadcaster_user_id"]) == ("user", 4001)
    assert bot == {"type": "bot", "content": "Beep"}


def test_both_tokens_are_replaced_when_access_is_renewed(kick: KickNetwork, door: Door) -> None:
    one = speaker(kick, door)
    fresh = one.renew().secrets
    assert set(fresh.values()).isdisjoint(one.access.secrets.values())
    assert KICK(Access(one.access.profile, fresh, {}, one.access.app), door, "find").profile().handle == "demo"
    with pytest.raises(Reconnect):
        one.renew()


def test_access_that_is_revoked_is_dead(kick: KickNetwork, door: Door) -> None:
    one = speaker(kick, door)
    one.revoke()
    with pytest.raises(Reconnect):
        one.profile()


def test_a_lost_answer_is_left_to_a_person_and_said_once(kick: KickNetwork, door: Door) -> None:
    one = case(kick, door, "Hello")
    kick.trick("lose", "POST /public/v1/chat")
    assert one.drive().state == "unsure"
    assert len(one.out()) == 1
    assert kick.requests("POST /public/v1/chat") == 1


def test_a_message_is_taken_back(kick: KickNetwork, door: Door) -> None:
    one = case(kick, door, "Hello")
    speaker(kick, door).delete(cast(Receipt, one.drive().receipt))
    assert not one.out()


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (401, "Unauthorized", Reconnect),
        (403, "Insufficient scope", Reconnect),
        (403, "You are banned from this chat", Rejected),
        (400, "Invalid request", Rejected),
        (404, "Not found", Rejected),
        (429, "Too many requests", Later),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, message: str, kind: type[Reaction], kick: KickNetwork, door: Door
) -> None:
    body, _kind = http.json_body({"data": {}, "message": message})
    with pytest.raises(kind) as raised:
        speaker(kick, door).judge(Answer(status, {}, body))
    assert raised.value.reason == message


def test_access_that_has_ended_sends_nothing(kick: KickNetwork, door: Door) -> None:
    one = case(kick, door, "Hello")
    with clock.shifted(timedelta(hours=3)):
        assert one.once(Points()).reconnect
    assert not one.out()
