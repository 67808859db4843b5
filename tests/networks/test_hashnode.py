"""What is peculiar to Hashnode, over real HTTP against its simulator."""

from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.hashnode import NO_PRO, HashnodeBox

HASHNODE = networks.get("hashnode")
TITLED = {"title": "Good morning"}
REFUSALS = [
    Refusal("an article without a title", Outgoing("Hello", options={"title": ""})),
    Refusal("sixteen tags", Outgoing("Hello", options={**TITLED, "tags": [f"tag{n}" for n in range(16)]})),
    Refusal("more than a request may hold", Outgoing("é" * 60_000, options=TITLED)),
    Refusal("a film", Outgoing("Look", (film(),), TITLED)),
]


@pytest.fixture
def hashnode(town: Town) -> HashnodeBox:
    return cast(HashnodeBox, town["hashnode"])


def case(hashnode: HashnodeBox, door: Door, said: str = "Fresh *rye*.", media: Any = (), **chosen: Any) -> Case:
    return Case(hashnode, hashnode.access(), Outgoing(said, media, TITLED | chosen), door)


def article(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def speaker(hashnode: HashnodeBox, door: Door, token: str = "pat-of-demo") -> Any:
    access = hashnode.access()
    return HASHNODE(Access(access.profile, {"access_token": token}), door, "connect")


def test_each_blog_with_the_plan_is_a_channel(hashnode: HashnodeBox, door: Door) -> None:
    grant = speaker(hashnode, door).sign_in({"token": " pat-of-demo "})
    found = HASHNODE(Access(Profile("", "", ""), grant.secrets), door, "connect").channels()
    assert [(one.id, one.name) for one in found] == [("64b0c1", "Harbour News")]


def test_where_no_blog_has_the_plan_it_is_told_at_connecting(hashnode: HashnodeBox, door: Door) -> None:
    hashnode.pro.clear()
    with pytest.raises(Rejected, match="active Pro plan"):
        speaker(hashnode, door).profile()


def test_a_plan_that_ended_asks_to_connect_again(hashnode: HashnodeBox, door: Door) -> None:
    hashnode.pro.clear()
    outcome = case(hashnode, door).once(Points())
    assert (outcome.reconnect, outcome.reason) == (True, NO_PRO)


def test_series_are_looked_up(hashnode: HashnodeBox, door: Door) -> None:
    assert speaker(hashnode, door).lookup("series", "bre") == [("77", "Breads")]


def test_pictures_go_to_a_signed_place_without_our_token_and_are_read_elsewhere(
    hashnode: HashnodeBox, door: Door
) -> None:
    one = case(hashnode, door, media=(picture(alt="Rye"), picture(alt="Spelt", mime="image/png")))
    assert one.drive().state == "delivered"
    made = article(one)
    assert made["coverImageOptions"] == {"coverImageURL": f"{hashnode.url}/cdn/res/1.img"}
    assert made["contentMarkdown"] == f"Fresh *rye*.\n\n![Spelt]({hashnode.url}/cdn/res/2.img)"
    assert [kept["mime"] for kept in hashnode.media.values()] == ["image/jpeg", "image/png"]
    assert all("authorization" not in seen.headers for seen in hashnode.seen if seen.path == "/bucket")


def test_options_arrive_as_chosen(hashnode: HashnodeBox, door: Door) -> None:
    chosen: dict[str, Any] = {
        "subtitle": "With salt", "tags": ["Rye bread", "new"], "series": "77", "slug": "rye-today",
        "canonical_url": "https://example.org/rye", "cover": False, "contents": True, "newsletter": True,
        "comments": False, "delisted": True,
    }
    one = case(hashnode, door, media=(picture(),), **chosen)
    assert cast(Receipt, one.drive().receipt).url.endswith("/rye-today")
    made = article(one)
    assert made["tags"] == [{"slug": "rye-bread", "name": "Rye bread"}, {"slug": "new", "name": "new"}]
    assert (made["subtitle"], made["seriesId"], made["disableComments"]) == ("With salt", "77", True)
    assert made["originalArticleURL"] == "https://example.org/rye"
    assert made["settings"] == {"slugOverridden": True, "enableTableOfContent": True, "activateNewsletter": True,
                                "delist": True}
    assert "coverImageOptions" not in made


@pytest.mark.parametrize(("title", "name"), [
    ("Good morning!", "good-morning-"), ("Où est l’été, 2026?", "ou-est-lete-2026-"), ("北京", ""),
])
def test_a_name_in_the_address_is_plain_and_ends_in_a_mark_of_the_delivery(
    hashnode: HashnodeBox, door: Door, title: str, name: str
) -> None:
    one = case(hashnode, door, title=title)
    one.drive()
    assert article(one)["slug"] == f"{name}{one.key[-8:]}"


def test_bytes_are_counted() -> None:
    assert check(HASHNODE, Outgoing("é" * 45_000, options=TITLED), {}) == []
    assert [problem.where for problem in check(HASHNODE, Outgoing("é" * 45_001, options=TITLED), {})] == ["text"]


@pytest.mark.parametrize("lag", [0, 25])
def test_a_lost_publishing_is_found_under_its_name(hashnode: HashnodeBox, door: Door, lag: int) -> None:
    hashnode.lag = lag
    one = case(hashnode, door)
    hashnode.trick("lose", "POST /gql/", times=3)
    assert one.drive().state == "delivered"
    assert len(one.out()) == 1


def test_a_draft_that_somebody_deleted_is_told(hashnode: HashnodeBox, door: Door) -> None:
    network = HASHNODE(hashnode.access(), door, "publish")
    with pytest.raises(Rejected, match="Draft not found"):
        network._publish("64ff", "nowhere")  # type: ignore[attr-defined]


def test_a_token_that_was_revoked_asks_to_connect_again(hashnode: HashnodeBox, door: Door) -> None:
    one = case(hashnode, door)
    hashnode.lock_out()
    assert (one.once(Points()).reconnect, one.out()) == (True, {})


def test_nothing_is_taken_back_there() -> None:
    assert not any(HASHNODE.has(feature) for feature in ("delete", "revoke", "renew", "present"))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("UNAUTHENTICATED", Reconnect),
        ("FORBIDDEN", Reconnect),
        ("NOT_FOUND", Rejected),
        ("BAD_USER_INPUT", Rejected),
        ("INTERNAL_SERVER_ERROR", Unsure),
    ],
)
def test_an_error_that_comes_as_a_success_is_one(
    code: str, kind: type[Reaction], hashnode: HashnodeBox, door: Door
) -> None:
    wrong = {"message": "No", "extensions": {"code": code}}
    body, _kind = http.json_body({"data": {"publishDraft": {}}, "errors": [wrong]})
    with pytest.raises(kind) as raised:
        speaker(hashnode, door).judge(Answer(200, {}, body))
    assert raised.value.reason == "No"


