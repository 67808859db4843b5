"""Read back what went out, where reading is free: still there a minute later, and a day later?

Publishing comes first: a channel that has something to send is left alone, the others are asked a few times a round.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q

from tidings.channels.connect import network_of
from tidings.channels.models import Channel
from tidings.channels.refresh import fresh
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.deliveries.models import CLAIMABLE, GONE, IS_UNDER_WAY, UNDER_WAY, Delivery
from tidings.networks.base import Network, Receipt
from tidings.networks.errors import Later, NotYet, Reaction, Unsure
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

FIRST, LAST = timedelta(seconds=60), timedelta(hours=24)  # after it went out
DOUBT = timedelta(minutes=5)  # what is not there is believed to be gone the second time
PAUSE, TROUBLE = timedelta(minutes=1), timedelta(minutes=30)  # until the next look, when this one could not be made
GIVE_UP = timedelta(days=3)
AT_ONCE, EACH = 100, 3  # posts looked up for a round, and looked at of one channel
ROUND = timedelta(seconds=10)  # other chores wait behind this one

log = structlog.get_logger()


def first_look(channel: Channel, out_at: datetime) -> datetime | None:
    """When a post is first read back; None where reading costs money, is not possible, or nobody wants it."""
    return out_at + FIRST if channel.observed and readable(channel.speaks) else None


def readable(speaks: type[Network]) -> bool:
    """Whether this network shows, for nothing, what became of a post."""
    return speaks.reads_free and speaks.has("present")


@transaction.atomic
@transaction.atomic
def observe(member: Member, channel: Channel, yes: bool) -> None:
    """Whether to look what becomes of this channel's posts after they went out."""
    require(member, "connect")
    Channel.objects.filter(pk=channel.pk).update(observed=yes)
    posts = Delivery.objects.filter(channel=channel.pk)
    if not yes:
        posts.filter(look_at__isnull=False).update(look_at=None, gone_at=None)
    elif readable(channel.speaks):
        posts.filter(state__in=UNDER_WAY, look_at=None).update(look_at=F("due_at") + FIRST)
    record(member, member.workspace_id, "observed", "channel", channel.pk, observed=yes)


def read_back(now: datetime) -> int:
    """Look at what is due, the longest waiting first; how many were dealt with."""
    out = Delivery.objects.filter(state="delivered", look_at__lte=now, delivered_at__lte=now - FIRST)
    out = out.filter(channel__observed=True)
    rows = out.select_related("channel__workspace", "channel__app").order_by("look_at")[:AT_ONCE]
    by_channel: dict[UUID, list[Delivery]] = defaultdict(list)
    for delivery in rows:
        by_channel[delivery.channel_id].append(delivery)
    resting = busy(list(by_channel), now)
    looked = 0
    for channel, deliveries in by_channel.items():
        ready = [] if channel in resting or clock.now() - now > ROUND else deliveries[:EACH]
        done = _look_at_channel(ready)
        _put_off(deliveries[done:], now + PAUSE)
        looked += done
    return looked


@transaction.atomic
def know(member: Member, delivery: Delivery) -> None:
    """Somebody has seen that it is gone; the list of what waits does not tell it again."""
    require(member, "publish")
    if Delivery.objects.filter(GONE, id=delivery.id).update(gone_known=True):
        record(member, member.workspace_id, "known", "delivery", delivery.pk, post=str(delivery.post_id))


def busy(channels: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of these channels that are sending, or will in a moment."""
    soon = Q(state__in=CLAIMABLE, again_at__gt=now - PAUSE, again_at__lte=now + ROUND)
    found = Delivery.objects.filter(Q(state="sending") | soon, IS_UNDER_WAY, channel__in=channels)
    return set(found.values_list("channel", flat=True).distinct())


def _put_off(deliveries: list[Delivery], until: datetime) -> None:
    """What was not looked at makes room for other channels' posts."""
    ids = [delivery.id for delivery in deliveries]
    Delivery.objects.filter(id__in=ids, state="delivered", look_at__lt=until).update(look_at=until)


def _look_at_channel(deliveries: list[Delivery]) -> int:
    """How many were dealt with; the first that cannot be looked at ends it."""
    for done, delivery in enumerate(deliveries, 1):
        if not _mine(delivery):
            continue
        try:
            _note(delivery, _present(delivery))
        except Reaction as reaction:
            _not_now(delivery, reaction)
            return done
    return len(deliveries)


def _present(delivery: Delivery) -> bool:
    """What the network says; raises a Reaction when it cannot be asked, or is not understood."""
    try:
        channel = _speaking(delivery.channel)
        return network_of(channel, "find").present(Receipt(**delivery.receipt or {}))
    except (ValueError, LookupError, TypeError, AttributeError, NotImplementedError, CannotOpen) as error:
        log.warning("a post could not be read back", delivery=str(delivery.id), because=type(error).__name__)
        raise Unsure(repr(error)) from error


def _speaking(channel: Channel) -> Channel:
    """The channel with access that holds; raises Later when there is none."""
    if channel.paused or not channel.sealed:
        raise Later(channel.paused, clock.now() + TROUBLE)
    return fresh(channel)


def _mine(delivery: Delivery) -> bool:
    """Whether no other node is looking at it; should we die over it, another looks after a while."""
    was = Delivery.objects.filter(id=delivery.id, state="delivered", look_at=delivery.look_at)
    return was.update(look_at=clock.now() + DOUBT) == 1


def _note(delivery: Delivery, there: bool) -> None:
    """Write down what was seen, and when to look again."""
    now = clock.now()
    end = (delivery.delivered_at or now) + LAST
    if there:
        again = end if now < end else None
        Delivery.objects.filter(id=delivery.id).update(seen_at=now, gone_at=None, look_at=again)
    elif delivery.gone_at is None:
        Delivery.objects.filter(id=delivery.id).update(gone_at=now, look_at=now + DOUBT)
    else:
        Delivery.objects.filter(id=delivery.id).update(look_at=None)


def _not_now(delivery: Delivery, reaction: Reaction) -> None:
    """The network cannot be asked just now: again when it says, else after a while, and in the end not at all."""
    now = clock.now()
    until = now + TROUBLE
    if isinstance(reaction, Later) and reaction.at:
        until = max(reaction.at, now + PAUSE)
    if isinstance(reaction, NotYet):
        until = now + max(timedelta(seconds=reaction.seconds), PAUSE)
    if until - (delivery.delivered_at or now) > GIVE_UP:
        Delivery.objects.filter(id=delivery.id).update(look_at=None, gone_at=None)
    else:
        Delivery.objects.filter(id=delivery.id).update(look_at=until)
