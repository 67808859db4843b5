"""The worker: claims what is due and sends it on a pool of threads. Plain functions; docs/decisions/0004 says why.

One delivery's way: claim -> load (what to say, and the access to say it) -> send -> record.
"""

import os
import socket
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from tidings.channels import refresh
from tidings.core import clock
from tidings.core.http import Transport
from tidings.core.secrets import CannotOpen
from tidings.deliveries.chores import Chores
from tidings.deliveries.claim import claim, hold_late, renew
from tidings.deliveries.journal import Journal, LeaseLost
from tidings.deliveries.models import Delivery
from tidings.deliveries.record import record, save_journal
from tidings.deliveries.send import Outcome, after, fault, send
from tidings.deliveries.writer import Writer
from tidings.networks.base import Network, Outgoing, Receipt
from tidings.networks.errors import Reaction, Reconnect, Rejected
from tidings.posts.outgoing import outgoing
from tidings.settings import settings

PAUSE = 0.2  # seconds between two looks at an idle queue
GATHER = 0.02  # seconds in which senders that come free are gathered, so that one claim serves them all
HOLD = 30.0  # seconds between two looks for what has become too late

log = structlog.get_logger()


@dataclass(frozen=True)
class Parcel:
    """A claimed delivery with everything that sending it needs, so that the sender thread asks no database."""

    delivery: Delivery
    network: Network
    outgoing: Outgoing


