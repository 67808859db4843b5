"""One worker's life: the real `tidings work`, its networks led to the simulators and its time running faster.

Imported by the nursery, from which workers are forked; or started cold: `python -m tests.crash.worker PLAN`.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"

import django
from django.db.migrations.loader import MigrationLoader

django.setup()

from tests.crash import mortal  # noqa: E402 -- needs Django to be set up
from tidings import networks  # noqa: E402
from tidings.commands import work  # noqa: E402, F401 -- so that a forked worker need not load it
from tidings.commands.cli import main  # noqa: E402
from tidings.deliveries import record  # noqa: E402
from tidings.settings import settings  # noqa: E402

SETTLE = timedelta(seconds=1.5)  # the simulators answer within a second at worst
FIRST_WAIT, LONGEST_WAIT, TRIES = 0.5, 5.0, 10**6  # a delivery is struck more often here than in any life

MigrationLoader(None)  # these load what every worker loads when it begins
networks.every()


@dataclass(frozen=True)
class Plan:
    """Where the networks are, and the settings of this life. `points`: a file that says at which boundary of which
    channel to stand still, and gets what was counted; empty: no boundary is looked at."""

    hosts: dict[str, dict[str, str]]
    log: str
    settings: dict[str, int] = field(default_factory=dict)
    points: str = ""


def live(plan: Plan) -> None:
    """`tidings work`, to its end."""
    with open(plan.log, "ab", buffering=0) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.update({f"TIDINGS_{name.upper()}": str(value) for name, value in plan.settings.items()})
    settings.cache_clear()
    for name, hosts in plan.hosts.items():
        networks.lead(name, hosts)
        network = networks.get(name)
        network.settle, network.rates = SETTLE, ()  # how much may be sent is not what is tried here
    record.FIRST_WAIT, record.LONGEST_WAIT, record.TRIES = FIRST_WAIT, LONGEST_WAIT, TRIES
    points = mortal.watch(Path(plan.points)) if plan.points else None
    try:
        main(["work"])
    finally:
        if points:
            points.write()


def cold(plan: Plan) -> list[str]:
    """The command that starts a worker cold."""
    return [sys.executable, "-m", "tests.crash.worker", json.dumps(asdict(plan))]


if __name__ == "__main__":
    live(Plan(**json.loads(sys.argv[1])))
