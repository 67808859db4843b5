"""What others reply on Threads, and answers to it, over real HTTP against the simulator."""

from collections.abc import Sequence
from typing import cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case
from tests.contract.test_inbox import answering
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.answered import Message
from tidings.networks.base import Outgoing, Receipt
from tidings.networks.errors import Reconnect
from tidings.simulators.threads import ThreadsNetwork

Threads = networks.get("threads")


@pytest.fixture
def threads(town: Town) -> ThreadsNetwork:
    return cast(ThreadsNetwork, town["threads"])


def put_out(threads: ThreadsNetwork, door: Door, outgoing: Outgoing | None = None) -> Receipt:
    receipt = Case(threads, threads.access(), outgoing or Outgoing("Hello"), door).drive().receipt
    assert receipt
    return receipt


def heard(threads: ThreadsNetwork, door: Door, post: Receipt) -> Sequence[Message]:
    return Threads(threads.access(), door, "inbox").inbox(clock.now(), [post])


def test_replies_beyond_one_page_are_listed_up_to_the_limit_of_a_look(threads: ThreadsNetwork, door: Door) -> None:
    threads.at_once = 2
    post = put_out(threads, door)
    ids = [threads.remark(f"This is number {n}", on=post.id) for n in range(8)]
    threads.seen.clear()
    assert [one.receipt.id for one in heard(threads, door, post)] == ids[:1:-1]  # the newest six
    assert len(threads.seen) == Threads.hearing.calls


def test_replies_to_a_part_of_a_thread_are_listed_with_its_first_post(threads: ThreadsNetwork, door: Door) -> None:
    post = put_out(threads, door)
    part = put_out(threads, door, Outgoing("Two", reply_to=post, root=post, position=1))
    deep = threads.remark("About two", on=post.id, reply_to=part.id)
    assert [(one.receipt.id, one.reply_to, one.ours) for one in heard(threads, door, post)] == [
        (deep, part.id, False), (part.id, post.id, True)
    ]
    threads.seen.clear()
    assert list(heard(threads, door, part)) == []
    assert not threads.seen


def test_a_part_whose_answer_was_lost_is_known_as_a_part_too(threads: ThreadsNetwork, door: Door) -> None:
    post = put_out(threads, door)
    threads.trick("lose", "threads_publish")
    part = put_out(threads, door, Outgoing("Two", reply_to=post, root=post, position=1))
    assert part.extra == {"kind": "reply"}


def test_an_answer_hangs_on_a_reply_however_deep_that_is(town: Town, threads: ThreadsNetwork, door: Door) -> None:
    post, above = put_out(threads, door), ""
    for words in ("First", "Second", "Third"):
        above = threads.remark(words, on=post.id, reply_to=above)
    message = heard(threads, door, post)[0]
    assert answering(town, door, "threads", post, message).drive().state == "delivered"
    (own,) = [one for one in heard(threads, door, post) if one.ours]
    assert own.reply_to == above


def test_hidden_replies_are_left_out_and_a_picture_alone_is_listed_by_its_address(
    threads: ThreadsNetwork, door: Door
) -> None:
    post = put_out(threads, door)
    hidden = threads.remark("Buy followers now", on=post.id)
    threads.hidden.add(hidden)
    threads.remark("Indeed", on=post.id, reply_to=hidden)
    shown = threads.remark("", on=post.id)
    assert [one.text for one in heard(threads, door, post)] == [f"{threads.url}/@reader/post/{shown}"]


def test_without_the_right_to_replies_it_is_said_how_to_get_it_and_publishing_goes_on(
    threads: ThreadsNetwork, door: Door
) -> None:
    post = put_out(threads, door)
    access = threads.access()
    threads.oauth.tokens[-1].scope = ",".join(Threads.connect[0].scopes)  # type: ignore[union-attr]
    with pytest.raises(Reconnect, match="by “Sign in there, and read numbers and messages”"):
        Threads(access, door, "inbox").inbox(clock.now(), [post])
    assert Case(threads, access, Outgoing("Next"), door).drive().state == "delivered"
