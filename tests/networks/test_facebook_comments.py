"""What others write under a page's posts, and answers to it, over real HTTP against the simulator."""

from collections.abc import Sequence
from typing import cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, picture
from tests.contract.test_inbox import answering
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.answered import Message
from tidings.networks.base import Outgoing, Receipt
from tidings.networks.errors import Reconnect
from tidings.simulators.facebook import FacebookNetwork

Facebook = networks.get("facebook")


@pytest.fixture
def facebook(town: Town) -> FacebookNetwork:
    return cast(FacebookNetwork, town["facebook"])


def put_out(facebook: FacebookNetwork, door: Door, **more: object) -> Receipt:
    shape = {"text": "Hello", **more}
    receipt = Case(facebook, facebook.access(), Outgoing(**shape), door).drive().receipt  # type: ignore[arg-type]
    assert receipt
    return receipt


def heard(facebook: FacebookNetwork, door: Door, post: Receipt) -> Sequence[Message]:
    return Facebook(facebook.access(), door, "inbox").inbox(clock.now(), [post])


def test_comments_beyond_one_page_are_listed_up_to_the_limit_of_a_look(facebook: FacebookNetwork, door: Door) -> None:
    facebook.at_once = 2
    post = put_out(facebook, door)
    ids = [facebook.remark(f"This is number {n}", on=post.id) for n in range(5)]
    assert [one.receipt.id for one in heard(facebook, door, post)] == ids[:0:-1]  # the newest four
    assert facebook.requests(f"GET /v26.0/{post.id}/comments") == Facebook.hearing.calls


def test_what_nothing_hangs_on_is_answered_where_it_hangs_itself(
    town: Town, facebook: FacebookNetwork, door: Door
) -> None:
    post = put_out(facebook, door)
    first = facebook.remark("First", on=post.id)
    deep = facebook.remark("And below", on=post.id, reply_to=first)
    (message,) = [one for one in heard(facebook, door, post) if one.receipt.id == deep]
    assert answering(town, door, "facebook", post, message).drive().state == "delivered"
    (own,) = [one for one in heard(facebook, door, post) if one.ours]
    assert own.reply_to == first


def test_parts_of_a_post_are_still_comments_under_it_and_are_known_as_ours(
    facebook: FacebookNetwork, door: Door
) -> None:
    post = put_out(facebook, door)
    first = put_out(facebook, door, reply_to=post, root=post, position=1)
    second = put_out(facebook, door, reply_to=first, root=post, position=2)
    own = heard(facebook, door, post)
    assert {(one.receipt.id, one.reply_to, one.ours) for one in own} == {
        (first.id, post.id, True), (second.id, post.id, True)
    }
    facebook.seen.clear()
    assert list(heard(facebook, door, first)) == []
    assert not facebook.seen


def test_a_story_is_not_looked_under(facebook: FacebookNetwork, door: Door) -> None:
    story = put_out(facebook, door, text="", media=(picture(),), options={"kind": "story"})
    facebook.seen.clear()
    assert list(heard(facebook, door, story)) == []
    assert not facebook.seen


def test_hidden_comments_are_left_out_and_a_picture_alone_is_listed_by_its_address(
    facebook: FacebookNetwork, door: Door
) -> None:
    post = put_out(facebook, door)
    facebook.hidden.add(facebook.remark("Buy followers now", on=post.id))
    shown = facebook.remark("", on=post.id)
    assert [one.text for one in heard(facebook, door, post)] == [f"{facebook.url}/photo/{shown}"]


def test_whom_facebook_does_not_name_is_called_as_facebook_calls_them(facebook: FacebookNetwork, door: Door) -> None:
    facebook.nameless = True
    post = put_out(facebook, door)
    facebook.remark("Hello there", on=post.id)
    assert [(one.author, one.ours) for one in heard(facebook, door, post)] == [("Facebook user", False)]


def test_without_the_right_to_others_words_it_is_said_how_to_get_it_and_publishing_goes_on(
    facebook: FacebookNetwork, door: Door
) -> None:
    post = put_out(facebook, door)
    access = facebook.access()
    facebook.oauth.tokens[-1].scope = ",".join(Facebook.connect[0].scopes)  # type: ignore[union-attr]
    with pytest.raises(Reconnect, match="by “Sign in there, and read numbers and messages”"):
        Facebook(access, door, "inbox").inbox(clock.now(), [post])
    assert Case(facebook, access, Outgoing("Next"), door).drive().state == "delivered"


def test_a_lost_answer_is_found_below_what_it_answers_and_not_elsewhere(
    town: Town, facebook: FacebookNetwork, door: Door
) -> None:
    post = put_out(facebook, door)
    for words in ("First", "Second"):
        facebook.remark(words, on=post.id)
    second, first = heard(facebook, door, post)
    assert answering(town, door, "facebook", post, first).drive().state == "delivered"
    one = answering(town, door, "facebook", post, second)
    one.there_before = frozenset({post.id})  # what the other answer put out is not known of
    facebook.trick("lose", "POST")
    outcome = one.drive()
    assert outcome.receipt
    assert facebook.posts[outcome.receipt.id]["comment_on"] == second.receipt.id
