"""Gather what others wrote: under posts of ours, or to the profile, as its network gives it.

Publishing comes first, as it does for numbers (analytics/collect.py), and the same small part of a network's rates has
to do for both. What a network answers to a question never stops a channel.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import reading
from tidings.deliveries.models import Delivery
from tidings.deliveries.readback import busy
from tidings.deliveries.reading import Full
from tidings.inbox.keep import keep
from tidings.inbox.models import Listener
from tidings.inbox.turns import OLDEST, has_turn
from tidings.networks import every
from tidings.networks.answered import Message
from tidings.networks.base import Network, Receipt
from tidings.networks.errors import Reaction, Rejected

LEASE = timedelta(minutes=5)  # should we die over a channel, another asks after that
ROUND = timedelta(seconds=10)  # other chores wait behind this one
CHANNELS, LOOKS = 50, 30  # asked in a round, and looks at one channel; the newest posts first
CALLED = 100  # posts that wait because somebody wrote; more are found when they have their turn
OVERLAP = timedelta(hours=1)  # a list may show something later than the time that it bears
BACK = timedelta(days=7)  # how far the first look goes back


@dataclass(frozen=True)
class Look:
    """What one question is about: posts of ours, or none, where the network lists whatever reached the profile."""

    posts: tuple[Delivery, ...] = ()

    def receipts(self) -> list[Receipt]:
        """Of the posts, as the network knows them."""
        return [Receipt(**post.receipt or {}) for post in self.posts]


@dataclass
class Told:
    """What a round with one channel came to so far: questions that were answered, messages that were new."""

    looks: int = 0
    new: int = 0


def gather_due(now: datetime) -> int:
    """Ask for whatever is due, the longest waiting channel first; how many messages were new."""
    listen(now)
    due = Listener.objects.filter(wanted=True, again_at__lte=now, channel__paused="").exclude(channel__sealed="")
    due = due.filter(channel__network__in=heard()).order_by("again_at")
    listeners = list(due.select_related("channel__workspace", "channel__app")[:CHANNELS])
    resting = busy([one.channel_id for one in listeners], now)
    return sum(gather(one) for one in listeners if one.channel_id not in resting and clock.now() - now < ROUND)


@transaction.atomic
def call(written: Iterable[tuple[Channel, str]]) -> None:
    """A network tells that somebody wrote under these posts: they have their turn in the next round, whatever their
    age. What it was is asked for, not believed."""
    for channel, post in written:
        listener = Listener.objects.select_for_update().filter(channel=channel, wanted=True).first()
        if listener and post not in listener.called:
            listener.called = [*listener.called, post][-CALLED:]
            listener.again_at = min(listener.again_at, clock.now())
            listener.save(update_fields=("called", "again_at"))


def listen(now: datetime) -> int:
    """Every channel has a listener from the first round on; how many were new."""
    without = Channel.objects.filter(~Exists(Listener.objects.filter(channel=OuterRef("pk"))), network__in=heard())
    new = [Listener(channel=one, workspace_id=one.workspace_id, again_at=now) for one in without]
    return len(Listener.objects.bulk_create(new, ignore_conflicts=True))


def gather(listener: Listener) -> int:
    """Ask one channel's network for what is due of it; how many messages were new."""
    if not _mine(listener):
        return 0
    began, told = clock.now(), Told()
    try:
        _ask(listener, began, told)
    except Full as full:
        _note(listener, listener.trouble, full.until, began if told.looks else None)
    except Reaction as reaction:
        _note(listener, *reading.put_off(listener.channel, reaction, listener.trouble))
    else:
        _answered(listener, began)
    return told.new


@transaction.atomic
def _answered(listener: Listener, began: datetime) -> None:
    """All is known as of `began`; who called meanwhile has not been heard yet."""
    called = Listener.objects.select_for_update().values_list("called", flat=True).get(pk=listener.pk)
    left = [post for post in called if post not in listener.called]
    now = clock.now()
    _note(listener, "", now if left else now + listener.channel.speaks.hearing.every, began, called=left)


def heard() -> list[str]:
    """The networks that give what others write."""
    return [name for name, network in every().items() if network.has("inbox")]


def _mine(listener: Listener) -> bool:
    """Whether no other node is asking for this channel."""
    was = Listener.objects.filter(pk=listener.pk, again_at=listener.again_at, wanted=True)
    return was.update(again_at=clock.now() + LEASE) == 1


def _ask(listener: Listener, now: datetime, told: Told) -> None:
    """Everything that has its turn. What is refused of one post is asked of the others all the same; raises what was
    said last where all is refused."""
    refused: Rejected | None = None
    looks = _looks(listener, now)
    if not looks:
        return
    network = reading.asking(listener.channel, "inbox")
    for look in looks:
        reading.spend(listener.channel, network.hearing.calls)
        try:
            told.new += keep(listener.channel, look.posts, _said(listener, network, look, now), clock.now())
            told.looks += 1
        except Rejected as reaction:
            refused = reaction
    if refused and not told.looks:
        raise refused


def _looks(listener: Listener, now: datetime) -> list[Look]:
    size = listener.channel.speaks.hearing.batch
    if not size:
        return [Look()]
    posts = [post for post in _posts(listener.channel, now) if _has_turn(post, listener, now)]
    return [Look(tuple(posts[n : n + size])) for n in range(0, len(posts), size)][:LOOKS]


def _posts(channel: Channel, now: datetime) -> list[Delivery]:
    """What is out on this channel, and young enough; the newest first. What is under the later parts of a thread hangs
    below its first, too."""
    out = Delivery.objects.filter(channel=channel, state="delivered", delivered_at__gt=now - OLDEST, gone_at=None)
    known = out.filter(answers__isnull=True, after=None, receipt__isnull=False).order_by("-delivered_at")
    return [post for post in known.only("receipt", "delivered_at") if post.receipt and post.receipt["id"]]


def _has_turn(post: Delivery, listener: Listener, now: datetime) -> bool:
    called = post.receipt is not None and post.receipt["id"] in listener.called
    return called or has_turn(post.delivered_at or now, listener.heard_at, now)


def _said(listener: Listener, network: Network, look: Look, now: datetime) -> Sequence[Message]:
    since = (listener.heard_at - OVERLAP) if listener.heard_at else now - BACK
    return reading.understood(listener.channel, lambda: network.inbox(since, look.receipts()))


def _note(
    listener: Listener, trouble: str, again_at: datetime, heard_at: datetime | None = None, **more: Any
) -> None:
    told = more | ({"heard_at": heard_at} if heard_at else {})
    Listener.objects.filter(pk=listener.pk).update(trouble=trouble, again_at=again_at, **told)
