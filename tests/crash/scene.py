"""What every run of the harness has: networks in a process of their own, a desk that asks, and the end of it."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.models import Q

from tests.crash import asked, checker
from tests.crash.asked import Desk, Profile
from tests.crash.checker import Held
from tests.crash.lives import Life, begin, open_nursery
from tests.crash.worker import Plan
from tidings.deliveries.models import Delivery
from tidings.settings import settings
from tidings.simulators import free_port

T = TypeVar("T")
# What hangs on a part that a person must decide about waits for that person, and is not waited for here.
MOVING = Q(state__in=("sending", "settling")) | Q(state="waiting") & (Q(after=None) | Q(after__state="delivered"))


@dataclass
class Scene:
    """One run: where the networks are, the desk, the plan of every worker's life."""

    port: int
    desk: Desk
    plan: Plan
    began: float = field(default_factory=time.monotonic)

    def profiles(self, each: int) -> list[Profile]:
        """Fresh profiles, `each` on every server of every network."""
        return list(look(self.port, f"_profiles?each={each}"))

    def finish(self, patience: float, points: str = "") -> bool:
        """One worker finishes what is left; False when patience (seconds) ends first."""
        last = begin(replace(self.plan, points=points))
        finished = self.wait(patience, last)
        last.stop()
        return finished

    def wait(self, patience: float, life: Life) -> bool:
        """Until nothing is under way any more; False when patience ends first, or the worker."""
        until(lambda: life.over or not Delivery.objects.filter(MOVING).exists(), patience)
        return not life.over and not patiently(lambda: Delivery.objects.filter(MOVING).exists())

    def report(self) -> dict[str, Any]:
        """The four counts, where every delivery ended, and how long it took."""
        held = [Held(**post) for post in look(self.port, "_posts")]
        states = Counter(Delivery.objects.values_list("state", flat=True))
        seconds = round(time.monotonic() - self.began)
        counts = checker.verdict(self.desk.asked, asked.told(), held)
        return {**counts, "states": dict(states), "seconds": seconds}


@contextmanager
def scene(seed: int, calm: bool) -> Iterator[Scene]:
    """A fresh database of this process's settings, and fresh networks, for as long as the block runs."""
    call_command("migrate", verbosity=0)
    with _networks(seed, calm) as port:
        os.environ["TIDINGS_PRIVATE_HOSTS"] = f"127.0.0.1:{port}"
        open_nursery()
        hosts = {profile["network"]: profile["hosts"] for profile in look(port, "_profiles?each=1")}
        plan = Plan(hosts, str(settings().home / "worker.log"))
        yield Scene(port, asked.desk(), plan)


@contextmanager
def _networks(seed: int, calm: bool) -> Iterator[int]:
    port = free_port()
    mood = ["calm"] if calm else []
    process = subprocess.Popen([sys.executable, "-m", "tests.crash.networks", str(port), str(seed), *mood])
    try:
        until(lambda: _answers(port), 60)
        yield port
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        look(port, "_posts")
    except OSError:
        return False
    return True


def look(port: int, what: str) -> Any:
    """What the networks' window shows."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{what}", timeout=60) as answer:
        return json.load(answer)


def patiently(ask: Callable[[], T]) -> T:
    """What the database answers, asked again while it is starting or full of work; ask only what may be repeated."""
    for _ in range(60):
        try:
            return ask()
        except OperationalError:
            connections.close_all()
            time.sleep(0.5)
    return ask()


def until(true: Callable[[], bool], seconds: float, pace: float = 0.1) -> None:
    """Wait until it is true, or time is up; looked at every `pace` seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not patiently(true):
        time.sleep(pace)


def bad(report: dict[str, Any]) -> bool:
    """Whether the run shows a fault of the engine, or of itself."""
    return any(report[name] for name in checker.COUNTS) or not report["finished"]
