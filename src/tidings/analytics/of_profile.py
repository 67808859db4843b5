"""The numbers of one profile: totals as last read, and each day's where its network counts days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tidings.analytics.models import Measurement
from tidings.channels.models import Channel
from tidings.networks.metrics import Metric

DAYS = 28  # of a day's numbers


@dataclass(frozen=True)
class Own:
    """One number of a profile. `points`: the readings of the last 28 days, one for each day where days are counted;
    `sum`: over those days; None for a total, for people (who come again), and where terms let nothing be computed."""

    metric: Metric
    points: Sequence[tuple[datetime, int]]
    sum: int | None

    @property
    def now(self) -> int:
        """As last read; of the last day that is known."""
        return self.points[-1][1]

    @property
    def at(self) -> datetime:
        """When it was read; the day at midnight UTC, where it is a day's."""
        return self.points[-1][0]


def own_numbers(channel: Channel, now: datetime) -> list[Own]:
    """Everything that the network counts of the profile and that was read lately, in the order of its declaration."""
    rows = Measurement.objects.filter(
        series__channel=channel, series__delivery=None, at__gte=now - timedelta(days=DAYS)
    ).order_by("at")
    points: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for theirs, at, value in rows.values_list("series__theirs", "at", "value"):
        points[theirs].append((at, value))
    return [_own(metric, points[metric.theirs], channel) for metric in channel.speaks.crowd if metric.theirs in points]


def _own(metric: Metric, points: Sequence[tuple[datetime, int]], channel: Channel) -> Own:
    summed = metric.per == "day" and metric.ours != "reach" and channel.speaks.counting.derives
    return Own(metric, points, sum(value for _at, value in points) if summed else None)