class Worker:
    """Sends deliveries until stopped. Two workers by mistake do no harm."""

    def __init__(self, door: Transport, senders: int | None = None) -> None:
        self.door = door
        self.name = f"{socket.gethostname()}:{os.getpid()}"[:60]
        self.lease = timedelta(seconds=settings().lease)
        self.senders = senders or settings().senders
        self.beat = clock.now()  # when a round last went well
        self._writer = Writer()
        self._pool = ThreadPoolExecutor(self.senders, thread_name_prefix="sender")
        self._under_way: dict[Future[None], Delivery] = {}
        self._stop = threading.Event()
        self._free = threading.Event()
        self._thread: threading.Thread | None = None
        self._hold_at = clock.now()
        self._chores = Chores()
        self._chore: Future[None] = self._pool.submit(lambda: None)
        self._renew_at = clock.now() + self.lease / 3

    def start(self) -> None:
        """Begin to work on a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more, finish what is under way, end."""
        self._stop.set()
        self._free.set()
        if self._thread:
            self._thread.join()
        self._pool.shutdown(wait=True)
        self._writer.stop()

    def run(self) -> None:
        """The loop; no fault in a round ends it. Told to stop, it goes on keeping the leases of what is under way."""
        while not self._stop.is_set() or self._under_way:
            try:
                if self._stop.is_set():
                    self._renew()
                if self._stop.is_set() or not self.step():
                    self._free.wait(PAUSE)
            except DatabaseError as error:
                log.error("the database did not answer the worker", error=str(error))
                self._free.wait(1.0)
            except Exception:
                log.exception("a round of the worker failed")
                self._free.wait(1.0)
            self._free.clear()
            self._stop.wait(GATHER)
        connections.close_all()

    def step(self) -> int:
        """One round: chores when it is time, then claim and hand out; how many were handed out."""
        self._tend()
        room = self.senders - len(self._under_way)
        claimed = self._writer.do(lambda: claim(self.name, self.lease, room)) if room > 0 else []
        for delivery in claimed:
            future = self._pool.submit(self._deliver, delivery)
            self._under_way[future] = delivery
            future.add_done_callback(self._done)
        self.beat = clock.now()
        return len(claimed)

    def run_until_idle(self) -> int:
        """Work until nothing is due, on this thread's time; how many tries were made. For tests and commands."""
        tries = 0
        while claimed := self._writer.do(lambda: claim(self.name, self.lease, 1)):
            self._deliver(claimed[0])
            tries += 1
        return tries

    def _done(self, future: "Future[None]") -> None:
        self._under_way.pop(future, None)
        self._free.set()

    def _renew(self) -> None:
        now = clock.now()
        if now >= self._renew_at:
            held = list(self._under_way.values())
            self._writer.do(lambda: renew(self.name, held, self.lease))
            self._renew_at = now + self.lease / 3

    def _tend(self) -> None:
        self._renew()
        now = clock.now()
        if now >= self._hold_at:
            self._hold_at = now + timedelta(seconds=HOLD)
            self._writer.do(hold_late)
        if self._chores.due() and self._chore.done():
            self._chore = self._pool.submit(self._chores.do)

    def _deliver(self, delivery: Delivery) -> None:
        """One try of one delivery. Whatever goes wrong here leaves the lease to run out; the journal knows the rest."""
        started = clock.now()
        try:
            journal = self._journal(delivery)
            outcome = self._try_or_fault(delivery, journal)
            self._writer.do(lambda: record(delivery, outcome, journal.data, started))
            log.info("tried", delivery=str(delivery.id), network=delivery.channel.network, outcome=outcome.state)
        except LeaseLost:
            log.warning("another worker has taken over", delivery=str(delivery.id))
        except Exception:
            log.exception("a delivery was left to its next lease", delivery=str(delivery.id))
        finally:
            connections.close_all()  # refreshing, and fitting pictures, may have opened one on this thread

    def _try_or_fault(self, delivery: Delivery, journal: Journal) -> Outcome:
        try:
            return self._try(delivery, journal)
        except (LeaseLost, DatabaseError):
            raise
        except Exception as error:
            log.exception("a fault of ours", delivery=str(delivery.id))
            return fault(delivery.channel.speaks, journal, error)

    def _try(self, delivery: Delivery, journal: Journal) -> Outcome:
        try:
            delivery.channel = refresh.fresh(delivery.channel)
            parcel = self._writer.do(lambda: self._parcel(delivery))
        except Reaction as reaction:
            return after(delivery.channel.speaks, journal, reaction)
        except CannotOpen:
            return after(delivery.channel.speaks, journal, Reconnect(refresh.SHUT))
        outcome = send(parcel.network, parcel.outgoing, journal)
        if outcome.reconnect and self._revived(delivery):
            return Outcome("settling" if journal.lost else "waiting", outcome.reason, clock.now())
        return outcome

    def _revived(self, delivery: Delivery) -> bool:
        """An access that ended early may only need a refresh; once per try, then the channel is paused."""
        if delivery.tries > 3 or not delivery.channel.speaks.has("renew"):
            return False
        return refresh.refresh(delivery.channel)

    def _journal(self, delivery: Delivery) -> Journal:
        def save(data: dict[str, object]) -> None:
            self._writer.do(lambda: save_journal(delivery.id, delivery.fence, data, self.lease))

        return Journal(str(delivery.id), delivery.due_at, save, delivery.journal, self._known(delivery))

    def _known(self, delivery: Delivery) -> frozenset[str]:
        """What this channel has out already; asked for only when a lost post has to be looked for."""
        if "commit" not in delivery.journal:
            return frozenset()
        since = clock.now() - timedelta(days=3)
        out = Delivery.objects.filter(channel=delivery.channel_id, state="delivered", delivered_at__gt=since)
        receipts = self._writer.do(lambda: [row["receipt"] for row in out.values("receipt")])
        return frozenset(receipt["id"] for receipt in receipts if receipt)

    def _parcel(self, delivery: Delivery) -> Parcel:
        """Who speaks, and what is said; most of it came along with the claim."""
        channel = delivery.channel
        if delivery.after and not (delivery.after.receipt or {}).get("id"):
            raise Rejected(_("The part before it has no known address, so nothing can hang on it."))
        network = channel.speaks(channel.access(), self.door, "publish")
        said = outgoing(delivery.item, channel, receipt_of(delivery.after), root_of(delivery))
        return Parcel(delivery, network, said)


def receipt_of(delivery: Delivery | None) -> Receipt | None:
    """The receipt a delivery left, if it is out."""
    return Receipt(**delivery.receipt) if delivery and delivery.receipt else None


def root_of(delivery: Delivery) -> Receipt | None:
    """The receipt of the first part of a delivery's thread."""
    first = delivery.after
    while first and first.after:
        first = first.after
    return receipt_of(first)


