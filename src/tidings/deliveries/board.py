"""The board: every post of a workspace in the column that says how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tidings.deliveries.calendar import Entry, Place, filled, placed
from tidings.deliveries.models import NEEDS_A_PERSON
from tidings.deliveries.sift import EVERYTHING, Filters
from tidings.posts.models import Post
from tidings.workspaces.models import Workspace

Name = Literal["ideas", "drafts", "review", "scheduled", "attention", "published"]
MOST = 50  # cards of a column
_BY_FACE: dict[str, Name] = {
    "draft": "drafts", "review": "review", "approved": "review", "cancelled": "drafts", "scheduled": "scheduled",
    "publishing": "scheduled", "published": "published", "partly": "published", "unsure": "attention",
    "failed": "attention", "held": "attention",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column: its first cards, and how many there are."""

    name: Name
    count: int
    entries: list[Entry]


def board(workspace: Workspace, filters: Filters = EVERYTHING) -> list[Column]:
    """Every column, from the idea to what is out; what waits earliest first, what is done newest first."""
    found = placed(Post.objects.filter(workspace=workspace), filters)
    columns: dict[Name, list[Place]] = {name: [] for name in ORDERS}
    for place in found:
        columns[column(place)].append(place)
    tops = {name: sorted(places, key=ORDERS[name])[:MOST] for name, places in columns.items()}
    cards = iter(filled(workspace, [place for top in tops.values() for place in top]))
    return [Column(name, len(columns[name]), [next(cards) for _place in top]) for name, top in tops.items()]


def column(place: Place) -> Name:
    """Where a post stands: whatever waits for a person stands there, even when a part of it is out."""
    if place.states & set(NEEDS_A_PERSON):
        return "attention"
    return "ideas" if place.face == "draft" and place.at is None else _BY_FACE[place.face]


def _earliest(place: Place) -> tuple[float, float]:
    return _seconds(place.at), -place.changed_at.timestamp()


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else float("inf")


def _latest(place: Place) -> float:
    return -_seconds(place.at or place.changed_at)


ORDERS: dict[Name, Callable[[Place], Any]] = {
    "ideas": lambda place: -place.changed_at.timestamp(),
    "drafts": _earliest,
    "review": _earliest,
    "scheduled": _earliest,
    "attention": _latest,
    "published": _latest,
}
