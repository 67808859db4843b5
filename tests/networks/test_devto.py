"""What is peculiar to DEV and other Forem sites, over real HTTP against their simulator."""

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
from tidings.networks.base import Access, Outgoing, Profile, Receipt, Rendition
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.devto import TWICE, ForemSite

DEVTO = networks.get("devto")
TITLED = {"title": "Good morning"}
REFUSALS = [
    Refusal("an article without a title", Outgoing("Hello", options={"title": ""})),
    Refusal("a title of 129 characters", Outgoing("Hello", options={"title": "x" * 129})),
    Refusal("five tags", Outgoing("Hello", options={**TITLED, "tags": ["a", "b", "c", "d", "e"]})),
    Refusal("a tag with a dash", Outgoing("Hello", options={**TITLED, "tags": ["rye-bread"]})),
    Refusal("a text of 800,001 bytes", Outgoing("é" * 400_000 + "x", options=TITLED)),
]


@pytest.fixture
def devto(town: Town) -> ForemSite:
    return cast(ForemSite, town["devto"])


def shown(devto: ForemSite, name: str = "first.jpg", alt: str = "Rye") -> Rendition:
    """A picture that can be fetched."""
    return picture(public=devto.sample(name), alt=alt)


def case(devto: ForemSite, door: Door, said: str = "Fresh *rye*.", media: Any = (), **chosen: Any) -> Case:
    return Case(devto, devto.access(), Outgoing(said, media, TITLED | chosen), door)


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def speaker(devto: ForemSite, door: Door) -> Any:
    return DEVTO(devto.access(), door, "connect")


def test_the_site_that_was_named_is_looked_at(devto: ForemSite, town: Town, door: Door) -> None:
    assert DEVTO.server({"server": devto.url}, door) == {"url": devto.url}
    with pytest.raises(Rejected, match="no Forem site"):
        DEVTO.server({"server": town["mastodon"].url}, door)


def test_a_key_is_typed_and_it_is_known_whose_it_is(devto: ForemSite, door: Door) -> None:
    grant = speaker(devto, door).sign_in({"key": " key-of-other "})
    found = DEVTO(Access(Profile("", "", ""), grant.secrets, {"url": devto.url}), door, "connect").profile()
    assert found.name == "Other"
    assert found.url == f"{devto.url}/other"


def test_the_first_picture_is_the_cover_and_the_others_stand_in_the_text(devto: ForemSite, door: Door) -> None:
    one = case(devto, door, media=(shown(devto), shown(devto, "second.jpg", "Spelt")))
    assert one.drive().state == "delivered"
    made = the_post(one)
    assert made["main_image"] == devto.sample("first.jpg")
    assert made["body_markdown"] == f"Fresh *rye*.\n\n![Spelt]({devto.sample('second.jpg')})"


def test_a_picture_that_cannot_be_fetched_is_told(devto: ForemSite, door: Door) -> None:
    outcome = case(devto, door, media=(picture(public=f"{devto.url}/nowhere.jpg"),)).drive()
    assert (outcome.state, outcome.reason) == ("failed", "Main image could not be fetched")


def test_options_arrive_as_chosen(devto: ForemSite, door: Door) -> None:
    chosen = {"tags": ["bread", "rye"], "canonical_url": "https://example.org/rye", "series": "Breads",
              "description": "How we bake", "organization": "7", "cover": False}
    one = case(devto, door, media=(shown(devto),), **chosen)
    assert one.drive().state == "delivered"
    made = the_post(one)
    assert (made["tags"], made["series"], made["organization_id"]) == ("bread, rye", "Breads", 7)
    assert made["canonical_url"] == "https://example.org/rye"
    assert "main_image" not in made


def test_bytes_are_counted() -> None:
    assert check(DEVTO, Outgoing("é" * 400_000, options=TITLED), {}) == []


def test_films_and_settings_in_the_text_are_told_before() -> None:
    found = check(DEVTO, Outgoing("---\ntitle: Another\n---\n", (film(),), TITLED), {})
    assert {problem.where for problem in found} >= {"text", "media"}


def test_a_draft_whose_answer_was_lost_is_taken_instead_of_made_again(devto: ForemSite, door: Door) -> None:
    one = case(devto, door)
    devto.trick("lose", "POST /api/articles")
    assert one.drive().state == "delivered"
    assert len(devto.articles) == len(one.out()) == 1


def test_the_title_of_another_article_a_minute_ago_is_waited_for(devto: ForemSite, door: Door) -> None:
    case(devto, door, "Something else").drive()
    one = case(devto, door)
    outcome = one.once(Points())
    assert (outcome.state, outcome.reason) == ("waiting", TWICE)
    assert outcome.at
    assert timedelta(minutes=4) < outcome.at - clock.now() <= timedelta(minutes=5)
    assert one.drive().state == "delivered"


