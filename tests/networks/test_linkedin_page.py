"""What is peculiar to LinkedIn's pages; what they have in common with members is in test_linkedin.py."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.answered import Message
from tidings.networks.base import Mention, OAuth2, Outgoing, Receipt
from tidings.networks.errors import Reconnect
from tidings.simulators._linkedin import LinkedInNetwork

PAGE = networks.get("linkedin_page")
REFUSALS = [
    Refusal("a text that is too long once it is escaped", Outgoing("(" * 1501)),
    Refusal("21 pictures", Outgoing("", tuple(picture() for _ in range(21)))),
    Refusal("two films", Outgoing("", (film(), film()))),
    Refusal("connections, which a page has not", Outgoing("Hello", options={"visibility": "CONNECTIONS"})),
]


@pytest.fixture
def page(town: Town) -> LinkedInNetwork:
    return cast(LinkedInNetwork, town["linkedin_page"])


def case(one: LinkedInNetwork, door: Door, said: str = "", **more: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, **more), door)


def test_organizations_are_found_for_mentions(page: LinkedInNetwork, door: Door) -> None:
    speaker = PAGE(page.access(), door, "profile")
    assert speaker.mentions("harbour-books") == [Mention("@[Harbour Books](urn:li:organization:1002)", "Harbour Books")]
    assert speaker.mentions("nobody") == []


def test_one_sign_in_speaks_for_every_page_that_is_administered(page: LinkedInNetwork, door: Door) -> None:
    speaker = PAGE(page.access("both"), door, "connect")
    assert [one.name for one in speaker.channels()] == ["Harbour Bakery", "Harbour Books"]


def test_who_no_longer_administers_the_page_is_asked_to_connect_again(page: LinkedInNetwork, door: Door) -> None:
    one = case(page, door, "Good morning")
    one.access = replace(one.access, profile=replace(one.access.profile, id="1999"))
    outcome = one.once(Points())
    assert (outcome.reconnect, "Not enough permissions" in outcome.reason, one.out()) == (True, True, {})


def test_access_to_a_page_ends_after_sixty_days_and_asks_to_connect_again(page: LinkedInNetwork, door: Door) -> None:
    one = case(page, door, "Good morning")
    assert not PAGE.has("renew")
    with clock.shifted(timedelta(days=61)):
        assert one.once(Points()).reconnect
    assert not one.out()


def test_a_page_looks_whether_what_was_accepted_died_afterwards(page: LinkedInNetwork, door: Door) -> None:
    page.kills = 1
    receipt = case(page, door, "Good morning").drive().receipt
    assert receipt
    assert PAGE(page.access(), door, "find").present(receipt) is False


def test_a_page_finds_its_lost_post_in_its_list(page: LinkedInNetwork, door: Door) -> None:
    page.lag = timedelta(minutes=5)
    one = case(page, door, "Good #morning", media=(picture(),))
    page.trick("lose", "POST /rest/posts")
    one.once(Points())
    with clock.shifted(timedelta(minutes=11)):
        outcome = one.drive()
    assert outcome.state == "delivered"
    assert len(one.out()) == 1


# numbers


def test_posts_of_both_kinds_are_read_and_comments_have_no_numbers(page: LinkedInNetwork, door: Door) -> None:
    share = cast(Receipt, case(page, door, "Good morning").drive().receipt)
    other = Receipt(share.id.replace("share", "ugcPost"), "")
    page.posts[other.id] = {**page.posts[share.id], "id": other.id}
    comment = case(page, door, "And more", reply_to=share, root=share, position=1).drive().receipt
    page.seen.clear()
    found = PAGE(page.access(), door, "measure").measure([share, other, cast(Receipt, comment)])
    assert set(found) == {share.id, other.id}
    assert page.requests("ShareStatistics") == PAGE.counting.calls == 2


def test_who_no_longer_administers_the_page_is_told_why_there_are_no_numbers(page: LinkedInNetwork, door: Door) -> None:
    share = cast(Receipt, case(page, door, "Good morning").drive().receipt)
    page.administers = False  # type: ignore[attr-defined]
    speaker = PAGE(page.access(), door, "measure")
    for ask in (lambda: speaker.measure([share]), lambda: speaker.audience(clock.now().date())):
        with pytest.raises(Reconnect, match="administrators"):
            ask()


def test_each_day_of_a_page_is_the_day_it_was_in_utc_and_the_last_two_are_read_again(
    page: LinkedInNetwork, door: Door
) -> None:
    today = clock.now().date()
    readings = PAGE(page.access(), door, "measure").audience(today - timedelta(days=2))
    days = {one.day for one in readings if one.theirs == "organicFollowerGain"}
    assert days == {today - timedelta(days=n) for n in range(3)}
    assert PAGE.counting.behind == 2


# messages


def share(one: LinkedInNetwork, door: Door) -> Receipt:
    return cast(Receipt, case(one, door, f"Good morning {len(one.posts)}").drive().receipt)


def heard(one: LinkedInNetwork, door: Door, post: Receipt) -> dict[str, Message]:
    """What a look under a post lists, by its words."""
    one.seen.clear()
    found = PAGE(one.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), [post])
    return {message.text: message for message in found}


def answer(one: LinkedInNetwork, door: Door, to: Message, post: Receipt) -> Case:
    return case(one, door, "Thanks", reply_to=to.receipt, root=post, position=1)


def test_answers_are_read_below_the_two_latest_comments_that_have_any(page: LinkedInNetwork, door: Door) -> None:
    post = share(page, door)
    for n in range(4):
        with clock.shifted(-timedelta(hours=9 - n)):
            top = page.remark(f"Comment {n}", on=post.id)
        page.remark(f"Answer {n}", on=post.id, reply_to=top)
    page.remark("The latest of all", on=post.id)
    page.remark("", on=post.id)  # a picture alone
    found = heard(page, door, post)
    assert set(found) == {*(f"Comment {n}" for n in range(4)), "Answer 3", "Answer 2", "The latest of all"}
    assert found["Answer 3"].reply_to == found["Comment 3"].receipt.id
    assert (found["Answer 3"].author, found["Answer 3"].name) == ("reader", "")
    assert page.requests("GET ") == PAGE.hearing.calls == 3


def test_an_answer_to_an_answer_stands_below_the_comment_of_both_and_is_the_pages_own(
    page: LinkedInNetwork, door: Door
) -> None:
    post = share(page, door)
    top = page.remark("Where is this?", on=post.id)
    page.remark("I wonder too", on=post.id, reply_to=top, author="another")
    one = answer(page, door, heard(page, door, post)["I wonder too"], post)
    assert one.drive().state == "delivered"
    (made,) = one.out().values()
    assert (made["top"], made["under"]) == (top, post.id)
    ours = heard(page, door, post)["Thanks"]
    assert (ours.ours, ours.reply_to, ours.name) == (True, top, "Harbour Bakery")


def test_a_lost_answer_is_found_among_those_below_the_comment(page: LinkedInNetwork, door: Door) -> None:
    post = share(page, door)
    page.remark("Where is this?", on=post.id)
    one = answer(page, door, heard(page, door, post)["Where is this?"], post)
    page.trick("lose", "POST /rest/socialActions")
    assert one.drive().state == "delivered"
    assert page.requests("POST /rest/socialActions") == 1
    assert len(one.out()) == 1


def test_answers_to_a_second_part_come_with_the_post_that_it_is_under(page: LinkedInNetwork, door: Door) -> None:
    post = share(page, door)
    part = case(page, door, "And more", reply_to=post, root=post, position=1).drive().receipt
    page.remark("Why?", on=post.id, reply_to=cast(Receipt, part).id)
    assert heard(page, door, cast(Receipt, part)) == {}
    assert page.requests("GET ") == 0
    assert heard(page, door, post)["Why?"].reply_to == cast(Receipt, part).id


def test_who_no_longer_administers_the_page_is_told_why_there_are_no_comments(
    page: LinkedInNetwork, door: Door
) -> None:
    post = share(page, door)
    page.lists_own = False
    with pytest.raises(Reconnect, match="administrators"):
        heard(page, door, post)


def test_who_signed_in_without_messages_is_told_how_and_may_still_post(page: LinkedInNetwork, door: Door) -> None:
    post = share(page, door)
    page.remark("Where is this?", on=post.id)
    message = heard(page, door, post)["Where is this?"]
    page.strict = True
    with pytest.raises(Reconnect, match="“Sign in there, and read messages”"):
        heard(page, door, post)
    outcome = answer(page, door, message, post).drive()
    assert (outcome.state, outcome.reconnect, "read messages" in outcome.reason) == ("failed", False, True)
    assert share(page, door)


def test_reading_messages_is_a_second_way_to_sign_in(page: LinkedInNetwork, door: Door) -> None:
    first, second = (set(cast(OAuth2, way).scopes) for way in PAGE.connect)
    assert second - first == {"r_organization_social_feed", "w_organization_social_feed"}
    post, page.strict = share(page, door), True
    page.remark("Where is this?", on=post.id)
    access = page.access()
    page.oauth.tokens[-1].scope = " ".join(second)
    (message,) = PAGE(access, door, "inbox").inbox(clock.now(), [post])
    case = Case(page, access, Outgoing("Thanks", reply_to=message.receipt, root=post, position=1), door)
    assert case.drive().state == "delivered"
