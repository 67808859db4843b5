"""What others write on YouTube, over real HTTP against its simulator."""

from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case
from tests.networks.pieces import film
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.answered import Message
from tidings.networks.base import Outgoing, Receipt
from tidings.networks.errors import Reconnect
from tidings.simulators._youtubenumbers import ANALYTICS
from tidings.simulators.youtube import YouTubeBox

YOUTUBE = networks.get("youtube")
CHOSEN = {"title": "A walk", "made_for_kids": "no"}


@pytest.fixture
def youtube(town: Town) -> YouTubeBox:
    return cast(YouTubeBox, town["youtube"])


def heard(one: YouTubeBox, door: Door) -> dict[str, Message]:
    """What a look at the channel lists, by its words."""
    one.seen.clear()
    found = YOUTUBE(one.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), ())
    return {message.text: message for message in found}


def answer(one: YouTubeBox, door: Door, to: Message, root: Receipt | None = None) -> Case:
    return Case(one, one.access(), Outgoing("Thanks", reply_to=to.receipt, root=root, position=1), door)


def a_film(one: YouTubeBox, door: Door) -> Receipt:
    receipt = Case(one, one.access(), Outgoing("By the sea", (film(),), CHOSEN), door).drive().receipt
    assert receipt
    return receipt


def the_one(case: Case) -> dict[str, Any]:
    outcome = case.drive()
    assert outcome.state == "delivered", outcome.reason
    (made,) = case.out().values()
    return cast(dict[str, Any], made)


def test_one_look_lists_the_comments_of_all_films_as_they_were_typed(youtube: YouTubeBox, door: Door) -> None:
    first, second = a_film(youtube, door), a_film(youtube, door)
    youtube.remark("1 < 2 & so on\nand on", on=first.id)
    youtube.remark("Nice", on=second.id)
    youtube.remark("Of the channel as a whole")
    found = heard(youtube, door)
    assert {text: one.on for text, one in found.items()} == {
        "1 < 2 & so on\nand on": first.id, "Nice": second.id, "Of the channel as a whole": "",
    }
    assert found["Nice"].author == "@reader"
    assert youtube.requests("GET ") == 1


def test_a_thread_that_comes_with_some_of_its_answers_is_asked_for_all_of_them(youtube: YouTubeBox, door: Door) -> None:
    film_there = a_film(youtube, door)
    tops = [youtube.remark(f"Comment {n}", on=film_there.id) for n in range(4)]
    for n in range(7):
        youtube.remark(f"Answer {n}", on=film_there.id, reply_to=tops[1])
    found = heard(youtube, door)
    assert [found[f"Answer {n}"].reply_to for n in range(7)] == [tops[1]] * 7
    assert youtube.requests("GET ") == 2


def test_of_many_threads_that_come_with_some_of_their_answers_the_two_that_were_busy_last_are_asked_for(
    youtube: YouTubeBox, door: Door
) -> None:
    film_there = a_film(youtube, door)
    for top in [youtube.remark(f"Comment {n}", on=film_there.id) for n in range(4)]:
        for n in range(6):
            youtube.remark(f"Answer {n} to {top}", on=film_there.id, reply_to=top)
    assert len(heard(youtube, door)) == 4 + 2 * 6 + 2 * 5
    assert youtube.requests("GET ") == YOUTUBE.hearing.calls == 3


def test_pages_are_turned_as_far_back_as_is_asked_for_and_no_further(youtube: YouTubeBox, door: Door) -> None:
    film_there = a_film(youtube, door)
    with clock.shifted(-timedelta(days=3)):
        for n in range(120):
            youtube.remark(f"Long ago {n}", on=film_there.id)
    assert len(heard(youtube, door)) == 100
    assert youtube.requests("GET ") == 1
    for n in range(120):
        youtube.remark(f"Today {n}", on=film_there.id)
    assert len(heard(youtube, door)) == 200
    assert youtube.requests("GET ") == 2


def test_an_answer_to_an_answer_stands_in_the_thread_of_both(youtube: YouTubeBox, door: Door) -> None:
    film_there = a_film(youtube, door)
    top = youtube.remark("Where is this?", on=film_there.id)
    youtube.remark("I wonder too", on=film_there.id, reply_to=top, author="another")
    made = the_one(answer(youtube, door, heard(youtube, door)["I wonder too"], film_there))
    assert (made["top"], made["film"]) == (top, film_there.id)
    ours = heard(youtube, door)["Thanks"]
    assert (ours.ours, ours.reply_to, ours.on) == (True, top, film_there.id)


def test_what_is_under_no_post_of_ours_can_be_answered_and_the_answer_taken_back(
    youtube: YouTubeBox, door: Door
) -> None:
    top = youtube.remark("Of the channel as a whole")
    receipt = answer(youtube, door, heard(youtube, door)["Of the channel as a whole"]).drive().receipt
    assert receipt
    assert youtube.posts[receipt.id]["top"] == top
    speaker = YOUTUBE(youtube.access(), door, "find")
    assert speaker.present(receipt)
    speaker.delete(receipt)
    assert not speaker.present(receipt)


def test_an_answer_whose_receipt_was_lost_is_found_in_its_thread(youtube: YouTubeBox, door: Door) -> None:
    film_there = a_film(youtube, door)
    youtube.remark("Where is this?", on=film_there.id)
    one = answer(youtube, door, heard(youtube, door)["Where is this?"], film_there)
    youtube.trick("lose", "POST /youtube/v3/comments")
    the_one(one)
    assert youtube.requests("POST /youtube/v3/comments") == 1


def test_access_without_the_scope_reads_no_comments_and_asks_to_reconnect(youtube: YouTubeBox, door: Door) -> None:
    access = youtube.access()
    youtube.oauth.tokens[-1].scope = ANALYTICS
    with pytest.raises(Reconnect):
        YOUTUBE(access, door, "inbox").inbox(clock.now(), ())
