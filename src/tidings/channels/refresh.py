"""Keep tokens alive: renewed before they end, by one worker at a time; a passing fault never disconnects."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from tidings.channels.connect import network_of, next_time
from tidings.channels.models import Channel
from tidings.channels.pause import stopped
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.networks.base import Grant
from tidings.networks.errors import Later, Reaction, Reconnect

LEASE = timedelta(seconds=60)
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)  # after a passing fault
SHUT = "Its secrets cannot be opened with this instance's keys."
AHEAD = timedelta(minutes=1)  # a token this near its end is not sent with

log = structlog.get_logger()


def refresh(channel: Channel) -> bool:
    """Renew the access of a channel and its siblings if nobody else is doing so; whether fresh secrets were kept."""
    lease, seen = clock.now() + LEASE, channel.sealed
    if not _claim(channel, lease):
        return False
    channel.refresh_from_db()
    if channel.sealed != seen:  # renewed since it was looked at: once more would end the token that others send with
        _mine(channel, lease).update(refresh_lease=None)
        channel.refresh_lease = None
        return False
    try:
        grant = network_of(channel, "refresh").renew()
    except Reconnect as reaction:
        _pause(channel, lease, reaction.reason)
    except CannotOpen:
        _pause(channel, lease, SHUT)
    except Reaction as reaction:
        _later(channel, lease, reaction)
    except (ValueError, KeyError, TypeError) as error:
        _later(channel, lease, Later(f"The answer was not understood ({type(error).__name__})."))
    else:
        return _keep(channel, lease, grant)
    return False


@transaction.atomic
def _claim(channel: Channel, lease: datetime) -> bool:
    """All of the sign-in or none: what one of them spends is spent for the others."""
    rows = list(channel.siblings().select_for_update())
    if not rows or any(row.refresh_lease and row.refresh_lease >= clock.now() for row in rows):
        return False
    return channel.siblings().update(refresh_lease=lease) == len(rows)


def _mine(channel: Channel, lease: datetime) -> QuerySet[Channel]:
    return channel.siblings().filter(refresh_lease=lease)


@transaction.atomic
def _keep(channel: Channel, lease: datetime, grant: Grant) -> bool:
    """Nothing is written once the lease is another's, or the channel was disconnected meanwhile."""
    mine = list(_mine(channel, lease).select_for_update())
    for row in mine:
        row.keep_secrets({**row.access().secrets, **grant.secrets})
        row.token_ends_at, row.refresh_again_at, row.refresh_lease = grant.ends_at, next_time(grant.ends_at), None
        row.save(update_fields=("sealed", "token_ends_at", "refresh_again_at", "refresh_lease"))
    return any(row.pk == channel.pk for row in mine)


@transaction.atomic
def _pause(channel: Channel, lease: datetime, reason: str) -> None:
    mine = _mine(channel, lease)
    live = list(mine.filter(paused="").values_list("pk", flat=True))
    mine.update(paused=reason[:300], paused_at=clock.now(), refresh_lease=None, refresh_again_at=None)
    for id in live:
        stopped(channel.workspace_id, id)


def _later(channel: Channel, lease: datetime, reaction: Reaction) -> None:
    """Again after a pause: the network's own wish, else the shorter the nearer the token's end is."""
    because = type(reaction).__name__  # what a network says may name people, and log lines outlive them
    log.warning("token not renewed yet", channel=str(channel.pk), network=channel.network, because=because)
    away = abs((channel.token_ends_at or clock.now()) - clock.now()) / 4
    again = reaction.at if isinstance(reaction, Later) and reaction.at else None
    again = again or clock.now() + min(max(away, SHORTEST_PAUSE), LONGEST_PAUSE)
    _mine(channel, lease).update(refresh_again_at=again, refresh_lease=None)


def refresh_due(now: datetime) -> int:
    """Renew every token whose time has come; how many were. The worker asks each minute."""
    return sum(refresh(channel) for channel in due(now))


def due(now: datetime) -> list[Channel]:
    """Live channels whose token is to be renewed by now; one for each sign-in."""
    live = Channel.objects.filter(paused="", refresh_again_at__lte=now).exclude(sealed="")
    rows = live.select_related("workspace", "app").order_by("-refresh_again_at")
    each = {row.sign_in: row for row in rows if row.speaks.has("renew")}
    return sorted(each.values(), key=lambda row: row.refresh_again_at or now)


def fresh(channel: Channel) -> Channel:
    """The channel with access that still holds for a moment, renewed first when it must be.

    Raises Later while a renewal is under way or put off, Reconnect when access is gone.
    """
    if not _ending(channel) or not channel.speaks.has("renew"):
        return channel
    refresh(channel)
    channel.refresh_from_db()
    if channel.paused:
        raise Reconnect(channel.paused)
    if _ending(channel):
        again = channel.refresh_again_at or channel.refresh_lease
        soon = clock.now() + timedelta(seconds=5)
        raise Later("Its access is being renewed.", max(again, soon) if again else soon)
    return channel


def _ending(channel: Channel) -> bool:
    return channel.token_ends_at is not None and channel.token_ends_at - clock.now() < AHEAD
