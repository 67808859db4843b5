"""Read something of a channel beside publishing, numbers or others' words: asked with its access, within what reading
may take of its network's rates, and what goes wrong is put into a sentence and a time. It never stops the channel.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from tidings.channels.connect import network_of
from tidings.channels.models import Channel
from tidings.channels.refresh import SHUT, fresh
from tidings.core import clock
from tidings.core.http import Purpose
from tidings.core.secrets import CannotOpen
from tidings.deliveries import limits
from tidings.networks.base import Network
from tidings.networks.errors import Later, NotYet, Reaction, Unsure

T = TypeVar("T")
TROUBLE, MORE_TROUBLE = timedelta(minutes=30), timedelta(hours=6)  # until a channel is asked again

log = structlog.get_logger()


class Full(Exception):
    """No more may be asked before `until`: a limit, or the month's budget."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def asking(channel: Channel, purpose: Purpose) -> Network:
    """The channel's network, with access that holds; raises a Reaction where there is none."""
    try:
        return network_of(fresh(channel), purpose)
    except CannotOpen as error:
        raise Unsure(SHUT) from error


def understood(channel: Channel, read: Callable[[], T]) -> T:
    """What this reads; an answer that the network's file does not understand is raised as one that is not clear."""
    try:
        return read()
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        log.exception("an answer that the network's file does not understand", network=channel.network)
        raise Unsure(f"{channel.label} answered in a way this program does not understand.") from error


def spend(channel: Channel, requests: int) -> None:
    """Take so many requests out of what reading may have; raises Full."""
    ask = limits.Ask(channel.pk, channel.network, channel.app_id)
    if until := limits.read(ask, channel.speaks.counting.reads, requests, clock.now()):
        raise Full(until)


def put_off(channel: Channel, reaction: Reaction, trouble: str) -> tuple[str, datetime]:
    """The network tells nothing just now: what is said of it, and when it is asked again. `trouble`: what was said."""
    now = clock.now()
    if isinstance(reaction, Later) and reaction.at:
        limits.close_reading(channel, reaction.at, now)
        return trouble, max(reaction.at, now)
    if isinstance(reaction, NotYet):
        return trouble, now + timedelta(seconds=reaction.seconds)
    return reaction.reason[:300], now + (MORE_TROUBLE if trouble else TROUBLE)
