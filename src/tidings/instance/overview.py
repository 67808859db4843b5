"""How the instance is: what runs, where its data is, and whether what it stands on will last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from shutil import disk_usage

from django.db import connection
from django.db.models import QuerySet

from tidings import __version__
from tidings.core import clock
from tidings.deliveries import watch
from tidings.deliveries.models import WITHOUT_END, Delivery, Node
from tidings.deliveries.nodes import SILENCE
from tidings.deliveries.tally import Counts
from tidings.instance.backups import Backups, backups
from tidings.instance.kept import LITTLE, certificate_ends
from tidings.instance.look import Looked, last
from tidings.instance.room import database_room
from tidings.settings import settings
from tidings.workspaces.models import User, Workspace

STARTED = clock.now()  # this process
DAY = timedelta(days=1)
COUNTED = 10_000  # late and failed posts, and no further


@dataclass(frozen=True)
class Working:
    """A process that sends: since when, when it last said so, how many tries it made, and how many of them failed."""

    name: str
    started_at: datetime
    beat_at: datetime
    silent: bool
    tries: int
    failed: int


@dataclass(frozen=True)
class Overview:
    """Everything at a glance. Sizes in bytes; `certificate_ends` None: no certificate of ours (a proxy's, or none).

    `behind` should be out by now, `failed` has failed since yesterday; both up to COUNTED.
    """

    at: datetime
    version: str
    name: str
    url: str
    secure: bool
    database: str
    database_size: int
    started_at: datetime
    nodes: list[Working]
    people: int
    workspaces: int
    free: int
    disk: int
    certificate_ends: datetime | None
    mail: bool
    contact: str
    registration: str
    behind: int
    failed: int
    backups: Backups
    look: Looked | None

    @property
    def works(self) -> bool:
        """Whether anybody sends."""
        return any(not node.silent for node in self.nodes)

    @property
    def room_left(self) -> bool:
        """Whether the disk has room for some time."""
        return self.free >= LITTLE


def overview(now: datetime) -> Overview:
    """As it is now."""
    ours, disk = settings(), disk_usage(settings().home)
    return Overview(
        now, __version__, ours.name, ours.url, ours.secure, _database(), database_room()[1], STARTED, _nodes(now),
        User.objects.filter(is_active=True).count(), Workspace.objects.count(), disk.free, disk.total,
        certificate_ends(), bool(ours.mail), ours.contact, ours.registration, _up_to(watch.overdue(now)),
        _up_to(_failed(now)), backups(), last(),
    )  # fmt: skip


def _failed(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(WITHOUT_END, state="failed", due_at__gte=now - DAY)


def _up_to(found: QuerySet[Delivery]) -> int:
    return found.order_by().values("state")[:COUNTED].count()


def _database() -> str:
    """What it is, with its version."""
    version = connection.get_database_version()
    kind = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    return f"{kind} {'.'.join(map(str, version))}"


def _nodes(now: datetime) -> list[Working]:
    return [_working(node, now) for node in Node.objects.order_by("-beat_at", "name")]


def _working(node: Node, now: datetime) -> Working:
    tries = [counted.tries for counted in Counts.model_validate(node.counts).networks.values()]
    return Working(
        node.name, node.started_at, node.beat_at, node.beat_at <= now - SILENCE,
        sum(sum(one.values()) for one in tries), sum(one.get("failed", 0) for one in tries),
    )  # fmt: skip
