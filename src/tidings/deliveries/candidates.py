"""What an unsure delivery may have become: the profile's own latest posts, the likeliest first, to pick from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

import structlog
from django.core.cache import cache
from django.utils.translation import gettext as _

from tidings.channels.connect import network_of
from tidings.channels.models import Channel
from tidings.channels.refresh import SHUT, fresh
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.deliveries.known import known
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import Refused, resolve
from tidings.networks.base import Seen
from tidings.networks.errors import Reaction, Reconnect, Unsure
from tidings.posts.outgoing import said_by
from tidings.speech import translated
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

BEFORE = timedelta(minutes=10)  # their clock may differ from ours
MOST = 10
LOOKS, SPAN = 6, 60  # looks at one channel in so many seconds: the network counts them, and some are paid for

log = structlog.get_logger()


class TooMany(Refused):
    """Asked too often; the sentence says so."""


@dataclass(frozen=True)
class Candidates:
    """Posts that it may have become, the likeliest first; `reason` says why there are none."""

    posts: list[Seen]
    reason: str = ""


def candidates(member: Member, delivery: Delivery) -> Candidates:
    """Ask the network for the profile's posts since the delivery was first sent; raises TooMany."""
    require(member, "publish")
    channel = delivery.channel
    if not channel.speaks.has("recent"):
        return Candidates([], _("%(network)s cannot list the profile's posts.") % {"network": channel.label})
    _not_too_often(channel)
    since = first_sent(delivery) - BEFORE
    try:
        latest = _latest(channel, since)
    except Reaction as reaction:
        return Candidates([], _("%(network)s could not be asked: %(reason)s") % _told(channel, reaction.reason))
    taken = known(channel, (seen.receipt.id for seen in latest), since)
    free = [seen for seen in latest if seen.receipt.id not in taken]
    if not free:
        return Candidates([], _("The profile shows no post since then that could be this one. Some appear late."))
    return Candidates(_likeliest(free, said_by(delivery.item, channel).text, first_sent(delivery))[:MOST])


def pick(member: Member, delivery: Delivery, id: str) -> None:
    """It is out, as this post over there: one that the network lists just now, whatever a form says."""
    found = next((seen for seen in candidates(member, delivery).posts if seen.receipt.id == id), None)
    if found is None:
        raise Refused(_("The network does not list that post any more. Look again."))
    resolve(member, delivery, out=True, receipt=found.receipt)


def first_sent(delivery: Delivery) -> datetime:
    """When the request whose answer was lost was first made, as far as is known."""
    mark = delivery.journal.get("commit") or {}
    began = mark.get("first") or delivery.journal.get("first_try")
    return clock.from_iso(began) if began else delivery.due_at


def _latest(channel: Channel, since: datetime) -> list[Seen]:
    if not channel.sealed:
        raise Reconnect(channel.paused)
    try:
        return network_of(fresh(channel), "find").recent(since)
    except CannotOpen as error:
        raise Reconnect(SHUT) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        log.exception("a list of posts that the network's file does not understand", network=channel.network)
        raise Unsure(_("its answer was not understood.")) from error


def _told(channel: Channel, reason: str) -> dict[str, str]:
    return {"network": channel.label, "reason": translated(reason)}


def _likeliest(posts: Iterable[Seen], text: str, at: datetime) -> list[Seen]:
    """By likeness of words, in tenths, then by nearness in time."""
    return sorted(posts, key=lambda seen: (-round(_likeness(seen.text, text), 1), abs(seen.at - at)))


def _likeness(one: str, other: str) -> float:
    """From 0 to 1, whatever the white space and the case."""
    words, others = (" ".join(text.casefold().split()) for text in (one, other))
    return SequenceMatcher(None, words, others, autojunk=False).ratio() if words or others else 1.0


def _not_too_often(channel: Channel) -> None:
    key = f"looks:{channel.id}:{int(clock.now().timestamp()) // SPAN}"
    cache.add(key, 0, SPAN)
    if cache.incr(key) > LOOKS:
        raise TooMany(_("That was looked for often just now. Wait a minute."))