def test_an_address_that_has_moved_is_not_followed(hashnode: HashnodeBox, door: Door) -> None:
    with pytest.raises(Unsure):
        speaker(hashnode, door).judge(Answer(301, {"location": "https://elsewhere.example"}, b""))


# numbers


def put_out(hashnode: HashnodeBox, door: Door, count: int) -> list[Receipt]:
    return [cast(Receipt, case(hashnode, door).drive().receipt) for _ in range(count)]


def measuring(hashnode: HashnodeBox, door: Door) -> Any:
    hashnode.seen.clear()
    return HASHNODE(hashnode.access(), door, "measure")


def test_an_article_that_is_missing_takes_no_numbers_from_others_and_is_not_called_gone(
    hashnode: HashnodeBox, door: Door
) -> None:
    gone, *there = put_out(hashnode, door, 3)
    hashnode.drop(gone.id)
    assert measuring(hashnode, door).measure([gone, *there]).keys() == {receipt.id for receipt in there}
    assert len(hashnode.seen) == 1


def test_views_that_are_not_told_are_left_out(hashnode: HashnodeBox, door: Door) -> None:
    (receipt,) = put_out(hashnode, door, 1)
    hashnode.shows_views = False
    said = measuring(hashnode, door).measure([receipt])
    assert said[receipt.id].keys() == {"reactionCount", "responseCount", "replyCount"}


def test_a_blog_whose_plan_has_ended_has_no_numbers_and_says_why(hashnode: HashnodeBox, door: Door) -> None:
    (receipt,) = put_out(hashnode, door, 1)
    hashnode.pro.clear()
    with pytest.raises(Reconnect, match="Pro plan"):
        measuring(hashnode, door).measure([receipt])
    with pytest.raises(Reconnect, match="Pro plan"):
        measuring(hashnode, door).audience(clock.now().date())


# messages


def posted(hashnode: HashnodeBox, door: Door) -> Receipt:
    receipt = case(hashnode, door).drive().receipt
    assert receipt
    return receipt


def heard(hashnode: HashnodeBox, door: Door, post: Receipt) -> Any:
    return HASHNODE(hashnode.access(), door, "inbox").inbox(clock.now(), [post])


def test_comments_are_told_with_their_answers_and_where_they_stand(hashnode: HashnodeBox, door: Door) -> None:
    post = posted(hashnode, door)
    first = hashnode.remark("Which flour?", on=post.id)
    second = hashnode.remark("Rye", on=post.id, reply_to=first, author="demo")
    told = heard(hashnode, door, post)
    assert [(one.receipt.id, one.reply_to, one.author, one.ours) for one in told] == [
        (first, post.id, "@reader", False), (second, first, "@demo", True),
    ]
    assert told[0].receipt.url.endswith(f"/{post.id}/comment/{first}")


def test_comments_are_read_page_by_page_and_not_without_end(hashnode: HashnodeBox, door: Door) -> None:
    post = posted(hashnode, door)
    ids = [hashnode.remark(f"No. {n}", on=post.id) for n in range(160)]
    hashnode.seen.clear()
    assert [one.receipt.id for one in heard(hashnode, door, post)] == ids[:150]
    assert len(hashnode.seen) == 3


def test_an_article_that_is_hidden_or_gone_is_no_empty_list(hashnode: HashnodeBox, door: Door) -> None:
    post = posted(hashnode, door)
    hashnode.drop(post.id)
    with pytest.raises(Rejected, match="not found"):
        heard(hashnode, door, post)
