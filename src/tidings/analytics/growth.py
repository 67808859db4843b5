"""How a profile grew: its totals day by day, and what came in on each day where the network counts days."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from tidings.analytics.models import Series
from tidings.analytics.period import DAY, Period
from tidings.database import sql

BETWEEN = """
SELECT series_id, at, value FROM analytics_measurement
WHERE series_id IN ({marks}) AND at >= %s AND at < %s ORDER BY at"""


@dataclass(frozen=True)
class Growth:
    """One profile's followers in a period. `points`: the last reading of each day that has one."""

    points: Mapping[date, int]
    at_first: int | None  # the first reading; None: there is none

    @property
    def now(self) -> int | None:
        """As last read."""
        return list(self.points.values())[-1] if self.points else None

    @property
    def gained(self) -> int | None:
        """How many more than at first; None until there are two readings to tell."""
        values = list(self.points.values())
        return values[-1] - values[0] if len(values) > 1 else None


def followers(channels: Collection[UUID], period: Period) -> dict[UUID, Growth]:
    """Of each channel that has readings."""
    days: dict[UUID, dict[date, int]] = defaultdict(dict)
    for channel, at, value in _rows(channels, "followers", False, period):
        days[channel][at] = value
    return {channel: Growth(points, next(iter(points.values()))) for channel, points in days.items()}


def gained(growths: Collection[Growth], period: Period) -> dict[date, int]:
    """How many followers all of them together gained since each one's first reading; no profile that was connected
    later makes a jump. Days before the first reading of any are left out, and so are those that are yet to come."""
    sums: dict[date, int] = {}
    last = max((day for growth in growths for day in growth.points), default=None)
    at = [growth.at_first or 0 for growth in growths]
    begun = False
    for day in period.days():
        for n, growth in enumerate(growths):
            at[n] = growth.points.get(day, at[n])
        begun = begun or any(day in growth.points for growth in growths)
        if begun and last and day <= last:
            sums[day] = sum(at) - sum(growth.at_first or 0 for growth in growths)
    return sums


def by_day(channels: Collection[UUID], word: str, period: Period) -> dict[date, int]:
    """What came in on each day, as the network's own days go, of all these profiles."""
    sums: dict[date, int] = {}
    for _channel, day, value in _rows(channels, word, True, period):
        sums[day] = sums.get(day, 0) + value
    return sums


def _rows(channels: Collection[UUID], word: str, daily: bool, period: Period) -> list[tuple[UUID, date, int]]:
    """Day and value, in order; a day's number stands at midnight UTC of its date, a total when it was read."""
    mine = Series.objects.filter(channel__in=channels, delivery=None, ours=word, daily=daily)
    series = dict(mine.values_list("pk", "channel"))
    edges = [_edge(day, daily, period) for day in (*period.days(), period.last + DAY)]
    found = sql.rows(BETWEEN.format(marks=sql.marks([*series])), *series, edges[0], edges[-1]) if series else []
    if found and found[0][1].tzinfo is None:  # as SQLite's driver gives them: thousands are compared as they are
        edges = [edge.replace(tzinfo=None) for edge in edges]
    days = list(period.days())
    return [(series[id], days[bisect_right(edges, at) - 1], value) for id, at, value in found]


def _edge(day: date, daily: bool, period: Period) -> datetime:
    """Where a day begins: by the clocks of the period, or as networks' days are kept."""
    return datetime.combine(day, time(), UTC if daily else ZoneInfo(period.zone)).astimezone(UTC)
