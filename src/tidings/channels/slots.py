"""The times of the week at which a channel likes to publish: wall time of its zone, and the instants that it means."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from tidings.channels.models import Channel, Slot
from tidings.core import zones
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

MOST = 100  # of one channel
DAY = timedelta(days=1)
Time = tuple[int, time]  # the weekday, 0 Monday … 6 Sunday, and what the clocks show


class NoSuchTime(Exception):
    """Slots or a zone that cannot be; the sentence says why."""


def zone_of(channel: Channel) -> ZoneInfo:
    """The zone whose clocks the channel goes by."""
    return zones.zone(channel.zone or channel.workspace.zone)


def times(channel: Channel, start: datetime, end: datetime, slots: Iterable[Slot] | None = None) -> list[datetime]:
    """The channel's slots as instants from `start` until `end`, which is left out; by the rules of core.zones."""
    zone, known = zone_of(channel), list(channel.slots.all() if slots is None else slots)
    first, last = start.astimezone(zone).date() - DAY, end.astimezone(zone).date()
    days = [first + DAY * number for number in range((last - first).days + 1)]
    of_weekday = [[slot.at for slot in known if slot.weekday == weekday] for weekday in range(7)]
    found = {zones.instant(datetime.combine(day, at), zone) for day in days for at in of_weekday[day.weekday()]}
    return sorted(at for at in found if start <= at < end)


@transaction.atomic
def set_slots(member: Member, channel: Channel, slots: Iterable[Time]) -> None:
    """These and no others, each once and to the minute; raises NoSuchTime."""
    require(member, "connect")
    wanted = {(weekday, at.replace(second=0, microsecond=0, tzinfo=None)) for weekday, at in slots}
    if any(not 0 <= weekday <= 6 for weekday, _at in wanted):
        raise NoSuchTime(_("A week has seven days, from 0 for Monday to 6 for Sunday."))
    if len(wanted) > MOST:
        raise NoSuchTime(_("A channel has at most %(most)d times a week.") % {"most": MOST})
    Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)  # two who save at once do so one after the other
    channel.slots.all().delete()
    Slot.objects.bulk_create(Slot(channel=channel, weekday=weekday, at=at) for weekday, at in sorted(wanted))
    record(member, member.workspace_id, "slots", "channel", channel.pk, times=len(wanted))


@transaction.atomic
def set_zone(member: Member, channel: Channel, zone: str) -> None:
    """Whose clocks the channel's slots go by; empty: the workspace's. Raises NoSuchTime."""
    require(member, "connect")
    if zone and zone not in zones.known():
        raise NoSuchTime(_("There is no such time zone."))
    channel.zone = zone
    channel.save(update_fields=["zone"])
    record(member, member.workspace_id, "zone", "channel", channel.pk)
