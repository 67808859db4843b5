"""What is peculiar to Moltbook, over real HTTP against its simulator."""

from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.answered import Message
from tidings.networks.base import Access, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.moltbook import MoltbookNetwork

MOLTBOOK = networks.get("moltbook")
TITLED = {"title": "Good morning"}
REFUSALS = [
    Refusal("a post without a title", Outgoing("Hello", options={"title": ""})),
    Refusal("a title of 301 characters", Outgoing("Hello", options={"title": "x" * 301})),
    Refusal("a text of 40,001 characters", Outgoing("x" * 40_001, options=TITLED)),
]


@pytest.fixture
def moltbook(town: Town) -> MoltbookNetwork:
    return cast(MoltbookNetwork, town["moltbook"])


def case(moltbook: MoltbookNetwork, door: Door, said: str = "Fresh *rye*", **chosen: Any) -> Case:
    return Case(moltbook, moltbook.access(), Outgoing(said, options=TITLED | chosen), door)


def speaker(moltbook: MoltbookNetwork, door: Door) -> Any:
    return MOLTBOOK(moltbook.access(), door, "connect")


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def test_a_key_is_typed_and_it_is_known_which_agent_it_is(moltbook: MoltbookNetwork, door: Door) -> None:
    grant = speaker(moltbook, door).sign_in({"key": f" {moltbook.oauth.grant('other').access} "})
    found = MOLTBOOK(Access(Profile("", "", ""), grant.secrets), door, "connect").profile()
    assert (found.handle, grant.ends_at) == ("other", None)


def test_an_agent_that_nobody_has_claimed_is_not_taken(moltbook: MoltbookNetwork, door: Door) -> None:
    moltbook.claimed = False
    with pytest.raises(Reconnect, match="claimed"):
        speaker(moltbook, door).profile()
    assert case(moltbook, door).once(Points()).reconnect


def test_a_post_that_waits_for_an_answer_is_not_delivered_and_the_question_is_told(
    moltbook: MoltbookNetwork, door: Door
) -> None:
    moltbook.asks = -1
    outcome = case(moltbook, door).once(Points())
    assert outcome.state == "settling"
    assert "A lO]bStEr hAs tw^eLvE sHeLlS" in outcome.reason
    assert "moltbook_verify_1" in outcome.reason
    assert not moltbook.requests("verify")


def test_once_the_agent_has_answered_it_is_delivered(moltbook: MoltbookNetwork, door: Door) -> None:
    moltbook.asks = 3
    one = case(moltbook, door)
    assert one.drive().state == "delivered"
    assert moltbook.requests("POST /api/v1/posts") == 1


def test_a_question_that_nobody_answers_ends_as_a_failure_with_its_reason(
    moltbook: MoltbookNetwork, door: Door
) -> None:
    moltbook.asks = -1
    outcome = case(moltbook, door).drive()
    assert outcome.state == "failed"
    assert "not answered in time" in outcome.reason


def test_sending_it_again_looks_whether_it_was_answered_meanwhile_and_makes_no_second_post(
    moltbook: MoltbookNetwork, door: Door
) -> None:
    moltbook.asks = -1
    one = case(moltbook, door)
    assert one.drive().state == "failed"
    the_post(one)["verification_status"] = "verified"
    assert one.drive().state == "delivered"
    assert len(one.out()) == 1


def test_a_post_is_known_by_its_address_and_a_strange_one_is_not(moltbook: MoltbookNetwork) -> None:
    url = f"{moltbook.url}/post/ab-12"
    assert MOLTBOOK.recognise(moltbook.access().profile, {}, url) == Receipt("ab-12", url)
    with pytest.raises(Rejected, match="not the address"):
        MOLTBOOK.recognise(moltbook.access().profile, {}, "https://elsewhere.example/post/ab-12")


def test_a_comment_waits_for_its_question_too(moltbook: MoltbookNetwork, door: Door) -> None:
    root = cast(Receipt, case(moltbook, door).drive().receipt)
    moltbook.asks = 2
    second = Case(moltbook, moltbook.access(), Outgoing("Two", reply_to=root, root=root, position=1), door)
    outcome = second.drive()
    assert (outcome.state, cast(Receipt, outcome.receipt).url) == ("delivered", root.url)
    third = Case(moltbook, moltbook.access(), Outgoing("Three", (), {}, outcome.receipt, root, 2), door)
    assert third.drive().state == "delivered"
    assert the_post(third)["parent_id"] == cast(Receipt, outcome.receipt).id


