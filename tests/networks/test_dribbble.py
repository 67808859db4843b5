"""What is peculiar to Dribbble, over real HTTP against its simulator."""

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
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.dribbble import DribbbleNetwork

DRIBBBLE = networks.get("dribbble")
TITLED = {"title": "A field"}
SHOT = (picture(800, 600),)
REFUSALS = [
    Refusal("a shot without a title", Outgoing("Look", SHOT, {"title": ""})),
    Refusal("a film", Outgoing("Look", (film(),), TITLED)),
    Refusal("thirteen tags", Outgoing("Look", SHOT, {**TITLED, "tags": [f"tag{n}" for n in range(13)]})),
]


@pytest.fixture
def dribbble(town: Town) -> DribbbleNetwork:
    return cast(DribbbleNetwork, town["dribbble"])


def case(dribbble: DribbbleNetwork, door: Door, said: str = "Blue & wide", **chosen: Any) -> Case:
    return Case(dribbble, dribbble.access(), Outgoing(said, SHOT, TITLED | chosen), door)


def speaker(dribbble: DribbbleNetwork, door: Door, account: str = "demo") -> Any:
    return DRIBBBLE(dribbble.access(account), door, "connect")


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post["wish"])


def test_who_may_not_upload_is_told_when_connecting(dribbble: DribbbleNetwork, door: Door) -> None:
    assert speaker(dribbble, door).profile().handle == "demo"
    with pytest.raises(Rejected, match="may not upload"):
        speaker(dribbble, door, "reader").profile()


def test_options_arrive_as_chosen(dribbble: DribbbleNetwork, door: Door) -> None:
    one = case(dribbble, door, "One\nTwo <b>", tags=["blue", "field"], team="31", low_profile=True, rebound_of="7")
    assert one.drive().state == "delivered"
    assert the_post(one) == {
        "title": "A field", "description": "One<br>Two &lt;b&gt;", "tags": "blue,field", "team_id": "31",
        "low_profile": "true", "rebound_source_id": "7",
    }


def test_teams_are_looked_up(dribbble: DribbbleNetwork, door: Door) -> None:
    assert speaker(dribbble, door).lookup("team", "harb") == [("31", "Harbour Studio")]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (Outgoing("Words", options=TITLED), "media"),
        (Outgoing("", (picture(399, 300),), TITLED), "media-0"),
        (Outgoing("", (*SHOT, *SHOT), TITLED), "media"),
        (Outgoing("x" * 40_001, SHOT, TITLED), "text"),
        (Outgoing("More", SHOT, TITLED, position=1), "text"),
    ],
)
def test_what_is_not_taken_is_told_before(said: Outgoing, where: str) -> None:
    assert where in {problem.where for problem in check(DRIBBBLE, said, {})}


def test_characters_are_counted_as_they_are_written() -> None:
    assert check(DRIBBBLE, Outgoing("&" * 40_000, SHOT, TITLED), {}) == []
    assert [problem.where for problem in check(DRIBBBLE, Outgoing("&" * 40_001, SHOT, TITLED), {})] == ["text"]


def test_a_shot_that_appears_late_is_under_way_until_then(dribbble: DribbbleNetwork, door: Door) -> None:
    dribbble.works_for = 3
    one = case(dribbble, door)
    assert one.once(Points()).state == "settling"
    assert one.drive().state == "delivered"
    assert dribbble.requests("POST /v2/shots") == 1


def test_a_shot_that_was_accepted_and_never_appears_is_not_called_delivered(
    dribbble: DribbbleNetwork, door: Door
) -> None:
    dribbble.swallows = 1
    one = case(dribbble, door)
    assert one.once(Points()).state == "settling"
    with clock.shifted(timedelta(hours=25)):
        outcome = one.once(Points())
    assert outcome.state != "delivered"
    assert dribbble.requests("POST /v2/shots") == 1


def test_a_lost_answer_is_found_among_the_own_shots(dribbble: DribbbleNetwork, door: Door) -> None:
    dribbble.works_for = 2
    one = case(dribbble, door)
    dribbble.trick("lose", "POST /v2/shots")
    assert one.drive().state == "delivered"
    assert len(one.out()) == 1


def test_a_lost_shot_that_never_appears_is_left_to_a_person(dribbble: DribbbleNetwork, door: Door) -> None:
    dribbble.swallows = 1
    one = case(dribbble, door)
    dribbble.trick("lose", "POST /v2/shots")
    assert one.drive().state == "unsure"
    assert dribbble.requests("POST /v2/shots") == 1


def test_a_shot_is_taken_back_and_a_second_time_is_fine(dribbble: DribbbleNetwork, door: Door) -> None:
    one = case(dribbble, door)
    receipt = cast(Receipt, one.drive().receipt)
    speaker(dribbble, door).delete(receipt)
    speaker(dribbble, door).delete(receipt)
    assert not one.out()


def test_a_token_that_was_withdrawn_asks_to_connect_again(dribbble: DribbbleNetwork, door: Door) -> None:
    one = case(dribbble, door)
    dribbble.lock_out()
    assert one.once(Points()).reconnect
    assert not DRIBBBLE.has("renew")


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (401, {"message": "Bad credentials."}, Reconnect, "Bad credentials."),
        (403, {"message": "You cannot upload this month."}, Rejected, "You cannot upload this month."),
        (422, {"message": "Validation failed.", "errors": [{"attribute": "title", "message": "is too long"}]}, Rejected,
         "title: is too long"),
        (429, {"message": "API rate limit exceeded."}, Later, "API rate limit exceeded."),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, body: Any, kind: type[Reaction], said: str, dribbble: DribbbleNetwork, door: Door
) -> None:
    raw, _kind = http.json_body(body)
    with pytest.raises(kind) as raised:
        speaker(dribbble, door).judge(Answer(status, {"x-ratelimit-reset": "1900000000"}, raw))
    assert raised.value.reason == said


def test_followers_that_are_not_told_are_no_nought(dribbble: DribbbleNetwork, door: Door) -> None:
    (told,) = speaker(dribbble, door).audience(clock.now().date())
    assert (told.theirs, told.value) == ("followers_count", dribbble.crowd("demo", "followers_count"))
    dribbble.counts = False
    assert speaker(dribbble, door).audience(clock.now().date()) == []


def test_of_shots_it_is_said_why_there_are_no_numbers() -> None:
    assert "no numbers of shots" in DRIBBBLE.uncounted
    assert not DRIBBBLE.has("measure")
