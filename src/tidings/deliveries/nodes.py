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
    now = clock.now()
    row = Node(name=name, started_at=counts.since, beat_at=now, counts=counts.model_dump(mode="json"))
    written = ["started_at", "beat_at", "counts"]
    Node.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=written)
    Node.objects.filter(beat_at__lt=now - FORGET).delete()


def leave(name: str) -> None:
    """This node has ended: nobody has to wait for its silence. What it counted can still be read."""
    Node.objects.filter(name=name).update(beat_at=clock.now() - SILENCE)


def alive(now: datetime) -> list[Node]:
    """The nodes that have said so lately."""
    return list(Node.objects.filter(beat_at__gt=now - SILENCE).order_by("name"))
