"""The queue as people mean it: which slots of a channel are still free, and which comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import prefetch_related_objects

from tidings.channels.models import Channel
from tidings.channels.slots import times
from tidings.deliveries.models import Delivery
from tidings.workspaces.models import Workspace

MINUTE = timedelta(minutes=1)
LOOKED = (timedelta(days=7), timedelta(days=60))  # how far ahead: mostly a week is enough
Taken = set[tuple[UUID, datetime]]


@dataclass(frozen=True)
class Free:
    """A slot at which nothing of its channel is due."""

    channel: Channel
    at: datetime


def free(workspace: Workspace, start: datetime, end: datetime, channels: Iterable[Channel] | None = None) -> list[Free]:
    """Free slots of the workspace's live channels (or of those given, if live) in the window, the earliest first."""
    known = Channel.objects.filter(workspace=workspace) if channels is None else channels
    live = _with_slots([channel for channel in known if not channel.paused and channel.workspace_id == workspace.pk])
    found = [Free(channel, at) for channel, ats in _open(live, start, end) for at in ats]
    return sorted(found, key=lambda one: (one.at, one.channel.network, one.channel.handle))


def next_free(channels: Iterable[Channel], after: datetime) -> datetime | None:
    """The earliest free slot after this instant that all these channels share, those without slots aside; the earliest
    of any of them, if they share none within 60 days; None: they have no slots, or none that is free."""
    known = _with_slots(list(channels))
    ats: list[set[datetime]] = []
    for span in LOOKED:
        ats = [set(own) for _channel, own in _open(known, after + timedelta.resolution, after + span)]
        if ats and (shared := set.intersection(*ats)):
            return min(shared)
    return min(set().union(*ats), default=None)


def _with_slots(channels: Sequence[Channel]) -> list[Channel]:
    """Those that have any, read in one go with whose they are."""
    prefetch_related_objects(channels, "slots", "workspace")
    return [channel for channel in channels if channel.slots.all()]


def _open(channels: Sequence[Channel], start: datetime, end: datetime) -> list[tuple[Channel, list[datetime]]]:
    """Each channel with its free slots."""
    if not channels:
        return []
    taken = _taken(channels, start, end)
    each = [(channel, times(channel, start, end)) for channel in channels]
    return [(channel, [at for at in ats if (channel.pk, at) not in taken]) for channel, ats in each]


def _taken(channels: Sequence[Channel], start: datetime, end: datetime) -> Taken:
    """The minutes at which something of a channel is due."""
    due = Delivery.objects.filter(channel__in=channels, due_at__gte=start - MINUTE, due_at__lt=end + MINUTE)
    rows = due.exclude(state="cancelled").values_list("channel_id", "due_at")
    return {(channel, at.replace(second=0, microsecond=0)) for channel, at in rows}
