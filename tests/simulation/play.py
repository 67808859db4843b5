"""One run: a seed, some months, a verdict."""

import gc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.db.models import Q

from tests.simulation.cluster import Cluster
from tests.simulation.heap import SECOND, Time
from tests.simulation.ledger import BREACHES, Ledger
from tests.simulation.oracle import Oracle
from tests.simulation.people import People
from tests.simulation.stage import stage
from tests.simulation.town import Town
from tests.simulation.watch import Watch
from tests.simulation.weather import Weather
from tests.simulation.wire import Wire
from tests.simulation.world import World
from tidings.deliveries.models import UNDER_WAY, Attempt, Delivery
from tidings.posts.models import Post

DAY = timedelta(days=1)
MONTH = 30 * DAY
FLOOD = 150  # posts that one workspace has due at once
SENDERS = (1, 2, 4, 4, 8)
CHECK = 6 * 3600.0  # seconds between two looks for lanes that sleep
REST = timedelta(days=12)  # within which everything has come to an end, once no fault strikes any more


@dataclass(frozen=True)
class Size:
    """How much is played."""

    span: timedelta = 3 * MONTH
    nodes: int = 3
    planned: int = 90  # posts a day that are due by routine
    written: float = 8.0  # posts a day that people write, and change their minds about
    floods: float = 0.03  # chance of a day on which one workspace has hundreds due at once, just before others have one


SHORT = Size(timedelta(hours=21), 3, 12, 24.0, 0.15)  # one day full of second thoughts: what the tests play


@dataclass
class Report:
    """What came of it; printed as one line of JSON."""

    seed: int
    days: float
    posts: int
    deliveries: int
    tries: int
    out: int
    ended: dict[str, int]
    people: dict[str, int]
    faults: dict[str, int]
    due_to_call: dict[str, float]
    breaches: dict[str, int]
    told: str
    seconds: float = 0.0

    @property
    def bad(self) -> bool:
        """Whether anything was that must never be."""
        return any(self.breaches.values())

    def line(self) -> dict[str, Any]:
        """For printing."""
        return asdict(self)


def play(seed: int, size: Size, listener: Callable[[str], None] | None = None, hasty: bool = False) -> Report:
    """The whole run; or, `hasty`, as far as the first thing that must never be."""
    started, often = perf_counter(), gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)  # most of what is made is soon gone by itself
    try:
        whole = Play(seed, size, listener)
        whole.ledger.hasty = hasty
        report = whole.run()
    finally:
        gc.set_threshold(*often)
    report.seconds = round(perf_counter() - started, 1)
    return report


class Play:
    """Everything that takes part."""

    def __init__(self, seed: int, size: Size, listener: Callable[[str], None] | None) -> None:
        self.size = size
        self.time = Time(seed, listener)
        self.weather = Weather(self.time.chance("weather"))
        self.ledger = Ledger(self.time)
        self.world = World(self.time, self.weather)
        self.wire = Wire(self.time, self.weather, self.world)
        self.watch = Watch(self.time, self.weather, self.ledger, self.world)
        self.cluster = Cluster(self.time, self.weather, self.ledger, self.wire, self.watch)
        self.oracle = Oracle(self.time, self.weather, self.ledger, self.world)
        self._chance = self.time.chance("play")

    def run(self) -> Report:
        """From the first day to the verdict."""
        with stage(self.time, self.cluster.door, lambda said: self.ledger.breach("fault of ours", said)):
            self.town = Town(self.time, self.ledger, self.world)
            self.people = People(self.time, self.ledger, self.world, self.weather, self.town)
            self.watch.small = {m.workspace_id for m, channels in self.town.channels.items() if len(channels) == 1}
            self.cluster.begin(self.size.nodes, self._chance.choice(SENDERS))
            self.people.begin(self.size.written)
            self._each_day(0)
            self._check()
            self._go_on(self.size.span)
            self._rest()
            self.oracle.no_lane_sleeps()
            self.oracle.judge()
            return self._report()

    def _each_day(self, day: int) -> None:
        """The day's routine, planned in its first hour."""
        if self.people.stopped:
            return
        members = list(self.town.channels)
        weights = [len(channels) for channels in self.town.channels.values()]
        chosen = self._chance.choices(members, weights, k=self.size.planned)
        for member in members:
            self.town.plan(member, self.town.times(self.time.now(), chosen.count(member)))
        if self._chance.random() < self.size.floods:
            moment = self.time.now() + timedelta(hours=self._chance.randrange(24))
            self.town.plan(members[-1], [moment] * FLOOD)
            for member in members[:-1]:
                self.town.plan(member, [moment + timedelta(seconds=self._chance.randrange(30))])
        self.ledger.acted = True
        self.time.after(DAY.total_seconds(), lambda: self._each_day(day + 1))

    def _check(self) -> None:
        if not self.people.stopped:
            self.oracle.no_lane_sleeps()
            self.time.after(self._chance.uniform(0, 2 * CHECK), self._check)

    def _go_on(self, span: timedelta) -> None:
        end = self.time.at + int(span.total_seconds() * SECOND)
        while self._step(end):
            pass

    def _step(self, end: int) -> bool:
        if self.ledger.acted:
            self.ledger.acted, self.cluster.changed = False, True
        self.cluster.heed()
        return self.time.step(end)

    def _rest(self) -> None:
        """No faults, nobody who does anything: what has begun comes to its end."""
        self.time.say("-- from here on all is well --")
        self.cluster.end()
        self._go_on(timedelta(seconds=600))
        self.people.stopped = True
        self.people.reconnect_all()
        self.ledger.acted = True
        days = 0.0
        while not self.time.stopped and days * DAY < REST and self._under_way():
            self._go_on(DAY / 4)
            days += 0.25
        self._go_on(DAY / 12)

    def _under_way(self) -> bool:
        """Whether anything will go on by itself."""
        free = Q(after=None) | Q(after__state="delivered")
        return Delivery.objects.filter(free, state__in=UNDER_WAY).exists()

    def _report(self) -> Report:
        states = list(Delivery.objects.values_list("state", flat=True))
        delays = sorted(self.ledger.delays) or [0.0]
        return Report(
            seed=self.time.seed, days=round(self.time.at / SECOND / 86_400, 1), posts=Post.objects.count(),
            deliveries=len(states), tries=Attempt.objects.count(), out=len(self.world.posts),
            ended={state: states.count(state) for state in sorted(set(states))}, people=self.people.done,
            faults=dict(sorted(self.weather.struck.items())),
            due_to_call={name: round(delays[int(len(delays) * at)], 2) for name, at in
                         (("p50", 0.5), ("p99", 0.99), ("max", 1 - 1e-9))},
            breaches={kind: self.ledger.breached[kind] for kind in BREACHES}, told=self.time.told,
        )
