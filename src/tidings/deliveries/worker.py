"""The worker: claims what is due and delivers it on a pool of threads; docs/decisions/0004 says why threads."""

import os
import socket
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, connections

from tidings import networks
from tidings.core import clock
from tidings.core.cores import Core, spread
from tidings.core.http import Transport
from tidings.deliveries import nodes, wake
from tidings.deliveries.chores import PACES, Chores, Paces
from tidings.deliveries.claim import claim, renew
from tidings.deliveries.deliver import Desk, deliver
from tidings.deliveries.ear import Ear
from tidings.deliveries.late import hold_late
from tidings.deliveries.models import Delivery
from tidings.deliveries.tally import Tally
from tidings.deliveries.writer import Writer
from tidings.settings import settings

PAUSE = 0.5  # seconds between two looks at an idle queue at most: a node that cannot hear polls
GATHER = 0.01  # seconds in which senders that come free are gathered, so that one claim serves them all
HOLD = timedelta(seconds=1)  # between two looks for what has become too late
MEND = timedelta(seconds=60)  # between two looks for lanes that sleep too long
STALL = timedelta(seconds=10)  # that a round may last on a busy machine; beyond it, the clock was set
MANY = 8  # deliveries at once, for which it is worth while to bring the threads together
REST = 5.0  # seconds after that in which no lease counts as run out

log = structlog.get_logger()


class Worker:
    """Sends deliveries until stopped. Two workers by mistake do no harm."""

    def __init__(self, door: Transport, senders: int | None = None, chores: Paces = PACES) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"[:60]
        self.lease = timedelta(seconds=settings().lease)
        self.senders = senders or settings().senders
        self.beat = clock.now()  # when a round last went well
        self._core = Core()
        self._writer = Writer(self._core.join)
        self._tally = Tally()
        self._desk = Desk(self._writer.do, door, self.lease, tally=self._tally)
        self._pool = ThreadPoolExecutor(self.senders, "sender", self._core.join)
        self._under_way: dict[Future[None], Delivery] = {}
        self._stop = threading.Event()
        self._bell = wake.bell
        self._ear = Ear(self._bell)
        self._thread: threading.Thread | None = None
        self._chores = Chores(chores, self._tally)
        self._chore: Future[None] = self._pool.submit(lambda: None)
        self._renewing, self._beating = clock.Pace(self.lease / 3), clock.Pace(nodes.EVERY)
        self._holding, self._mending = clock.Pace(HOLD), clock.Pace(MEND)
        self._looked, self._rests_until = clock.now(), 0.0

    def start(self) -> None:
        """Begin to work on a thread of its own. What the first post would wait for is loaded before."""
        networks.every()
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()
        self._ear.start()

    def stop(self) -> None:
        """Claim nothing more, finish what is under way, end."""
        self._stop.set()
        self._bell.set()
        self._ear.stop()
        if self._thread:
            self._thread.join()
        self._pool.shutdown(wait=True)
        self._leave()
        self._writer.stop()

    def run(self) -> None:
        """The loop; no fault in a round ends it. Told to stop, it goes on keeping the leases of what is under way."""
        while not self._stop.is_set() or self._under_way:
            self._bell.clear()
            try:
                if self._stop.is_set():
                    self._renew()
                    self._bell.wait(PAUSE)
                elif not self.step():
                    self._bell.wait(self._idle())
            except DatabaseError as error:
                log.error("the database did not answer the worker", error=str(error))
                self._stop.wait(1.0)
            except Exception:
                log.exception("a round of the worker failed")
                self._stop.wait(1.0)
            self._stop.wait(GATHER)
        connections.close_all()

    def step(self) -> int:
        """One round: chores when it is time, then claim and hand out; how many were handed out."""
        now = clock.now()  # before leases are renewed: whatever becomes of the clock, none of ours looks run out at it
        orphans = self._calm(now)
        self._tend()
        room = self.senders - len(self._under_way)
        claimed = self._writer.do(lambda: claim(self.name, self.lease, room, now, orphans)) if room > 0 else []
        if not self._under_way:
            self._core.settle() if len(claimed) >= MANY else spread()
        for delivery in claimed:
            future = self._pool.submit(self._deliver, delivery)
            self._under_way[future] = delivery
            future.add_done_callback(self._done)
        self.beat = clock.now()
        return len(claimed)

    def run_until_idle(self) -> int:
        """Work until nothing is due, on this thread's time; how many tries were made. For tests and commands."""
        tries = 0
        self._writer.do(lambda: wake.mend(clock.now()))
        self._writer.do(lambda: hold_late(clock.now()))
        while claimed := self._writer.do(lambda: claim(self.name, self.lease, 1)):
            deliver(claimed[0], self._desk)
            tries += 1
        return tries

    def _calm(self, now: datetime) -> bool:
        """False for a moment after the clock was set, or slept: all leases look run out then, and whoever lives is
        about to renew its own."""
        if not timedelta(0) <= now - self._looked <= max(self.lease / 3, STALL):
            self._rests_until = clock.steady() + REST
        self._looked = now
        return clock.steady() >= self._rests_until

    def _idle(self) -> float:
        """Seconds until the next lane wants to be looked at, within reason."""
        if len(self._under_way) >= self.senders:
            return PAUSE
        at = self._writer.do(wake.soonest)
        return min(max((at - clock.now()).total_seconds(), 0.0), PAUSE) if at else PAUSE

    def _deliver(self, delivery: Delivery) -> None:
        try:
            deliver(delivery, self._desk)
        finally:
            connections.close_all()  # refreshing, and fitting pictures, may have opened one on this thread

    def _done(self, future: "Future[None]") -> None:
        self._under_way.pop(future, None)
        self._bell.set()

    def _leave(self) -> None:
        try:
            self._writer.do(lambda: nodes.leave(self.name, self._tally.counts()))
        except DatabaseError as error:
            log.warning("could not say that this node ends", error=str(error))

    def _renew(self) -> None:
        if self._renewing.due():
            held = list(self._under_way.values())
            self._writer.do(lambda: renew(self.name, held, self.lease))
            self._renewing.turn()

    def _tend(self) -> None:
        self._renew()
        if self._beating.turn():
            self._writer.do(lambda: nodes.beat(self.name, self._tally.counts()))
        if self._holding.turn():
            self._writer.do(lambda: hold_late(clock.now()))
        if self._mending.turn():
            self._writer.do(lambda: wake.mend(clock.now()))
        if self._chores.due() and self._chore.done():
            self._chore = self._pool.submit(self._chores.do)
