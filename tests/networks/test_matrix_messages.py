"""What others say in a Matrix room, and answering it."""

from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.base import Outgoing, Receipt
from tidings.simulators.matrix import MatrixServer

MATRIX = networks.get("matrix")


@pytest.fixture
def matrix(town: Town) -> MatrixServer:
    return cast(MatrixServer, town["matrix"])


def case(one: MatrixServer, door: Door, said: str, **more: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, **more), door)


def posted(matrix: MatrixServer, door: Door) -> Receipt:
    receipt = case(matrix, door, "Good morning").drive().receipt
    assert receipt
    return receipt


def heard(matrix: MatrixServer, door: Door, hours: int = 1) -> Any:
    return MATRIX(matrix.access(), door, "inbox").inbox(clock.now() - timedelta(hours=hours), [])


def test_what_is_said_in_the_room_to_nobody_of_us_is_left_out(matrix: MatrixServer, door: Door) -> None:
    posted(matrix, door)
    chat = matrix.remark("Who has the keys?")
    matrix.remark("I have", reply_to=chat, author="another")
    assert heard(matrix, door) == []


def test_an_answer_to_an_answer_belongs_to_our_message_though_that_was_long_ago(
    matrix: MatrixServer, door: Door
) -> None:
    post = posted(matrix, door)
    first = matrix.remark("Morning", on=post.id)
    with clock.shifted(timedelta(days=2)):
        for n in range(320):
            matrix.remark(f"Chat {n}")
        matrix.remark("And a good one", on=post.id, reply_to=first)
        (told,) = heard(matrix, door)
    assert (told.on, told.reply_to, told.author, told.name) == (post.id, first, "@reader:sim", "Reader")


def test_a_message_that_was_emptied_or_quotes_another_shows_its_own_words_only(
    matrix: MatrixServer, door: Door
) -> None:
    post = posted(matrix, door)
    matrix.remark("> <@demo:sim> Good morning\n> and good luck\n\nThanks", on=post.id)
    matrix.remark("", on=post.id)
    assert [one.text for one in heard(matrix, door)] == ["Thanks"]


def test_an_answer_to_a_mention_begins_a_thread_on_it_and_names_who_is_answered(
    matrix: MatrixServer, door: Door
) -> None:
    id = matrix.remark("@demo, look", kind="mention")
    (told,) = heard(matrix, door)
    one = case(matrix, door, "I do", reply_to=told.receipt, position=1)
    assert one.drive().state == "delivered"
    (event,) = one.out().values()
    hangs = event["content"]["m.relates_to"]
    assert (hangs["event_id"], hangs["m.in_reply_to"]["event_id"]) == (id, id)
    assert event["content"]["m.mentions"] == {"user_ids": ["@reader:sim"]}
