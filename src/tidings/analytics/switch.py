"""Whether a channel's numbers are read: a member may object, and have what was read forgotten."""

from uuid import UUID

from django.db import transaction

from tidings.analytics.keep import KEPT
from tidings.analytics.models import Meter, Series, Standing
from tidings.analytics.take_up import MANY, meter_of, plan
from tidings.analytics.timetable import STEPS
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.networks.base import Network
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require


def countable(speaks: type[Network]) -> bool:
    """Whether this network gives any numbers."""
    return speaks.has("measure") or speaks.has("audience")


@transaction.atomic
def measure(member: Member, channel: Channel, yes: bool) -> None:
    """Read its numbers from now on, or no more."""
    require(member, "connect")
    meter = meter_of(channel)
    now = clock.now()
    meter.wanted, meter.trouble, meter.again_at, meter.audience_at = yes, "", now, now
    meter.save(update_fields=("wanted", "trouble", "again_at", "audience_at"))
    young = Standing.objects.filter(channel=channel, gone_at=None, out_at__gt=now - STEPS[-1])
    standings = list(young.select_related("delivery"))
    for standing in standings:
        standing.next_at = plan(meter, standing.delivery, standing.out_at, now)
    Standing.objects.bulk_update(standings, ("next_at",), MANY)
    record(member, member.workspace_id, "measured", "channel", channel.pk, measured=yes)


@transaction.atomic
def forget_numbers(member: Member, channel: Channel) -> None:
    """Drop every number that was read of this channel and its posts."""
    require(member, "connect")
    drop_numbers(channel.pk)
    record(member, member.workspace_id, "forgot_numbers", "channel", channel.pk)


def drop_numbers(channel: UUID) -> int:
    """The same when nobody has to be asked: how many series there were."""
    gone = Series.objects.filter(channel=channel)
    many = gone.count()
    gone.delete()
    Standing.objects.filter(channel=channel).update(read_at=None, **dict.fromkeys(KEPT))
    Meter.objects.filter(channel=channel).update(read_at=None, trouble="")
    return many


@transaction.atomic
def set_budget(member: Member, channel: Channel, posts: int) -> None:
    """How many posts may be read in a month, where reading costs."""
    require(member, "connect")
    Meter.objects.filter(pk=meter_of(channel).pk).update(budget=posts, again_at=clock.now())
    record(member, member.workspace_id, "measured", "channel", channel.pk, budget=posts)
