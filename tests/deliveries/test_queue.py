"""Slots as instants, and which of them are free."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tidings.channels.models import Channel, Slot
from tidings.channels.slots import MOST, NoSuchTime, set_slots, set_zone, times, zone_of
from tidings.deliveries.models import Delivery
from tidings.deliveries.queue import Free, free, next_free
from tidings.posts.models import Item, Post
from tidings.workspaces.models import AuditEntry, Member
from tidings.workspaces.policy import Forbidden

pytestmark = pytest.mark.django_db
MON, SUN = 0, 6
BEGIN = datetime(2026, 6, 1, tzinfo=UTC)  # a Monday
WEEK = timedelta(days=7)


def slotted(owner: Member, *slots: tuple[int, str], zone: str = "UTC", **fields: str) -> Channel:
    """A channel with these times a week."""
    channel = people.channel(owner, zone=zone, **fields)
    set_slots(owner, channel, [(weekday, time.fromisoformat(at)) for weekday, at in slots])
    return channel


def due(channel: Channel, at: datetime, state: str = "waiting") -> Delivery:
    """Something to this channel at this instant."""
    post = Post.objects.create(workspace=channel.workspace)
    item = Item.objects.create(post=post, position=0, text="Bread")
    return Delivery.objects.create(
        workspace=channel.workspace, post=post, item=item, channel=channel, due_at=at, again_at=at, state=state
    )


def read(day: datetime, channel: Channel, span: timedelta = timedelta(days=1)) -> list[str]:
    """The channel's times of a stretch, as UTC."""
    return [f"{at:%m-%d %H:%M}" for at in times(channel, day, day + span)]


def test_a_slot_keeps_its_wall_time_when_the_clocks_are_changed() -> None:
    channel = slotted(people.owner(), (MON, "09:00"), zone="Europe/Berlin")
    before, after = datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)
    assert read(before, channel) + read(after, channel) == ["03-23 08:00", "03-30 07:00"]


def test_a_time_that_the_clocks_skip_is_as_much_later_and_meets_the_slot_there() -> None:
    """At 2 it is 3 at once: 02:30 means 03:30, which is a slot already."""
    channel = slotted(people.owner(), (SUN, "02:30"), (SUN, "03:30"), zone="Europe/Berlin")
    assert read(datetime(2026, 3, 29, tzinfo=UTC), channel) == ["03-29 01:30"]


def test_a_time_that_is_shown_twice_is_the_first() -> None:
    channel = slotted(people.owner(), (SUN, "02:30"), zone="Europe/Berlin")
    assert read(datetime(2026, 10, 25, tzinfo=UTC), channel) == ["10-25 00:30"]


@pytest.mark.parametrize(("zone", "at"), [("Pacific/Kiritimati", "05-31 10:00"), ("Pacific/Midway", "06-01 11:00")])
def test_days_are_the_zones_own_also_far_from_greenwich(zone: str, at: str) -> None:
    channel = slotted(people.owner(), (MON, "00:00"), zone=zone)
    assert read(datetime(2026, 5, 31, tzinfo=UTC), channel, timedelta(days=4)) == [at]


def test_without_a_zone_of_its_own_the_workspaces_counts() -> None:
    owner = people.owner()
    channel = slotted(owner, (MON, "09:00"), zone="")
    assert (str(zone_of(channel)), read(BEGIN, channel)) == ("Europe/Lisbon", ["06-01 08:00"])
    set_zone(owner, channel, "Asia/Kathmandu")
    assert read(BEGIN, channel) == ["06-01 03:15"]
    with pytest.raises(NoSuchTime):
        set_zone(owner, channel, "Middle/Earth")


def test_the_window_has_its_start_and_leaves_its_end_out() -> None:
    channel = slotted(people.owner(), (MON, "09:00"))
    at = BEGIN + timedelta(hours=9)
    assert (times(channel, at, at + WEEK), times(channel, at - WEEK, at)) == ([at], [at - WEEK])


def test_setting_slots_takes_the_place_of_those_before_and_is_written_down() -> None:
    owner = people.owner()
    channel = slotted(owner, (MON, "09:00"), (MON, "09:00:30"), (SUN, "10:00"))
    set_slots(owner, channel, [(2, time(7, 5))])
    assert [str(slot) for slot in Slot.objects.all()] == ["2 07:05"]
    assert [entry.details["times"] for entry in AuditEntry.objects.filter(verb="slots")] == [1, 2]


BAD = [(7, time())], [(-1, time())], [(0, time(n // 60, n % 60)) for n in range(MOST + 1)]


@pytest.mark.parametrize("slots", BAD)
def test_slots_that_cannot_be_leave_those_that_are(slots: list[tuple[int, time]]) -> None:
    owner = people.owner()
    channel = slotted(owner, (MON, "09:00"))
    with pytest.raises(NoSuchTime):
        set_slots(owner, channel, slots)
    assert channel.slots.count() == 1


def test_only_who_may_connect_sets_slots() -> None:
    owner = people.owner()
    with pytest.raises(Forbidden):
        set_slots(people.member(owner, "editor"), people.channel(owner), [])


def test_a_slot_is_free_unless_something_of_its_own_channel_is_due_in_that_minute() -> None:
    owner = people.owner()
    one, two = (slotted(owner, (MON, "09:00"), (MON, "12:00"), handle=handle) for handle in ("@a", "@b"))
    nine, noon = BEGIN + timedelta(hours=9), BEGIN + timedelta(hours=12)
    due(one, nine + timedelta(seconds=59))
    due(one, noon, "cancelled")
    due(two, noon - timedelta(seconds=1))
    assert free(owner.workspace, BEGIN, BEGIN + WEEK) == [Free(two, nine), Free(one, noon), Free(two, noon)]
    assert free(owner.workspace, BEGIN, BEGIN + WEEK, [one]) == [Free(one, noon)]


def test_paused_channels_and_those_of_other_workspaces_have_no_free_slots() -> None:
    owner, other = people.owner(), people.owner()
    slotted(owner, (MON, "09:00"), paused="Paused by a member.")
    theirs = slotted(other, (MON, "09:00"))
    assert free(owner.workspace, BEGIN, BEGIN + WEEK) == []
    assert free(owner.workspace, BEGIN, BEGIN + WEEK, [theirs]) == []


def test_the_next_free_slot_is_one_that_all_chosen_channels_share() -> None:
    owner = people.owner()
    one = slotted(owner, (MON, "09:00"), (MON, "12:00"))
    two, without = slotted(owner, (MON, "12:00"), (MON, "15:00")), people.channel(owner)
    noon = BEGIN + timedelta(hours=12)
    assert next_free([one, two, without], BEGIN) == noon
    assert next_free([one, two], noon) == noon + WEEK
    due(two, noon)
    assert next_free([one, two], BEGIN) == noon + WEEK


def test_channels_that_share_no_slot_give_the_earliest_of_any() -> None:
    owner = people.owner()
    one, two = slotted(owner, (MON, "09:00")), slotted(owner, (2, "09:00"))
    assert next_free([one, two], BEGIN + timedelta(hours=10)) == BEGIN + timedelta(days=2, hours=9)
    assert (next_free([people.channel(owner)], BEGIN), next_free([], BEGIN)) == (None, None)


def test_thirty_channels_are_asked_in_four_queries() -> None:
    owner = people.owner()
    for _number in range(30):
        slotted(owner, (MON, "09:00"), (2, "17:00"), zone="")
    with CaptureQueriesContext(connection) as asked:
        found = free(owner.workspace, BEGIN, BEGIN + WEEK)
    assert (len(found), len(asked) <= 4) == (60, True)