def test_a_post_is_taken_back_and_twice_is_fine_but_a_comment_stays(moltbook: MoltbookNetwork, door: Door) -> None:
    root = cast(Receipt, case(moltbook, door).drive().receipt)
    second = Case(moltbook, moltbook.access(), Outgoing("Two", reply_to=root, root=root, position=1), door)
    with pytest.raises(Rejected, match="comment"):
        speaker(moltbook, door).delete(second.drive().receipt)
    for _ in range(2):
        speaker(moltbook, door).delete(root)
    assert root.id not in moltbook.posts


def test_a_success_that_says_it_is_none_is_a_refusal(moltbook: MoltbookNetwork, door: Door) -> None:
    body, _kind = http.json_body({"success": False, "error": "Submolt is archived"})
    with pytest.raises(Rejected, match="archived"):
        speaker(moltbook, door).judge(Answer(200, {}, body))


def test_one_post_in_half_an_hour_and_it_comes_back_when_they_say(moltbook: MoltbookNetwork, door: Door) -> None:
    case(moltbook, door).drive()
    moltbook.apart = timedelta(minutes=30)
    outcome = case(moltbook, door).once(Points())
    assert outcome.state == "waiting"
    assert abs(cast(Any, outcome.at) - clock.now() - timedelta(minutes=12)) < timedelta(seconds=5)


def test_options_arrive_as_chosen(moltbook: MoltbookNetwork, door: Door) -> None:
    one = case(moltbook, door, submolt="bread", url="https://example.org/rye")
    assert one.drive().state == "delivered"
    assert the_post(one)["wish"] == {
        "submolt": "bread", "submolt_name": "bread", "title": "Good morning", "content": "Fresh *rye*",
        "url": "https://example.org/rye",
    }


def test_communities_are_looked_up(moltbook: MoltbookNetwork, door: Door) -> None:
    assert speaker(moltbook, door).lookup("submolt", "bre") == [("bread", "Bread")]


def test_characters_are_counted_as_they_are(moltbook: MoltbookNetwork, door: Door) -> None:
    fits = "\N{THUMBS UP SIGN}" * 40_000
    assert check(MOLTBOOK, Outgoing(fits, options=TITLED), {}) == []
    assert case(moltbook, door, fits).drive().state == "delivered"
    assert [problem.where for problem in check(MOLTBOOK, Outgoing(f"{fits}!", options=TITLED), {})] == ["text"]


def test_pictures_are_not_taken() -> None:
    assert "media" in {problem.where for problem in check(MOLTBOOK, Outgoing("Look", (picture(),), TITLED), {})}


def test_a_lost_answer_is_found_among_ones_own_and_posted_once(moltbook: MoltbookNetwork, door: Door) -> None:
    one = case(moltbook, door)
    moltbook.trick("lose", "POST /api/v1/posts")
    outcome = one.drive()
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]


def test_a_lost_answer_with_a_question_in_it_is_left_to_a_person(moltbook: MoltbookNetwork, door: Door) -> None:
    moltbook.asks = -1
    one = case(moltbook, door)
    moltbook.trick("lose", "POST /api/v1/posts")
    assert one.drive().state == "unsure"
    assert len(one.out()) == 1


def test_a_key_that_was_withdrawn_asks_to_connect_again(moltbook: MoltbookNetwork, door: Door) -> None:
    one = case(moltbook, door)
    moltbook.lock_out()
    assert one.once(Points()).reconnect
    assert not one.out()
    assert not MOLTBOOK.has("renew")


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, "Invalid API key", Reconnect),
        (403, "Your agent must be claimed first", Reconnect),
        (403, "Agent is suspended", Reconnect),
        (404, "Submolt not found", Rejected),
        (429, "Slow down", Later),
        (500, "Internal error", Unsure),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, error: str, kind: type[Reaction], moltbook: MoltbookNetwork, door: Door
) -> None:
    body, _kind = http.json_body({"success": False, "error": error, "hint": ""})
    with pytest.raises(kind, match=error):
        speaker(moltbook, door).judge(Answer(status, {}, body))


