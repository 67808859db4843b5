"""Drives one delivery over a simulator, kills it where told, and hands over to an heir until it has ended."""

import io
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from PIL import Image

from tidings import networks
from tidings.core import clock
from tidings.core.http import Answer, Request, Transport
from tidings.core.ids import new_id
from tidings.deliveries.journal import Journal
from tidings.deliveries.send import Outcome, send
from tidings.networks.base import Access, Outgoing, Receipt, Rendition
from tidings.simulators.base import Simulator

ENDS = ("delivered", "failed", "unsure")
LEASE = timedelta(seconds=120)
ROUNDS = 60


class Killed(BaseException):
    """SIGKILL, as far as one process can play it: nothing after it runs."""


@dataclass
class Points:
    """Every place where a worker can die; dies at the numbers in `deaths`, counted over all heirs."""

    deaths: frozenset[int] = frozenset()
    passed: list[str] = field(default_factory=list)

    def here(self, name: str) -> None:
        """One such place."""
        self.passed.append(name)
        if len(self.passed) in self.deaths:
            raise Killed(name)


@dataclass
class Case:
    """One delivery on its way: what it says, where, and what its journal holds between two workers."""

    simulator: Simulator
    access: Access
    outgoing: Outgoing
    door: Transport
    key: str = field(default_factory=lambda: str(new_id()))
    kept: dict[str, Any] = field(default_factory=dict)
    due: Any = field(default_factory=clock.now)
    there_before: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.there_before = frozenset(self.simulator.posts)

    def out(self) -> dict[str, Any]:
        """What this case has put out on the simulated network."""
        return {key: post for key, post in self.simulator.posts.items() if key not in self.there_before}

    def drive(self, points: Points | None = None) -> Outcome:
        """Try and hand over, the clock going on, until it has ended."""
        points = points or Points()
        with ExitStack() as later:
            for _ in range(ROUNDS):
                try:
                    outcome = self.once(points)
                except Killed:
                    later.enter_context(clock.shifted(LEASE))
                    continue
                if outcome.state in ENDS:
                    return outcome
                wait = outcome.at - clock.now() if outcome.at else timedelta(seconds=30)
                later.enter_context(clock.shifted(max(wait, timedelta(0)) + timedelta(seconds=1)))
        raise AssertionError(f"no end after {ROUNDS} tries: {self.kept}")

    def once(self, points: Points) -> Outcome:
        """One worker's try, from what the last one has saved."""
        kept = json.loads(json.dumps(self.kept))
        journal = Journal(self.key, self.due, self._saving(points), kept, self.there_before)
        network = networks.get(self.simulator.name)(self.access, self._mortal(points, journal), "publish")
        outcome = send(network, self.outgoing, journal)
        journal.keep()
        return outcome

    def _saving(self, points: Points) -> Callable[[dict[str, Any]], None]:
        def save(data: dict[str, Any]) -> None:
            points.here("before a save")
            self.kept = json.loads(json.dumps(data))
            points.here("after a save")

        return save

    def _mortal(self, points: Points, journal: Journal) -> Transport:
        def door(request: Request) -> Answer:
            journal.keep()
            points.here(f"before {request.method} {request.url}")
            answer = self.door(request)
            points.here(f"after {request.method} {request.url}")
            return answer

        return door


def picture() -> Rendition:
    """A small real JPEG."""
    raw = io.BytesIO()
    Image.new("RGB", (64, 48), (30, 90, 160)).save(raw, "JPEG")
    data = raw.getvalue()
    return Rendition("picture", "image/jpeg", len(data), 64, 48, alt="A blue field", name="blue.jpg",
                     open=lambda: io.BytesIO(data))


def put_out(town: Mapping[str, Simulator], door: Transport, name: str) -> Receipt:
    """The receipt of a post that is out on this network."""
    one = town[name]
    shape = next(iter(one.shapes().values()))
    again = f" {len(one.posts.since)}" if shape.text and one.posts.since else ""  # some refuse the same words twice
    outcome = Case(one, one.access(), replace(shape, text=shape.text + again), door).drive()
    assert outcome.receipt, outcome.reason
    return outcome.receipt
