"""Ask networks whether our access still stands, where their terms want that; what they told of a profile is renewed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from tidings import networks
from tidings.channels.connect import network_of, picture_or_page
from tidings.channels.models import Channel
from tidings.channels.pause import stopped
from tidings.channels.refresh import fresh
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.networks.errors import Reaction, Reconnect

EARLY = timedelta(days=5)  # before it would be too late: a network may be away for a while
AT_ONCE = 20  # channels a round

log = structlog.get_logger()


def verify_due(now: datetime) -> int:
    """Ask about every access whose time has come; how many still stand. What stands still is not touched."""
    return sum(verify(channel) for rows in _due(now) for channel in rows)


def _due(now: datetime) -> Iterator[QuerySet[Channel]]:
    for speaks in networks.every().values():
        if speaks.reverify:
            live = Channel.objects.filter(network=speaks.name, paused="").exclude(sealed="")
            old = live.filter(verified_at__lt=now - speaks.reverify + EARLY)
            yield old.select_related("workspace", "app").order_by("verified_at")[:AT_ONCE]


def verify(channel: Channel) -> bool:
    """Whether the access still stands. A passing fault says nothing; an end pauses the channel."""
    try:
        _renew(fresh(channel))
    except (Reconnect, CannotOpen) as ended:
        reason = ended.reason if isinstance(ended, Reconnect) else "Its secrets cannot be opened."
        _stop(channel, reason)
    except (Reaction, ValueError, KeyError, TypeError, AttributeError, IndexError) as passing:
        because = type(passing).__name__
        log.warning("access not confirmed yet", channel=str(channel.pk), network=channel.network, because=because)
    else:
        return True
    return False


@transaction.atomic
def _stop(channel: Channel, reason: str) -> None:
    if Channel.objects.filter(pk=channel.pk, paused="").update(paused=reason[:300], paused_at=clock.now()):
        stopped(channel.workspace_id, channel.pk)


def _renew(channel: Channel) -> None:
    speaker = network_of(channel, "refresh")
    seen, server = speaker.profile(), {**channel.server, **speaker.announced()}
    told = Channel.objects.filter(pk=channel.pk).exclude(sealed="")
    if seen.id == channel.remote_id:
        told.update(
            handle=seen.handle[:255], name=seen.name[:255], avatar=picture_or_page(seen.avatar),
            url=picture_or_page(seen.url), server=server,
        )  # fmt: skip
    told.update(verified_at=clock.now())
