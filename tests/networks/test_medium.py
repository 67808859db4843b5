"""What is peculiar to Medium, over real HTTP against its simulator."""

from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import http
from tidings.core.http import Answer, Door
from tidings.networks.base import Outgoing
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.medium import MediumNetwork

MEDIUM = networks.get("medium")
TITLED = {"title": "Good morning"}
REFUSALS = [
    Refusal("an article without a title", Outgoing("Hello", options={"title": ""})),
    Refusal("a tag of 26 characters", Outgoing("Hello", options={**TITLED, "tags": ["x" * 26]})),
    Refusal("a status of one's own", Outgoing("Hello", options={**TITLED, "status": "loud"})),
    Refusal("a WebP picture", Outgoing("Hello", (film(mime="image/webp"),), TITLED)),
]


@pytest.fixture
def medium(town: Town) -> MediumNetwork:
    return cast(MediumNetwork, town["medium"])


def case(medium: MediumNetwork, door: Door, said: str = "Fresh *rye*.", media: Any = (), **chosen: Any) -> Case:
    return Case(medium, medium.access(), Outgoing(said, media, TITLED | chosen), door)


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def speaker(medium: MediumNetwork, door: Door) -> Any:
    return MEDIUM(medium.access(), door, "connect")


def test_a_token_is_typed_and_it_is_known_whose_it_is(medium: MediumNetwork, door: Door) -> None:
    grant = speaker(medium, door).sign_in({"token": f" {medium.oauth.grant('other').access} "})
    found = MEDIUM(networks.base.Access(networks.base.Profile("", "", ""), grant.secrets), door, "connect").profile()
    assert (found.id, found.handle) == ("other", "@other")
    assert grant.ends_at is None


def test_a_draft_is_made_unless_the_author_says_otherwise(medium: MediumNetwork, door: Door) -> None:
    one = case(medium, door)
    receipt = one.drive().receipt
    assert receipt
    assert "it is a draft on Medium" in receipt.note
    assert the_post(one)["wish"]["publishStatus"] == "draft"


def test_the_title_stands_above_the_text_and_pictures_below(medium: MediumNetwork, door: Door) -> None:
    one = case(medium, door, media=(picture(alt="Rye [new]"),))
    assert one.drive().state == "delivered"
    content = the_post(one)["wish"]["content"]
    assert content.startswith("# Good morning\n\nFresh *rye*.")
    assert content.endswith(f"![Rye (new)]({medium.url}/images/picture-0)")


def test_options_arrive_as_chosen(medium: MediumNetwork, door: Door) -> None:
    chosen = {"status": "unlisted", "tags": ["Bread", "Rye"], "canonical_url": "https://example.org/rye",
              "notify": True, "license": "cc-40-by", "publication": "b45573563f5a"}
    one = case(medium, door, **chosen)
    assert one.drive().state == "delivered"
    made = the_post(one)
    assert made["owner"] == "publications/b45573563f5a"
    told = ("publishStatus", "tags", "canonicalUrl", "notifyFollowers", "license")
    assert {name: made["wish"][name] for name in told} == {
        "publishStatus": "unlisted", "tags": ["Bread", "Rye"], "canonicalUrl": "https://example.org/rye",
        "notifyFollowers": True, "license": "cc-40-by",
    }


def test_publications_are_looked_up(medium: MediumNetwork, door: Door) -> None:
    assert speaker(medium, door).lookup("publication", "harb") == [("b45573563f5a", "Harbour Stories")]
    assert speaker(medium, door).lookup("publication", "inland") == []


def test_more_than_three_tags_are_told_because_medium_would_drop_them() -> None:
    found = check(MEDIUM, Outgoing("Hello", options={**TITLED, "tags": ["a", "b", "c", "d"]}), {})
    assert [problem.where for problem in found] == ["tags"]


def test_characters_are_counted_as_they_are() -> None:
    fits = "\N{THUMBS UP SIGN}" * 100_000
    assert check(MEDIUM, Outgoing(fits, options=TITLED), {}) == []
    assert [problem.where for problem in check(MEDIUM, Outgoing(f"{fits}!", options=TITLED), {})] == ["text"]


def test_films_are_not_taken() -> None:
    assert "media" in {problem.where for problem in check(MEDIUM, Outgoing("Look", (film(),), TITLED), {})}


def test_a_lost_answer_is_left_to_a_person_and_the_article_made_once(medium: MediumNetwork, door: Door) -> None:
    one = case(medium, door)
    medium.trick("lose", "/posts")
    assert one.drive().state == "unsure"
    assert len(one.out()) == 1


def test_a_token_that_was_withdrawn_asks_to_connect_again(medium: MediumNetwork, door: Door) -> None:
    one = case(medium, door)
    medium.lock_out()
    outcome = one.once(Points())
    assert (outcome.reconnect, outcome.reason) == (True, "Token was invalid.")
    assert not MEDIUM.has("renew")


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (401, 6003, "Token was invalid.", Reconnect),
        (403, 6026, "User does not have permission to write to this publication.", Rejected),
        (400, 2004, "contentFormat is not valid.", Rejected),
        (429, 0, "Too many requests", Later),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, code: int, message: str, kind: type[Reaction], medium: MediumNetwork, door: Door
) -> None:
    body, _kind = http.json_body({"errors": [{"message": message, "code": code}]})
    with pytest.raises(kind) as raised:
        speaker(medium, door).judge(Answer(status, {}, body))
    assert raised.value.reason == message
