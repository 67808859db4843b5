"""Kills at every boundary: of every network, every mood of its servers, every shape of a post.

A clean life counts how many boundaries each has. Then every boundary gets a channel and a post of its own; they are
all sent by one worker that stands still with each at its boundary and kills itself; an heir finishes them. Thorough:
once more with a worker that falls asleep instead, and wakes up when its heir has finished; and again with an heir that
dies too, at every boundary of its own.
"""

import json
import signal
from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.db import transaction

from tests.crash import asked
from tests.crash.asked import SHAPES, Profile, Shape
from tests.crash.lives import Life, begin
from tests.crash.scene import Scene, scene, until
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.settings import settings

LEASE = 5  # seconds; a worker that stands still renews it
AT_ONCE = 600  # posts that stand still in one worker
STAND = 60.0  # seconds until they do
PATIENCE = 120.0  # seconds for the heir


@dataclass(frozen=True)
class Case:
    """A post of this shape to a server of this mood; worker after worker dies at these boundaries of it."""

    network: str
    mood: str
    shape: Shape
    deaths: tuple[int, ...] = ()


@dataclass
class Play:
    """What was played so far. `missed`: boundaries that were never reached."""

    stage: Scene
    free: dict[tuple[str, str], list[Profile]] = field(default_factory=lambda: defaultdict(list))
    kills: int = 0
    sleeps: int = 0
    missed: int = 0
    finished: bool = True

    def play(self, cases: list[Case]) -> dict[Case, int]:
        """All of them at once, every death and the heir; gives how many boundaries the heir passed in each."""
        channels = self._ask(cases)
        for death in range(len(cases[0].deaths)):
            self._stand({id: case.deaths[death] for id, case in channels.items()}, signal.SIGKILL).stop()
            self.kills += len(cases)
        passed = self._heir()
        return {case: passed.get(id, 0) for id, case in channels.items()}

    def sleep(self, cases: list[Case]) -> None:
        """All of them at once: the worker falls asleep with each at its boundary, and wakes up after its heir."""
        life = self._stand({id: case.deaths[0] for id, case in self._ask(cases).items()}, signal.SIGSTOP)
        self.sleeps += len(cases)
        self._heir()
        life.wake()
        life.stop()

    def _ask(self, cases: list[Case]) -> dict[str, Case]:
        """A channel for every case; cases of one shape on different networks share a post."""
        channels = dict(zip(self._channels(cases), cases, strict=True))
        alike: dict[tuple[Shape, str], list[Channel]] = defaultdict(list)
        for channel, case in channels.items():
            alike[case.shape, case.network].append(channel)
        with transaction.atomic():
            for shape in SHAPES:
                for together in zip_longest(*(found for (kind, _), found in alike.items() if kind == shape)):
                    self.stage.desk.ask([channel for channel in together if channel], shape, clock.now())
        return {str(channel.id): case for channel, case in channels.items()}

    def _channels(self, cases: list[Case]) -> list[Channel]:
        chosen = []
        for case in cases:
            if not self.free[case.network, case.mood]:
                for profile in self.stage.profiles(50):
                    self.free[profile["network"], profile["mood"]].append(profile)
            chosen.append(self.free[case.network, case.mood].pop())
        return asked.connect(self.stage.desk, chosen)

    def _stand(self, ends: dict[str, int], sign: signal.Signals) -> Life:
        """A worker that has stood still at all of these, and then sent itself this signal."""
        life = begin(replace(self.stage.plan, points=str(self._points(ends, sign))))
        until(lambda: life.over or life.stands, STAND)
        if not (life.killed or life.stands):
            self.missed += len(ends)
        return life

    def _heir(self) -> dict[str, int]:
        path = self._points({}, signal.SIGKILL)
        self.finished &= self.stage.finish(PATIENCE, str(path))
        return dict(json.loads(path.read_text()))

    def _points(self, ends: dict[str, int], sign: signal.Signals) -> Path:
        path = settings().home / "points.json"
        path.write_text(json.dumps({"ends": ends, "signal": sign}))
        return path


def tell(seed: int, thorough: bool) -> dict[str, Any]:
    """The whole run; gives the report."""
    with scene(seed, calm=True) as stage:
        stage.plan = replace(stage.plan, settings={"lease": LEASE, "senders": AT_ONCE + 24})
        play = Play(stage)
        servers = {(profile["network"], profile["mood"]) for profile in stage.profiles(1)}
        clean = [Case(*server, shape) for server in sorted(servers) for shape in SHAPES]
        once = _deaths(play.play(clean))
        passed: dict[Case, int] = {}
        for cases in _batches(once):
            passed |= play.play(cases)
        if thorough:
            for cases in _batches(once):
                play.sleep(cases)
            for cases in _batches(_deaths(passed)):
                play.play(cases)
        report = stage.report()
    tried = {"ways": len(clean), "kills": play.kills, "sleeps": play.sleeps, "missed": play.missed}
    return {**report, **tried, "finished": play.finished and not play.missed}


def _deaths(passed: dict[Case, int]) -> list[Case]:
    """Every boundary that was passed, as one more death."""
    return [replace(case, deaths=(*case.deaths, n)) for case, most in passed.items() for n in range(1, most + 1)]


def _batches(cases: list[Case]) -> list[list[Case]]:
    return [cases[start : start + AT_ONCE] for start in range(0, len(cases), AT_ONCE)]
