"""Kills at every boundary: of every network, every mood of its servers, every shape of a post.

A clean life counts how many boundaries each has. Then every boundary gets a channel and a post of its own; they are
all sent by one worker that stands still with each at its boundary and kills itself; an heir finishes them.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from tests.crash import asked
from tests.crash.asked import SHAPES, Profile, Shape
from tests.crash.lives import begin
from tests.crash.scene import Scene, scene
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
    killed: int = 0
    missed: int = 0
    finished: bool = True

    def play(self, cases: list[Case]) -> dict[Case, int]:
        """All of them at once, every death and the heir; gives how many boundaries the heir passed in each."""
        with transaction.atomic():
            channels = dict(zip(self._channels(cases), cases, strict=True))
            for channel, case in channels.items():
                self.stage.desk.ask([channel], case.shape, clock.now())
        for death in range(len(cases[0].deaths)):
            self._kill({str(channel.id): case.deaths[death] for channel, case in channels.items()})
        path = self._points({})
        self.finished &= self.stage.finish(PATIENCE, str(path))
        passed = json.loads(path.read_text())
        return {case: passed.get(str(channel.id), 0) for channel, case in channels.items()}

    def _channels(self, cases: list[Case]) -> list[Channel]:
        chosen = []
        for case in cases:
            if not self.free[case.network, case.mood]:
                for profile in self.stage.profiles(50):
                    self.free[profile["network"], profile["mood"]].append(profile)
            chosen.append(self.free[case.network, case.mood].pop())
        return asked.connect(self.stage.desk, chosen)

    def _kill(self, ends: dict[str, int]) -> None:
        life = begin(replace(self.stage.plan, points=str(self._points(ends))))
        life.wait(STAND)
        self.killed += len(ends)
        if not life.killed:
            life.stop()
            self.missed += len(ends)

    def _points(self, ends: dict[str, int]) -> Path:
        path = settings().home / "points.json"
        path.write_text(json.dumps(ends))
        return path


def tell(seed: int, twice: bool) -> dict[str, Any]:
    """The whole run; gives the report."""
    with scene(seed, calm=True) as stage:
        stage.plan = replace(stage.plan, settings={"lease": LEASE, "senders": AT_ONCE + 24})
        play = Play(stage)
        servers = {(profile["network"], profile["mood"]) for profile in stage.profiles(1)}
        clean = [Case(*server, shape) for server in sorted(servers) for shape in SHAPES]
        passed = _in_turn(play, _deaths(play.play(clean)))
        if twice:
            _in_turn(play, _deaths(passed))
        report = stage.report()
    struck = play.killed - play.missed
    finished = play.finished and not play.missed
    return {**report, "ways": len(clean), "kills": play.killed, "struck": struck, "finished": finished}


def _deaths(passed: dict[Case, int]) -> list[Case]:
    """Every boundary that was passed, as one more death."""
    return [replace(case, deaths=(*case.deaths, n)) for case, most in passed.items() for n in range(1, most + 1)]


def _in_turn(play: Play, cases: list[Case]) -> dict[Case, int]:
    passed: dict[Case, int] = {}
    for start in range(0, len(cases), AT_ONCE):
        passed |= play.play(cases[start : start + AT_ONCE])
    return passed
