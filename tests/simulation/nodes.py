"""Nodes: each works in rounds as a worker does, and dies, sleeps and misreads the time as machines do.

A try runs as a greenlet: it is the engine's own `deliver`, and hands control back wherever a real one would wait, so
that one thread decides everything.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import OperationalError, transaction
from greenlet import GreenletExit, getcurrent, greenlet

from tests.simulation.heap import Event
from tests.simulation.world import Speaker
from tidings.core.http import Answer, NoAnswer, Request
from tidings.database import sql
from tidings.deliveries import wake
from tidings.deliveries.claim import HELD_SOON, claim, renew
from tidings.deliveries.deliver import Desk, deliver
from tidings.deliveries.late import hold_late
from tidings.deliveries.models import Delivery
from tidings.deliveries.worker import HOLD, PAUSE

T = TypeVar("T")
PASSED_OVER = "SELECT 1 FROM deliveries_lane WHERE wake_at = %s LIMIT 1"
LEASE = timedelta(seconds=120)
PATIENCE = 1.0  # seconds that a worker waits when the database does not answer
DOWN = (0.5, 400.0)  # seconds until a dead node is there again
PAUSED = (30.0, 500.0)  # a machine that is stopped, and goes on as if nothing had been
NIGHT = (1800.0, 30_000.0)


class Try:
    """A delivery in the hands of a node."""

    def __init__(self, delivery: Delivery, desk: Desk) -> None:
        self.delivery = delivery
        self.greenlet = greenlet(lambda: deliver(delivery, desk))

    def __str__(self) -> str:
        return f"{self.delivery.id} #{self.delivery.fence}"


class Node:
    """One process that works."""

    def __init__(self, cluster: Any, number: int, senders: int) -> None:
        self.cluster, self.number, self.senders = cluster, number, senders
        self.time, self.weather, self.ledger, self.wire = cluster.time, cluster.weather, cluster.ledger, cluster.wire
        self._chance = self.time.chance(f"node {number}")
        self.skew = timedelta(seconds=self._chance.uniform(-0.2, 0.2))
        self.life = 0
        self.tries: list[Try] = []
        self._now: Try | None = None
        self.down = self.stopped = False
        self._frozen: list[tuple[Try, Any]] = []
        self._look: Event | None = None
        self._look_at = 0
        self._renewal: Event | None = None
        self._hold_planned = False
        self.desk = Desk(self.do, self.door, LEASE, self.time.chance(f"back-off {number}"))

    @property
    def name(self) -> str:
        """As its leases say; another after each start."""
        return f"node{self.number}:{self.life}"

    @property
    def room(self) -> int:
        """How much more it takes just now."""
        return 0 if self.down or self.stopped else self.senders - len(self.tries)

    # rounds

    def heed(self, soonest: datetime | None) -> None:
        """Something has changed: look when the next lane wants to be looked at."""
        if not self.room or soonest is None:
            return
        due = max(self.time.at, self.time.at + int(self.time.until(soonest - self.time.wrong - self.skew) * 1e6))
        if self._look and self._look.do and due <= self._look_at <= due + PAUSE * 1e6:
            return
        if self._look:
            self._look.do = None
        slow = self._chance.random() < 0.1  # did not hear the bell
        wait = (due - self.time.at) / 1e6 + (self._chance.uniform(0, PAUSE) if slow else self._chance.uniform(0, 0.02))
        self._look = self.time.after(wait, self.look)
        self._look_at = self.time.at + int(wait * 1e6)

    def look(self) -> None:
        """One round of a worker."""
        self._look = None
        if self.room <= 0:
            return
        with self.cluster.acting(self):
            try:
                self._claim()
                self._plan_to_hold()
            except Away:
                self.cluster.blind(PATIENCE)
                self._look = self.time.after(PATIENCE, self.look)
                self._look_at = self.time.at + int(PATIENCE * 1e6)
        self.cluster.changed = True

    def _plan_to_hold(self) -> None:
        """A worker looks each second for what is too late; it finds something only where `claim` has just passed over a
        lane for that, and will look at it again in a moment."""
        again = self.time.clock() + HELD_SOON
        if self.ledger.holds and not self._hold_planned and sql.rows(PASSED_OVER, again):
            self._hold_planned = True
            self.time.after(self._chance.uniform(0, HOLD.total_seconds()), self._hold)

    def _hold(self) -> None:
        self._hold_planned = False
        if self.down or self.stopped:
            return
        with self.cluster.acting(self), suppress(Away):
            held = self.do(lambda: hold_late(self.time.clock()))
            self.time.say(f"{self.name} holds back {held}")
            if held:
                self.cluster.watch.held()

    def mend(self) -> None:
        """A worker's chore each minute. Only where a clock was set it finds something (`Oracle.no_lane_sleeps`)."""
        if self.room > 0:
            with self.cluster.acting(self), suppress(Away):
                self.do(lambda: wake.mend(self.time.clock()))

    def _claim(self) -> None:
        room = self.room
        claimed: list[Delivery] = []

        def work() -> None:
            claimed[:] = claim(self.name, LEASE, room)

        try:
            self.do(work)
        except Away:
            self.cluster.abandon(claimed)
            raise
        finally:
            self.cluster.watch.claimed(claimed)
        self.time.say(f"{self.name} claims {[f'{one.id} #{one.fence}' for one in claimed]}")
        for one in claimed:
            self._begin(Try(one, self.desk))
        if self.weather.strikes("killed"):
            self.time.after(0, self.kill)

    def _begin(self, a_try: Try) -> None:
        self.tries.append(a_try)
        self.time.after(self._chance.expovariate(1000), lambda: self.resume(a_try, None))
        if self._renewal is None:
            self._renewal = self.time.after(LEASE.total_seconds() / 3, self._renew)

    def _renew(self) -> None:
        self._renewal = None
        if self.tries and not self.down:
            self._renewal = self.time.after(LEASE.total_seconds() / 3, self._renew)
            if not self.stopped:
                with self.cluster.acting(self):
                    held = [one.delivery for one in self.tries]
                    try:
                        self.do(lambda: renew(self.name, held, LEASE))
                    except Away:
                        self.time.say(f"{self.name} could not renew")

    # tries

    def resume(self, a_try: Try, what: Any) -> None:
        """Let it go on, with what it waited for."""
        if a_try not in self.tries:
            return
        if self.stopped:
            self._frozen.append((a_try, what))
            return
        with self.cluster.acting(self):
            self._now = a_try
            outcome = a_try.greenlet.switch(what) if a_try.greenlet else a_try.greenlet.switch()
            self._now = None
        if a_try.greenlet.dead:
            self.tries.remove(a_try)
            self._ended(a_try, outcome)

    def _ended(self, a_try: Try, outcome: Any) -> None:
        self.time.say(f"{self.name} ends {a_try}: {outcome and outcome.state} {outcome and outcome.reason}")
        self.cluster.changed = True
        if outcome is None:
            self.cluster.abandon([a_try.delivery])
        else:
            self.cluster.watch.recorded(a_try.delivery, outcome)

    def _wait(self, seconds: float) -> None:
        """Other things may happen here; death, for one."""
        a_try = self._now
        if a_try is None or getcurrent() is not a_try.greenlet:
            return  # a worker's own round is not interrupted
        if self.weather.strikes("killed"):
            self.time.after(0, self.kill)
        elif self.weather.strikes("paused"):
            self.time.after(0, self.stop)
        if self.weather.strikes("stall"):
            seconds += self._chance.uniform(1, 150)
        self.time.after(seconds, lambda: self.resume(a_try, None))
        a_try.greenlet.parent.switch()

    # what the engine is given

    def do(self, work: Callable[[], T], /) -> T:
        """The store: what `work` does is durable when this returns. It may be done twice, or its end not be heard."""
        self._wait(self._chance.expovariate(300))
        if self.weather.strikes("database away"):
            raise Away
        if self.weather.strikes("twice"):
            self._in_vain(work)
        with transaction.atomic():
            result = work()
        self.cluster.changed = True
        if self._now:
            self.cluster.watch.saved(self._now.delivery)
        self._wait(self._chance.expovariate(1000))
        if self.weather.strikes("commit unheard"):
            raise Away
        return result

    def _in_vain(self, work: Callable[[], Any]) -> None:
        """A group commit in which something else failed: all of it is rolled back, and done again."""
        try:
            with transaction.atomic():
                work()
                raise InVain
        except InVain:
            pass

    def door(self, request: Request) -> Answer:
        """The way out."""
        a_try = self._now
        if a_try is None or getcurrent() is not a_try.greenlet:
            return self.wire.at_once(request)
        one = a_try.delivery
        if request.purpose == "publish":
            self.cluster.watch.speaks(one, request)
        self.time.say(f"{self.name} {a_try} asks {request.method} {request.url}")
        speaker = Speaker(one.channel_id, one.id, one.item_id)
        self.wire.carry(request, speaker, lambda answer: self.resume(a_try, answer))
        answer = a_try.greenlet.parent.switch()
        self.time.say(f"{self.name} {a_try} hears {answer if isinstance(answer, Exception) else answer.status}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    # what befalls it

    def kill(self) -> None:
        """SIGKILL: all its tries vanish; another process starts in its place after a while."""
        if self.down:
            return
        self.time.say(f"{self.name} is killed with {len(self.tries)} in its hands")
        self.down, self.stopped = True, False
        lost, self.tries, self._frozen = self.tries, [], []
        self.cluster.abandon([one.delivery for one in lost])
        for one in lost:
            one.greenlet.throw(GreenletExit)
        self.time.after(self._chance.uniform(*DOWN), self._start)

    def _start(self) -> None:
        self.down = False
        self.life += 1
        self._renewal = None
        self.cluster.changed = True

    def stop(self, seconds: float = 0.0) -> None:
        """Stopped, and later going on as if nothing had been; what was to come to it waits, or broke off."""
        if self.down or self.stopped:
            return
        self.stopped = True
        seconds = seconds or self._chance.uniform(*PAUSED)
        self.time.say(f"{self.name} is stopped for {seconds:.0f} s")
        for one in self.tries:
            self.ledger.not_before(one.delivery.channel_id, self.time.now() + timedelta(seconds=seconds) + LEASE)
        life = self.life
        self.time.after(seconds, lambda: self._go_on(life))

    def _go_on(self, life: int) -> None:
        if self.down or life != self.life:
            return
        self.stopped = False
        self.time.say(f"{self.name} goes on")
        frozen, self._frozen = self._frozen, []
        self._chance.shuffle(frozen)
        for a_try, what in frozen:
            broken = isinstance(what, Answer) and self._chance.random() < 0.5
            self._later(a_try, NoAnswer("broke off") if broken else what)
        self.cluster.changed = True

    def _later(self, a_try: Try, what: Any) -> None:
        self.time.after(self._chance.uniform(0, 0.5), lambda: self.resume(a_try, what))


class Away(OperationalError):
    """The database went away; whether it has committed before, nobody knows."""


class InVain(Exception):
    """Rolls a transaction back."""
