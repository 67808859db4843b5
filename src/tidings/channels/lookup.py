"""What an author looks for on a network while writing: choices of an option, and whom to mention."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from django.core.cache import cache
from django.utils.translation import gettext as _

from tidings.channels.connect import network_of
from tidings.channels.models import Channel
from tidings.channels.refresh import SHUT, fresh
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.networks.base import Mention, Network
from tidings.networks.errors import Reconnect, Unsure
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

MOST = 50  # answers
LONGEST = 100  # characters that are looked for
LOOKS, SPAN = 60, 60  # by one member in so many seconds: somebody who types asks a few times a word

log = structlog.get_logger()
T = TypeVar("T")


class TooOften(Exception):
    """Asked too often; the sentence says so."""


class NothingToLookFor(Exception):
    """The channel's network has no such option, or nobody can be looked for there."""


def choices(member: Member, channel: Channel, option: str, query: str) -> list[tuple[str, str]]:
    """Choices of a look-up option, as (value, label); raises a Reaction when the network cannot say."""
    require(member, "write")
    if option not in {known.name for known in channel.speaks.options if known.kind == "lookup"}:
        raise NothingToLookFor
    return _asked(member, channel, lambda network: network.lookup(option, query.strip()[:LONGEST]))


def people(member: Member, channel: Channel, query: str) -> list[Mention]:
    """Who could be meant by what was typed; raises a Reaction when the network cannot say."""
    require(member, "write")
    if not channel.speaks.has("mentions"):
        raise NothingToLookFor
    return _asked(member, channel, lambda network: network.mentions(query.strip()[:LONGEST]))


def _asked(member: Member, channel: Channel, ask: Callable[[Network], list[T]]) -> list[T]:
    _not_too_often(member)
    if channel.paused or not channel.sealed:
        raise Reconnect(channel.paused)
    try:
        return list(ask(network_of(fresh(channel), "look")))[:MOST]
    except CannotOpen as error:
        raise Reconnect(SHUT) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        log.exception("a look-up that the network's file does not understand", network=channel.network)
        raise Unsure(_("its answer was not understood.")) from error


def _not_too_often(member: Member) -> None:
    key = f"lookups:{member.pk}:{int(clock.now().timestamp()) // SPAN}"
    cache.add(key, 0, SPAN)
    if cache.incr(key) > LOOKS:
        raise TooOften(_("That was looked for often just now. Wait a minute."))
