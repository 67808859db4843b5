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
from tidings.networks.base import Mention, Outgoing, Receipt
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
