"""Free slots on the calendar, and a full day whole."""

from datetime import date, time, timedelta
from urllib.parse import quote

from tests import people
from tests.web.test_calendar import DAY, page, planned
from tidings.channels.models import Channel, Slot

NINE = quote("2031-03-10T09:00")


def at_nine(channel: Channel) -> Channel:
    """It likes to publish at nine on Mondays."""
    Channel.objects.filter(pk=channel.pk).update(zone="UTC")
    Slot.objects.create(channel=channel, weekday=date(2031, 3, 10).weekday(), at=time(9))
    return channel


def test_free_slots_lead_to_the_composer_and_those_of_one_minute_are_one() -> None:
    owner = people.owner()
    one, other = sorted((at_nine(people.channel(owner)) for _ in range(2)), key=lambda channel: channel.handle)

    for view in ("month", "week", "day"):
        shown = page(owner, view=view, day="2031-03-10")
        assert f"compose?at={NINE}&amp;channel={one.pk}&amp;channel={other.pk}" in shown
        assert f"Free slot at 09:00: {one.handle}, {other.handle}" in shown
        assert NINE not in page(owner, view=view, day="2031-03-10", slots="off")
        assert f"{NINE}&amp;channel={one.pk}\"" in page(owner, view=view, day="2031-03-10", channel=str(one.pk))


def test_a_taken_slot_and_one_that_is_over_are_not_offered_nor_is_any_to_who_may_not_write() -> None:
    owner = people.owner()
    channel = at_nine(people.channel(owner))

    assert NINE not in page(people.member(owner, "client"), view="week", day="2031-03-10")
    assert 'class="ghost"' not in page(owner, view="week", day="2020-03-09")
    planned(owner, DAY.replace(hour=9, minute=0), "taken", channel)
    assert f"at={NINE}&amp;channel" not in page(owner, view="week", day="2031-03-10")


def test_a_full_day_is_had_whole_and_narrowed_as_the_month_is() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    for n in range(7):
        planned(owner, DAY.replace(hour=8) + timedelta(minutes=n), f"number {n}", channel)

    month = page(owner, view="month", day="2031-03-01", channel=str(channel.pk))
    client = people.signed_in(owner)
    whole = client.get(f"{people.home(owner)}/calendar/day", {"day": "2031-03-10"}).content.decode()
    narrowed = client.get(f"{people.home(owner)}/calendar/day", {"day": "2031-03-10", "text": "number 6"})

    assert f'hx-get="calendar/day?view=day&amp;channel={channel.pk}&amp;day=2031-03-10"' in month
    assert whole.count("data-post=") == 7
    assert narrowed.content.decode().count("data-post=") == 1