# numbers


def test_a_comment_is_counted_among_those_under_its_post(moltbook: MoltbookNetwork, door: Door) -> None:
    root = case(moltbook, door).drive().receipt
    said = Outgoing("And more", reply_to=root, root=root, position=1)
    receipt = Case(moltbook, moltbook.access(), said, door).drive().receipt
    with clock.shifted(timedelta(days=1)):
        numbers = speaker(moltbook, door).measure([receipt])
        assert numbers == {receipt.id: {name: moltbook.grown(receipt.id, name) for name in ("upvotes", "downvotes")}}


def test_a_number_that_is_not_said_takes_no_other_along(moltbook: MoltbookNetwork, door: Door) -> None:
    receipt = case(moltbook, door).drive().receipt
    moltbook.counts = ("upvotes",)
    assert set(speaker(moltbook, door).measure([receipt])[receipt.id]) == {"upvotes"}


def test_a_post_that_is_not_found_is_no_trouble_and_not_called_gone(moltbook: MoltbookNetwork, door: Door) -> None:
    root = case(moltbook, door).drive().receipt
    below = Receipt("1", root.url, {"post": root.id})
    moltbook.drop(root.id)
    assert speaker(moltbook, door).measure([root]) == {}
    assert speaker(moltbook, door).measure([below]) == {}


def test_an_agent_has_followers_and_karma(moltbook: MoltbookNetwork, door: Door) -> None:
    said = {reading.theirs: reading.value for reading in speaker(moltbook, door).audience(clock.now().date())}
    assert said == {name: moltbook.crowd("demo", name) for name in ("follower_count", "karma")}


# what others write there


def heard(moltbook: MoltbookNetwork, door: Door, post: Receipt) -> dict[str, Message]:
    said = MOLTBOOK(moltbook.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), [post])
    return {message.text: message for message in said}


def test_answers_are_taken_out_of_the_tree_and_a_deleted_comment_is_left_out(
    moltbook: MoltbookNetwork, door: Door
) -> None:
    post = cast(Receipt, case(moltbook, door).drive().receipt)
    first = moltbook.remark("Which flour?", on=post.id)
    second = moltbook.remark("Rye", on=post.id, reply_to=first)
    assert heard(moltbook, door, post)["Rye"].reply_to == first
    del moltbook.remarks[first]
    (left,) = heard(moltbook, door, post).values()
    assert (left.receipt.id, left.reply_to) == (second, first)
    assert moltbook.requests("/comments") == 2


def test_an_answer_deep_in_the_tree_waits_until_its_question_is_answered(moltbook: MoltbookNetwork, door: Door) -> None:
    post = cast(Receipt, case(moltbook, door).drive().receipt)
    moltbook.remark("Which flour?", on=post.id)
    to = heard(moltbook, door, post)["Which flour?"].receipt
    moltbook.asks = 2
    one = Case(moltbook, moltbook.access(), Outgoing("Rye", reply_to=to, root=post, position=1), door)
    assert one.once(Points()).state == "settling"
    assert set(heard(moltbook, door, post)) == {"Which flour?"}
    assert one.drive().state == "delivered"
    assert heard(moltbook, door, post)["Rye"].ours


def test_the_same_words_to_two_agents_are_told_apart_after_a_lost_answer(moltbook: MoltbookNetwork, door: Door) -> None:
    post = cast(Receipt, case(moltbook, door).drive().receipt)
    moltbook.remark("Which flour?", on=post.id)
    moltbook.remark("How long?", on=post.id, author="another")
    for message in heard(moltbook, door, post).values():
        if message.ours:
            continue
        moltbook.trick("lose", "POST /api/v1/posts")
        words = Outgoing("See above", reply_to=message.receipt, root=post, position=1)
        found = Case(moltbook, moltbook.access(), words, door).drive().receipt
        said = MOLTBOOK(moltbook.access(), door, "inbox").inbox(clock.now(), [post])
        assert [own.reply_to for own in said if found and own.receipt.id == found.id] == [message.receipt.id]
