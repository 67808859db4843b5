"""One run of the crash harness, in a home of its own: ask, kill, let the last worker finish, count."""

import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- needs Django to be set up
from django.db.models import Q  # noqa: E402

from tests.crash import asked  # noqa: E402
from tidings.deliveries.models import Delivery  # noqa: E402
from tidings.simulators import free_port  # noqa: E402

LIFE = 1.5  # seconds a worker lives on average once it has started
START = 2.0  # seconds it needs to start
# What hangs on a part that a person must decide about waits for that person, and is not waited for here.
MOVING = Q(state__in=("sending", "settling")) | Q(state="waiting") & (Q(after=None) | Q(after__state="delivered"))
PATIENCE = 900  # seconds for the last workers to finish what is left; back-off doubles with every death


class Workers:
    """The worker processes that are alive."""

    def __init__(self, hosts: dict[str, Any], port: int, count: int) -> None:
        self.command = [sys.executable, "-m", "tests.crash.worker", json.dumps(hosts)]
        self.env = {**os.environ, "TIDINGS_PRIVATE_HOSTS": f"127.0.0.1:{port}"}
        self.alive = [self.start() for _ in range(count)]

    def start(self) -> "subprocess.Popen[bytes]":
        """One more."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self.command, env=self.env, stdout=quiet, stderr=quiet)

    def kill(self, which: int) -> None:
        """SIGKILL one and start its heir."""
        self.alive[which].kill()
        self.alive[which].wait()
        self.alive[which] = self.start()

    def stop(self) -> None:
        """All of them, politely."""
        for process in self.alive:
            process.terminate()
        for process in self.alive:
            process.wait(60)


@contextmanager
def networks(seed: int) -> Iterator[int]:
    """The simulated networks, in a process of their own; gives their port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.crash.networks", str(port), str(seed)])
    try:
        for _ in range(200):
            try:
                look(port, "_posts")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def look(port: int, what: str) -> Any:
    """What the networks' window shows."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{what}", timeout=10) as answer:
        return json.load(answer)


def tell(kills: int, count: int, seed: int) -> dict[str, Any]:
    """The whole run; gives the report."""
    chance = random.Random(seed)
    call_command("migrate", verbosity=0)
    with networks(seed) as port:
        accounts = look(port, "_accounts")
        asked.ask(accounts, posts=10 + kills * 4, seconds=kills * (LIFE + START), chance=chance)
        workers = Workers({account["network"]: account["hosts"] for account in accounts}, port, count)
        for _ in range(kills):
            time.sleep(START + chance.expovariate(1 / LIFE))
            workers.kill(chance.randrange(count))
        finished = wait()
        workers.stop()
        report = asked.verdict(look(port, "_posts"))
    states = {state: Delivery.objects.filter(state=state).count() for state, _ in Delivery.STATES}
    left = {name: number for name, number in states.items() if number}
    return {**report, "kills": kills, "seed": seed, "finished": finished, "states": left}


def wait() -> bool:
    """Until nothing is under way any more; False when patience ends first."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not Delivery.objects.filter(MOVING).exists():
            return True
        time.sleep(0.5)
    return False


if __name__ == "__main__":
    wish = json.loads(sys.argv[1])
    report = tell(wish["kills"], wish["workers"], wish["seed"])
    print(json.dumps(report))
    counts = [report[name] for name in ("lost", "duplicated", "unexplained", "out_of_order")]
    sys.exit(int(any(counts) or not report["finished"]))