def test_a_lost_publishing_is_repeated_and_makes_no_second_article(devto: ForemSite, door: Door) -> None:
    one = case(devto, door)
    devto.trick("lose", "PUT /api/articles")
    assert one.drive().state == "delivered"
    assert len(devto.articles) == 1


def test_an_article_that_was_taken_but_not_published_counts_as_failed(devto: ForemSite, door: Door) -> None:
    devto.holds = True
    one = case(devto, door)
    outcome = one.drive()
    assert (outcome.state, one.out()) == ("failed", {})
    assert "did not publish" in outcome.reason


def test_taking_back_makes_a_draft_of_it(devto: ForemSite, door: Door) -> None:
    one = case(devto, door)
    receipt = cast(Receipt, one.drive().receipt)
    speaker(devto, door).delete(receipt)
    assert not one.out()
    assert len(devto.articles) == 1


def test_a_key_that_was_deleted_asks_to_connect_again(devto: ForemSite, door: Door) -> None:
    one = case(devto, door)
    devto.lock_out()
    assert one.once(Points()).reconnect
    assert not DEVTO.has("renew")


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (401, "unauthorized", Reconnect),
        (403, "account suspended", Rejected),
        (404, "not found", Rejected),
        (422, "Canonical url has already been taken", Rejected),
        (429, "Rate limit reached, try again in 30 seconds", Later),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, message: str, kind: type[Reaction], devto: ForemSite, door: Door
) -> None:
    body, _kind = http.json_body({"error": message, "status": status})
    with pytest.raises(kind) as raised:
        speaker(devto, door).judge(Answer(status, {}, body))
    assert raised.value.reason == message


# numbers


def put_out(devto: ForemSite, door: Door, count: int) -> list[Receipt]:
    return [cast(Receipt, case(devto, door, title=f"Day {n}").drive().receipt) for n in range(count)]


def measuring(devto: ForemSite, door: Door) -> Any:
    devto.seen.clear()
    return DEVTO(devto.access(), door, "measure")


def test_the_list_is_read_no_further_than_needed(devto: ForemSite, door: Door) -> None:
    oldest, _second, newest = put_out(devto, door, 3)
    devto.page_max = 1
    assert measuring(devto, door).measure([newest]).keys() == {newest.id}
    assert len(devto.seen) == 1
    assert measuring(devto, door).measure([newest, oldest]).keys() == {newest.id, oldest.id}
    assert len(devto.seen) == 3


def test_of_an_article_that_is_a_draft_again_nothing_is_said(devto: ForemSite, door: Door) -> None:
    back, there = put_out(devto, door, 2)
    speaker(devto, door).delete(back)
    assert measuring(devto, door).measure([back, there]).keys() == {there.id}


def test_a_site_that_does_not_tell_followers_has_none_made_up(devto: ForemSite, door: Door) -> None:
    (told,) = measuring(devto, door).audience(clock.now().date())
    assert told.value == devto.crowd("demo", "followers_count")
    devto.tells_followers = False
    assert measuring(devto, door).audience(clock.now().date()) == []


# messages


def posted(devto: ForemSite, door: Door) -> Receipt:
    receipt = case(devto, door).drive().receipt
    assert receipt
    return receipt


def heard(devto: ForemSite, door: Door, post: Receipt) -> Any:
    return DEVTO(devto.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), [post])


def test_threads_under_an_article_are_told_with_what_each_comment_answers(devto: ForemSite, door: Door) -> None:
    post = posted(devto, door)
    first = devto.remark("Is 1 < 2?", on=post.id)
    second = devto.remark("It is", on=post.id, reply_to=first, author="demo")
    told = heard(devto, door, post)
    assert [(one.receipt.id, one.text, one.reply_to, one.ours) for one in told] == [
        (first, "Is 1 < 2?", post.id, False), (second, "It is", first, True),
    ]
    assert (told[0].author, told[0].name) == ("@reader", "Reader")
    assert told[0].receipt.url == f"{devto.url}/reader/comment/{first}"


def test_a_comment_that_was_hidden_is_left_out_and_its_answers_are_not(devto: ForemSite, door: Door) -> None:
    post = posted(devto, door)
    first = devto.remark("Buy!", on=post.id)
    devto.remark("Please do not", on=post.id, reply_to=first)
    devto.hidden.add(first)
    assert [one.text for one in heard(devto, door, post)] == ["Please do not"]


def test_of_an_article_that_is_a_draft_again_nothing_is_told_and_it_is_said(devto: ForemSite, door: Door) -> None:
    post = posted(devto, door)
    speaker(devto, door).delete(post)
    with pytest.raises(Rejected, match="not found"):
        heard(devto, door, post)
