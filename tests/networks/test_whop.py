"""What is peculiar to Whop, over real HTTP against its simulator."""

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
from tidings.networks.answered import Message
from tidings.networks.base import Access, Outgoing, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.whop import WhopNetwork

WHOP = networks.get("whop")
FORUM = {"experience": "exp_1"}
REFUSALS = [
    Refusal("a post of nothing", Outgoing("", options=FORUM)),
    Refusal("a post in no forum", Outgoing("Hello", options={"experience": ""})),
    Refusal("a text of 50,001 characters", Outgoing("x" * 50_001, options=FORUM)),
]


@pytest.fixture
def whop(town: Town) -> WhopNetwork:
    return cast(WhopNetwork, town["whop"])


def case(whop: WhopNetwork, door: Door, said: str = "Good *morning*", media: Any = (), **more: Any) -> Case:
    return Case(whop, whop.access(), Outgoing(said, media, FORUM, **more), door)


def speaker(whop: WhopNetwork, door: Door) -> Any:
    return WHOP(whop.access(), door, "connect")


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post["wish"])


def test_forums_are_looked_up_by_their_name_and_their_companys(whop: WhopNetwork, door: Door) -> None:
    one = speaker(whop, door)
    assert one.lookup("experience", "memb") == [("exp_2", "Harbour Bakery: Members")]
    assert len(one.lookup("experience", "harbour")) == 2


def test_options_arrive_as_chosen(whop: WhopNetwork, door: Door) -> None:
    chosen = {"experience": "exp_2", "title": "Secret", "pinned": True, "notify": True, "paywall": "250"}
    one = Case(whop, whop.access(), Outgoing("Hello", options=chosen), door)
    assert one.drive().state == "delivered"
    assert the_post(one) == {
        "experience_id": "exp_2", "content": "Hello", "title": "Secret", "pinned": True, "is_mention": True,
        "paywall_amount": 2.5, "paywall_currency": "usd",
    }


def test_files_go_up_with_their_own_headers_and_are_waited_for(whop: WhopNetwork, door: Door) -> None:
    whop.works_for = 2
    one = case(whop, door, media=(picture(), film()))
    assert one.drive().state == "delivered"
    assert [file["id"] for file in the_post(one)["attachments"]] == list(whop.media)


def test_a_file_that_fails_fails_the_post_and_is_made_anew_when_tried_again(whop: WhopNetwork, door: Door) -> None:
    whop.breaks = 1
    one = case(whop, door, media=(picture(),))
    assert one.drive().state == "failed"
    assert one.drive().state == "delivered"
    assert len(whop.media) == 2


def test_characters_are_counted_as_they_are() -> None:
    assert check(WHOP, Outgoing("\N{THUMBS UP SIGN}" * 50_000, options=FORUM), {}) == []


def test_two_films_are_told_before() -> None:
    found = check(WHOP, Outgoing("Look", (film(), film()), FORUM), {})
    assert "media" in {problem.where for problem in found}


def test_a_comment_hangs_under_the_post_in_its_forum(whop: WhopNetwork, door: Door) -> None:
    root = case(whop, door).drive().receipt
    one = Case(whop, whop.access(), Outgoing("More", reply_to=root, root=root, position=1), door)
    assert one.drive().state == "delivered"
    assert the_post(one) == {"experience_id": "exp_1", "content": "More", "parent_id": cast(Receipt, root).id}


@pytest.mark.parametrize("lag", [0, 3])
def test_a_lost_answer_is_found_in_the_forum(whop: WhopNetwork, door: Door, lag: int) -> None:
    whop.lag = timedelta(minutes=lag)
    one = case(whop, door)
    whop.trick("lose", "POST /api/v1/forum_posts")
    assert one.drive().state == "delivered"
    assert len(one.out()) == 1
    assert whop.requests("POST /api/v1/forum_posts") == 1


def test_a_lost_answer_to_what_was_never_made_is_left_to_a_person(whop: WhopNetwork, door: Door) -> None:
    one = case(whop, door)
    whop.trick("lose", "POST /api/v1/forum_posts")
    one.once(Points())
    whop.posts.clear()
    assert one.drive().state == "unsure"


def test_both_tokens_are_replaced_when_access_is_renewed(whop: WhopNetwork, door: Door) -> None:
    one = speaker(whop, door)
    with clock.shifted(timedelta(hours=2)):
        with pytest.raises(Reconnect):
            one.profile()
        fresh = one.renew().secrets
        assert WHOP(Access(one.access.profile, fresh, {}, one.access.app), door, "find").profile().handle == "demo"
        with pytest.raises(Reconnect):
            one.renew()


