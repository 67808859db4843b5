"""Kills at random: workers die while they publish, and are struck by other faults; the last one finishes the rest."""

import random
import sys
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from tests.crash import asked
from tests.crash.faults import Faults
from tests.crash.lives import Life, begin
from tests.crash.scene import patiently, scene, until
from tests.crash.server import Server
from tests.crash.worker import Plan
from tidings.deliveries.models import Delivery

EACH = 12  # profiles on every server of every network
LIFE = 0.3  # seconds that a worker lives on average once it sends
BLIND = 0.2  # share of kills that do not wait for that: they strike one that begins, or has nothing to do
LEASE = 1  # seconds
POSTS = 4  # asked for each life
SPAN = 0.5  # seconds in which these are due
FULL = 150  # deliveries under way; no more is asked until there are fewer
FAULTS = 15  # every so many kills, another fault strikes before
PATIENCE = 300  # seconds for the last worker


@dataclass
class Workers:
    """Those that are alive, and what became of the dead."""

    plan: Plan
    count: int
    alive: list[Life] = field(default_factory=list)
    struck: int = 0  # kills that hit a worker with a delivery in its hands
    at_commit: int = 0  # ... of which one may have been out
    fell: int = 0  # workers that ended by themselves

    def begin(self) -> None:
        """The first ones, which start cold; they have begun to send when this returns."""
        self.alive = [begin(self.plan, cold=True) for _ in range(self.count)]
        for which in range(self.count):
            self.await_sending(which, 30)

    def await_sending(self, which: int, seconds: float = 2) -> None:
        """Until it has a delivery in its hands, or time is up."""
        until(lambda: _held_by(self.alive[which]).exists(), seconds, pace=0.02)

    def kill(self, which: int) -> None:
        """SIGKILL one, see what it held, and begin its heir."""
        life = self.alive[which]
        self.fell += life.over
        life.kill()
        self.alive[which] = begin(self.plan)
        held = patiently(lambda: list(_held_by(life)))
        marks = [delivery.journal.get("commit") for delivery in held]
        self.struck += bool(held)
        self.at_commit += any(mark and "result" not in mark for mark in marks)

    def end(self) -> None:
        """All of them at once."""
        for life in self.alive:
            life.kill()


def tell(kills: int, count: int, seed: int, server: Server | None) -> dict[str, Any]:
    """The whole run; gives the report."""
    chance = random.Random(seed)
    with scene(seed, calm=False) as stage:
        channels = asked.connect(stage.desk, stage.profiles(EACH))
        workers = Workers(replace(stage.plan, settings={"lease": LEASE, "senders": 128}), count)
        faults = Faults(chance, LEASE, lambda: begin(workers.plan), server)
        stage.desk.ask_some(channels, POSTS * 5 * count, SPAN, chance)
        workers.begin()
        for n in range(kills):
            if n and n % 100 == 0:
                print(f"{n} of {kills} kills", file=sys.stderr)
            if _under_way() < FULL:
                stage.desk.ask_some(channels, POSTS, SPAN, chance)
            which = n % count  # the one that lives longest
            if n % FAULTS == FAULTS // 2:
                workers.await_sending(which)
                faults.strike(workers.alive[which])
            if chance.random() > BLIND:
                workers.await_sending(which)
            time.sleep(chance.expovariate(1 / LIFE))
            workers.kill(which)
        workers.end()
        finished = stage.finish(PATIENCE)
        report = stage.report()
    tried = {"kills": kills, "struck": workers.struck, "at_commit": workers.at_commit, "fell": workers.fell}
    return {**report, **tried, "faults": dict(faults.done), "finished": finished}


def _held_by(life: Life) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state="sending", lease_owner__endswith=f":{life.pid}")


def _under_way() -> int:
    return patiently(lambda: Delivery.objects.filter(state__in=("waiting", "sending", "settling")).count())
