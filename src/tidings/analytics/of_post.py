"""The numbers of one post: on each channel as last read, and how each grew."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tidings.analytics.models import Measurement, Standing
from tidings.channels.models import Channel
from tidings.posts.models import Post

OF_SERIES = ("delivery", "theirs", "ours")


@dataclass(frozen=True)
class Grown:
    """One number of a delivery, by both its names, at each reading."""

    theirs: str
    ours: str
    points: Sequence[tuple[datetime, int]]

    @property
    def now(self) -> int:
        """As last read."""
        return self.points[-1][1]


@dataclass(frozen=True)
class Numbers:
    """What is known of one delivery."""

    standing: Standing
    channel: Channel
    grown: Sequence[Grown]


def numbers_of(post: Post) -> dict[UUID, Numbers]:
    """Of each delivery that is measured."""
    standings = Standing.objects.filter(post=post).select_related("channel")
    points: dict[tuple[Any, ...], list[tuple[datetime, int]]] = defaultdict(list)
    rows = Measurement.objects.filter(series__delivery__post=post).order_by("at")
    for *whose, at, value in rows.values_list(*(f"series__{name}" for name in OF_SERIES), "at", "value"):
        points[tuple(whose)].append((at, value))
    grown: dict[UUID | None, list[Grown]] = defaultdict(list)
    for (delivery, theirs, ours), found in points.items():
        grown[delivery].append(Grown(theirs, ours, found))
    return {one.pk: Numbers(one, one.channel, grown[one.pk]) for one in standings}
