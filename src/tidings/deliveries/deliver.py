"""One delivery's way, from claimed to recorded: load what is said and who says it, send, record.

What it needs from outside comes in on a desk: rows, the way out, and chance. The worker gives it threads and a real
network, the simulation neither.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Protocol, TypeVar

import structlog
from django.db import DatabaseError
from django.utils.translation import gettext as _

from tidings.channels import refresh
from tidings.core import clock
from tidings.core.discretion import discreet
from tidings.core.http import Answer, Request, Transport
from tidings.core.secrets import CannotOpen
from tidings.deliveries.journal import Journal, LeaseLost
from tidings.deliveries.models import Delivery
from tidings.deliveries.record import CHANCE, End, Save, record
from tidings.deliveries.send import Outcome, after, fault, send
from tidings.deliveries.tally import Tally
from tidings.networks.base import Network, Outgoing, Receipt
from tidings.networks.errors import Reaction, Reconnect, Rejected
from tidings.posts.outgoing import outgoing

T = TypeVar("T")
KNOWN_FOR = timedelta(days=3)  # how far back posts of ours are told apart from a lost one

log = structlog.get_logger()


class Do(Protocol):
    """Does database work; what it gives is durable when this returns."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """Raises what `work` raises, and then nothing of it is kept."""
        ...


@dataclass(frozen=True)
class Desk:
    """What delivering needs from outside."""

    do: Do
    door: Transport
    lease: timedelta
    chance: random.Random = CHANCE
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class Parcel:
    """A claimed delivery with everything that sending it needs."""

    network: Network
    outgoing: Outgoing


def deliver(delivery: Delivery, desk: Desk) -> Outcome | None:
    """One try. None: the claim is not ours any more, or the database is away; the journal knows the rest."""
    started = clock.now()
    try:
        journal = _journal(delivery, desk)
        outcome = _try_or_fault(delivery, journal, desk)
        _write(desk, record(delivery, outcome, journal.data, started, desk.chance))
    except LeaseLost:
        log.warning("another worker has taken over", delivery=str(delivery.id))
        return None
    except Exception:
        log.exception("a delivery was left to its next lease", delivery=str(delivery.id))
        return None
    lag = (started - max(delivery.due_at, delivery.again_at)).total_seconds()
    desk.tally.tried(delivery.channel.network, outcome.state, lag, delivery.tries)
    log.info("tried", delivery=str(delivery.id), network=delivery.channel.network, outcome=outcome.state)
    return outcome


def _try_or_fault(delivery: Delivery, journal: Journal, desk: Desk) -> Outcome:
    try:
        return _try(delivery, journal, desk)
    except (LeaseLost, DatabaseError):
        raise
    except Exception as error:
        log.exception("a fault of ours", delivery=str(delivery.id))
        return fault(delivery.channel.speaks, journal, error)


def _try(delivery: Delivery, journal: Journal, desk: Desk) -> Outcome:
    try:
        delivery.channel = refresh.fresh(delivery.channel)
        parcel = _parcel(delivery, journal, desk)
    except Reaction as reaction:
        return after(delivery.channel.speaks, journal, reaction)
    except CannotOpen:
        return after(delivery.channel.speaks, journal, Reconnect(refresh.SHUT))
    outcome = replace(send(parcel.network, parcel.outgoing, journal), shut=parcel.network.shut)
    if outcome.reconnect and _revived(delivery):
        return Outcome("settling" if journal.lost else "waiting", outcome.reason, clock.now())
    return outcome


def _revived(delivery: Delivery) -> bool:
    """An access that ended early may only need a refresh; once per try, then the channel is paused."""
    if delivery.tries > 3 or not delivery.channel.speaks.has("renew"):
        return False
    return refresh.refresh(delivery.channel)


def _journal(delivery: Delivery, desk: Desk) -> Journal:
    def save(data: dict[str, object]) -> None:
        until = clock.now() + desk.lease
        _write(desk, Save(delivery.id, delivery.fence, data, desk.lease))
        delivery.lease_until = until

    return Journal(str(delivery.id), delivery.due_at, save, delivery.journal, _known(delivery, desk))


def _write(desk: Desk, work: Save | End) -> None:
    """Raises LeaseLost when the claim is not ours any more, and nothing was written."""
    if not desk.do(work):
        raise LeaseLost


def _known(delivery: Delivery, desk: Desk) -> frozenset[str]:
    """What this channel has out already; asked for only when a lost post has to be looked for."""
    if "commit" not in delivery.journal:
        return frozenset()
    out = Delivery.objects.filter(
        channel=delivery.channel_id, state="delivered", delivered_at__gt=clock.now() - KNOWN_FOR
    )
    receipts = desk.do(lambda: [row["receipt"] for row in out.values("receipt")])
    return frozenset(receipt["id"] for receipt in receipts if receipt)


def _parcel(delivery: Delivery, journal: Journal, desk: Desk) -> Parcel:
    """Who speaks, and what is said. A delivery with neither media nor a part before came with all it needs."""
    alone = delivery.after_id is None and not delivery.item.media and delivery.variant is None
    said = _said(delivery) if alone else desk.do(lambda: _said(delivery))
    door = discreet(_while_ours(delivery, journal, desk.door), said.words)
    return Parcel(delivery.channel.speaks(delivery.channel.access(), door, "publish"), said)


def _while_ours(delivery: Delivery, journal: Journal, door: Transport) -> Transport:
    """The way out for as long as the lease lasts. Who slept through its end, between a step's save and its request
    perhaps, says nothing any more: others have gone on since."""
    def lead(request: Request) -> Answer:
        journal.keep()
        if delivery.lease_until is None or clock.now() >= delivery.lease_until:
            raise LeaseLost(str(delivery.id))
        return door(request)

    return lead


def _said(delivery: Delivery) -> Outgoing:
    if delivery.answers:
        return _answer(delivery, delivery.answers)
    before = delivery.after
    if before and not (before.receipt or {}).get("id"):
        raise Rejected(_("The part before it has no known address, so nothing can hang on it."))
    return outgoing(
        delivery.item, delivery.variant, delivery.channel, _receipt_of(before), _root_of(delivery)
    )


def _answer(delivery: Delivery, to: dict[str, Any]) -> Outgoing:
    """What answers somebody: to the network a part of a thread, but never its first."""
    root = Receipt(**to["root"]) if to.get("root") else None
    said = outgoing(delivery.item, delivery.variant, delivery.channel, Receipt(**to["to"]), root)
    return replace(said, position=1)


def _receipt_of(delivery: Delivery | None) -> Receipt | None:
    """The receipt a delivery left, if it is out."""
    return Receipt(**delivery.receipt) if delivery and delivery.receipt else None


def _root_of(delivery: Delivery) -> Receipt | None:
    """The receipt of the first part of a delivery's thread."""
    first = delivery.after
    while first and first.after:
        first = first.after
    return _receipt_of(first)
