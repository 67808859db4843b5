"""The calendar: what stands where, in whose time, and at what price."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tidings.core import clock
from tidings.deliveries.angle import VIEWS
from tidings.deliveries.calendar import Window, entries, undated
from tidings.deliveries.models import Delivery
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post
from tidings.workspaces.models import Member

ROLES = ("editor", "contributor", "client")
DAY = datetime(2031, 3, 10, 23, 30, tzinfo=UTC)


def planned(owner: Member, at: datetime, text: str, *channels: Any, state: str = "waiting") -> Post:
    post = compose(owner, Draft(tuple(c.id for c in channels), (ItemDraft(text),)))
    Post.objects.filter(pk=post.pk).update(stage="approved", wish_at=at)
    for channel in channels:
        Delivery.objects.create(
            workspace=owner.workspace,
            post=post,
            item=post.items.get(),
            channel=channel,
            due_at=at,
            again_at=at,
            state=state,
        )
    return post


def page(member: Member, **query: str) -> str:
    answer = people.signed_in(member).get(f"{people.home(member)}/calendar", query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_post_stands_on_the_day_it_is_in_the_person_s_zone_and_the_zone_is_named() -> None:
    owner = people.owner(zone="Europe/Athens")
    planned(owner, DAY, "late at night", people.channel(owner))

    shown = page(owner, view="month", day="2031-03-01")

    assert 'data-day="2031-03-11"' in shown
    before, _, after = shown.partition('data-day="2031-03-11"')
    assert "late at night" in after.partition("</ol>")[0]
    assert "late at night" not in before
    assert "01:30" in shown
    assert "Times are in Europe/Athens" in shown


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_the_post_with_its_state_as_a_word(view: str) -> None:
    owner = people.owner()
    post = planned(owner, DAY, "hello", people.channel(owner), state="failed")

    shown = page(owner, view=view, day="2031-03-10")

    assert f'data-post="{post.id}"' in shown
    assert re.search(r'aria-label="Failed"|class="(sr-only|label)">Failed<', shown.partition('id="calendar"')[2])


def test_drafts_stand_at_the_time_they_are_meant_for_and_in_the_list_without_one() -> None:
    owner = people.owner()
    compose(owner, Draft(items=(ItemDraft("meant"),), wish_at=DAY))
    compose(owner, Draft(items=(ItemDraft("loose"),)))

    assert "meant" in page(owner, view="month", day="2031-03-01")
    assert "loose" not in page(owner, view="month", day="2031-03-01")
    assert "loose" in page(owner, view="list", day="2031-03-01")


def test_filters_in_the_address_narrow_what_is_shown() -> None:
    owner = people.owner()
    one, other = people.channel(owner), people.channel(owner)
    planned(owner, DAY, "for one", one)
    planned(owner, DAY, "for the other", other, state="failed")

    by_channel = page(owner, day="2031-03-10", channel=str(one.id))
    by_state = page(owner, day="2031-03-10", state="failed")

    assert ("for one" in by_channel, "for the other" in by_channel) == (True, False)
    assert ("for one" in by_state, "for the other" in by_state) == (False, True)


def test_a_full_day_leads_to_its_list() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    for n in range(7):
        planned(owner, DAY + timedelta(minutes=n), f"number {n}", channel)

    shown = page(owner, view="month", day="2031-03-01")

    assert "+3 more" in shown
    assert "?view=day&amp;day=2031-03-10" in shown


def test_only_what_can_still_be_moved_may_be_dragged() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    planned(owner, DAY, "waits", channel)
    planned(owner, DAY, "is out", channel, state="delivered")

    shown = page(owner, day="2031-03-10")

    assert (shown.count('data-post="'), shown.count('data-movable="true"')) == (2, 1)


def test_a_reader_drags_nothing_and_a_contributor_only_drafts() -> None:
    owner = people.owner()
    planned(owner, DAY, "waits", people.channel(owner))
    compose(owner, Draft(items=(ItemDraft("a draft"),), wish_at=DAY))

    moved = {role: page(people.member(owner, role), day="2031-03-10").count('data-movable="true"') for role in ROLES}

    assert moved == {"editor": 2, "contributor": 1, "client": 0}


@pytest.mark.parametrize("query", [{"view": "x"}, {"day": "2031-99-99"}, {"day": "9999-12-31"}, {"channel": "x'"}])
def test_an_address_that_makes_no_sense_shows_a_calendar_all_the_same(query: dict[str, str]) -> None:
    assert "data-view" in page(people.owner(), **query)


def test_three_hundred_posts_cost_six_queries() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    for n in range(300):
        planned(owner, DAY + timedelta(minutes=n), f"number {n}", channel)

    with CaptureQueriesContext(connection) as counted:
        found = entries(owner.workspace, Window(DAY, DAY + timedelta(days=1)))

    assert len(found) == 300
    assert len(counted) <= 6


def test_a_new_workspace_is_told_its_next_step() -> None:
    owner = people.owner()

    assert "Your calendar is ready" in page(owner)
    assert f'href="{people.home(owner)}/channels/connect"' in page(owner)
    assert f'href="{people.home(owner)}/channels/connect"' not in page(people.member(owner, "client"))


def test_the_words_of_a_post_without_words_say_what_it_has() -> None:
    owner = people.owner()
    compose(owner, Draft(items=(ItemDraft(""),)))

    (entry,) = undated(owner.workspace)

    assert entry.words == "Nothing written yet"
    assert entry.face == "draft"


def test_the_calendar_begins_today() -> None:
    owner = people.owner()

    assert f'data-today="{clock.now():%Y-%m-%d}"' in page(owner)
