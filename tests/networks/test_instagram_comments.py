"""What others write under posts on Instagram, and answers to it, whichever way one signed in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, picture
from tests.contract.test_inbox import answering
from tests.networks import meta
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.answered import Message
from tidings.networks.base import Outgoing, Receipt
from tidings.networks.errors import Reconnect
from tidings.simulators._instagram import InstagramBox


@pytest.fixture(params=["instagram", "instagram_standalone"])
def instagram(town: Town, request: pytest.FixtureRequest) -> InstagramBox:
    return cast(InstagramBox, town[request.param])


def put_out(instagram: InstagramBox, door: Door, outgoing: Outgoing | None = None) -> Receipt:
    post = outgoing or Outgoing("Hello", (meta.served(picture()),))
    receipt = Case(instagram, instagram.access(), post, door).drive().receipt
    assert receipt
    return receipt


def heard(instagram: InstagramBox, door: Door, post: Receipt) -> Sequence[Message]:
    return networks.get(instagram.name)(instagram.access(), door, "inbox").inbox(clock.now(), [post])


def test_pages_of_comments_and_of_answers_to_them_are_read_up_to_the_limit_of_a_look(
    instagram: InstagramBox, door: Door
) -> None:
    instagram.at_once = 2
    post = put_out(instagram, door)
    ids = [instagram.remark(f"This is number {n}", on=post.id) for n in range(5)]
    below = [instagram.remark("Yes", on=post.id, reply_to=ids[4]) for _ in range(3)]
    instagram.seen.clear()
    listed = [one.receipt.id for one in heard(instagram, door, post)]
    assert set(listed) == {*ids[1:], *below}  # two pages of comments, and a second one of answers to the newest
    assert len(instagram.seen) == 3


def test_an_answer_to_an_answer_hangs_on_the_comment_above_both(
    town: Town, instagram: InstagramBox, door: Door
) -> None:
    post = put_out(instagram, door)
    first = instagram.remark("First", on=post.id)
    below = instagram.remark("And below", on=post.id, reply_to=first)
    (message,) = [one for one in heard(instagram, door, post) if one.receipt.id == below]
    one = answering(town, door, instagram.name, post, message)
    instagram.trick("lose", "POST")
    outcome = one.drive()
    assert (outcome.state, len(one.out())) == ("delivered", 1)
    assert instagram.requests(f"POST /v26.0/{first}/replies") == 1
    (own,) = [one for one in heard(instagram, door, post) if one.ours]
    assert own.reply_to == first
    assert outcome.receipt == Receipt(own.receipt.id, post.url, {"kind": "comment"})


def test_hidden_comments_are_left_out_with_what_answers_them_and_so_are_those_without_words(
    instagram: InstagramBox, door: Door
) -> None:
    post = put_out(instagram, door)
    hidden = instagram.remark("Buy followers now", on=post.id)
    instagram.hidden.add(hidden)
    instagram.remark("No, thank you", on=post.id, reply_to=hidden)
    instagram.remark("", on=post.id)
    instagram.remark("Lovely", on=post.id)
    assert [one.text for one in heard(instagram, door, post)] == ["Lovely"]


def test_a_comment_of_ours_that_is_a_part_of_the_post_is_listed_as_ours_and_looked_under_with_it(
    instagram: InstagramBox, door: Door
) -> None:
    post = put_out(instagram, door)
    part = put_out(instagram, door, Outgoing("More", reply_to=post, root=post, position=1))
    again = put_out(instagram, door, Outgoing("Still more", reply_to=part, root=post, position=2))
    instagram.remark("And what then?", on=post.id, reply_to=part.id)
    assert [(one.receipt.id, one.reply_to, one.ours) for one in heard(instagram, door, post) if one.ours] == [
        (again.id, post.id, True), (part.id, post.id, True)
    ]
    assert [one.reply_to for one in heard(instagram, door, post) if not one.ours] == [part.id]
    instagram.seen.clear()
    assert list(heard(instagram, door, part)) == []
    assert list(heard(instagram, door, replace(post, url="https://www.instagram.com/stories/demo/1/"))) == []
    assert not instagram.seen


def test_without_the_right_to_comments_it_is_said_how_to_get_it(instagram: InstagramBox, door: Door) -> None:
    post = put_out(instagram, door)
    network = networks.get(instagram.name)
    one = network(instagram.access(), door, "inbox")
    instagram.oauth.tokens[-1].scope = instagram.publishing
    with pytest.raises(Reconnect, match=f"Connect again by “{network.connect[0].label}”"):
        one.inbox(clock.now(), [post])