def test_a_post_is_changed(whop: WhopNetwork, door: Door) -> None:
    one = case(whop, door)
    speaker(whop, door).edit(cast(Receipt, one.drive().receipt), Outgoing("Good evening"))
    assert the_post(one)["content"] == "Good evening"


@pytest.mark.parametrize(
    ("status", "kind_said", "message", "kind"),
    [
        (401, "unauthorized", "The token has ended", Reconnect),
        (403, "insufficient_scope", "insufficient_scope: forum:post:create", Reconnect),
        (403, "forbidden", "You may not post in this forum", Rejected),
        (404, "not_found", "This experience was not found", Rejected),
        (422, "invalid", "content can't be blank", Rejected),
        (429, "rate_limited", "Slow down", Later),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, kind_said: str, message: str, kind: type[Reaction], whop: WhopNetwork, door: Door
) -> None:
    raw, _kind = http.json_body({"error": {"type": kind_said, "message": message}})
    with pytest.raises(kind) as raised:
        speaker(whop, door).judge(Answer(status, {}, raw))
    assert raised.value.reason == message


# numbers


def test_what_is_null_is_left_out_and_the_rest_is_kept(whop: WhopNetwork, door: Door) -> None:
    receipt = cast(Receipt, case(whop, door).drive().receipt)
    whop.shows_views = False
    said = WHOP(whop.access(), door, "measure").measure([receipt])
    assert (said[receipt.id] or {}).keys() == {"like_count", "comment_count"}


def test_a_post_in_a_forum_that_one_is_not_in_any_more_is_not_called_gone(whop: WhopNetwork, door: Door) -> None:
    receipt = cast(Receipt, case(whop, door).drive().receipt)
    whop.drop(receipt.id)
    assert WHOP(whop.access(), door, "measure").measure([receipt]) == {}


def test_who_was_not_asked_for_reading_is_asked_to_connect_again(whop: WhopNetwork, door: Door) -> None:
    body, _kind = http.json_body({"error": {"type": "forbidden", "message": "insufficient_scope: forum:read"}})
    network = WHOP(whop.access(), lambda request: Answer(403, {}, body), "measure")
    with pytest.raises(Reconnect, match="forum:read"):
        network.measure([Receipt("post_1", "")])


# what others write there


def heard(whop: WhopNetwork, door: http.Transport, post: Receipt) -> dict[str, Message]:
    said = WHOP(whop.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), [post])
    return {message.text: message for message in said}


def test_answers_are_asked_for_below_comments_that_have_some_but_not_below_very_many(
    whop: WhopNetwork, door: Door
) -> None:
    post = cast(Receipt, case(whop, door).drive().receipt)
    for n in range(7):
        top = whop.remark(f"Question {n}", on=post.id)
        if n:
            whop.remark(f"Answer {n}", on=post.id, reply_to=top)
    said = heard(whop, door, post)
    assert len([text for text in said if text.startswith("Question")]) == 7
    assert len([text for text in said if text.startswith("Answer")]) == 5
    assert whop.requests("GET /api/v1/forum_posts") == 6


def test_an_answer_hangs_below_the_comment_and_a_further_part_below_the_post(whop: WhopNetwork, door: Door) -> None:
    post = cast(Receipt, case(whop, door).drive().receipt)
    top = whop.remark("Which flour?", on=post.id)
    to = heard(whop, door, post)["Which flour?"].receipt
    answer = Case(whop, whop.access(), Outgoing("Rye", reply_to=to, root=post, position=1), door)
    assert answer.drive().state == "delivered"
    part = Case(whop, whop.access(), Outgoing("More", reply_to=post, root=post, position=1), door)
    assert part.drive().state == "delivered"
    assert [made["wish"].get("parent_id") for made in whop.posts.values()] == [None, top, post.id]
    said = heard(whop, door, post)
    assert [(said[text].ours, said[text].reply_to) for text in ("Rye", "More")] == [(True, top), (True, post.id)]


def test_a_comment_says_who_wrote_it_by_handle_and_name(whop: WhopNetwork, door: Door) -> None:
    post = cast(Receipt, case(whop, door).drive().receipt)
    whop.remark("Which flour?", on=post.id)
    (said,) = heard(whop, door, post).values()
    assert (said.author, said.name, said.ours) == ("@reader", "Reader", False)


def test_reading_without_the_right_to_asks_to_connect_again(whop: WhopNetwork) -> None:
    def narrow(request: http.Request) -> Answer:
        wrong = {"error": {"type": "forbidden", "message": "insufficient_scope: forum:read is required"}}
        return Answer(403, {}, http.json_body(wrong)[0])

    with pytest.raises(Reconnect, match="forum:read"):
        heard(whop, narrow, Receipt("post_1", "", {"experience": "exp_1"}))
