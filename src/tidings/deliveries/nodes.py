"""Who works: every process that sends says so every few seconds; whoever has been silent for a day is forgotten."""

from datetime import datetime, timedelta

from tidings.core import clock
from tidings.deliveries.models import Node
from tidings.deliveries.tally import Counts

EVERY = timedelta(seconds=5)  # how often a node says that it is there
SILENCE = timedelta(seconds=30)  # a node that has said nothing for so long is not there any more
FORGET = timedelta(days=1)


def beat(name: str, counts: Counts) -> None:
    """This node is there, and this is what its tries came to since it began."""
    _write(name, counts, clock.now())
    Node.objects.filter(beat_at__lt=clock.now() - FORGET).delete()


def leave(name: str, counts: Counts) -> None:
    """This node has ended: nobody has to wait for its silence. What it counted can still be read."""
    _write(name, counts, clock.now() - SILENCE)


def _write(name: str, counts: Counts, beat_at: datetime) -> None:
    row = Node(name=name, started_at=counts.since, beat_at=beat_at, counts=counts.model_dump(mode="json"))
    written = ["started_at", "beat_at", "counts"]
    Node.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=written)


def alive(now: datetime) -> list[Node]:
    """The nodes that have said so lately."""
    return list(Node.objects.filter(beat_at__gt=now - SILENCE).order_by("name"))
