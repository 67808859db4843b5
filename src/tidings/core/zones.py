"""Wall time and instants. What a person types is wall time in a zone; what is kept is an instant, which no zone shifts.

The rules, all of them: a wall time that the clocks skip means as much later as they skip; one that they show twice
means the first. Pages are given `changes` of their zone and go by the same table, not by what the browser knows.
"""

import os
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tidings.core import clock

if "PYTHONTZPATH" not in os.environ:  # every node goes by the pinned tzdata, whatever its system brings along
    zoneinfo.reset_tzpath(())
    ZoneInfo.clear_cache()

BEFORE, AHEAD = 6, 15  # years that pages know the changes of
WEEK = timedelta(days=7)  # no zone changes its clocks twice within one
UTC_ZONE = ZoneInfo("UTC")
known = cache(zoneinfo.available_timezones)

Change = tuple[datetime, timedelta]  # from when on, how far ahead of UTC


def zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC when the database does not know it."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return UTC_ZONE


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall time, by the rules above."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def twice(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks show the time of this instant at another one too."""
    local = at.astimezone(zone)
    return local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The day's first instant; a day that the zone leaves out begins where the next one does."""
    return instant(datetime.combine(day, time()), zone)


def changes(zone: ZoneInfo, start: datetime, end: datetime) -> list[Change]:
    """The zone's offset at `start`, and every change until `end`."""
    found = [(start, _ahead(start, zone))]
    at = start
    while at < end:
        if _ahead(at + WEEK, zone) != found[-1][1]:
            found.append(_change(at, zone))
        at += WEEK
    return found


def _change(at: datetime, zone: ZoneInfo) -> Change:
    """The change within the week after `at`, found by halves."""
    before, after = at, at + WEEK
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _ahead(middle, zone) == _ahead(at, zone):
            before = middle
        else:
            after = middle
    return after, _ahead(after, zone)


def _ahead(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def told(zone: ZoneInfo) -> str:
    """The changes that a page is told."""
    year = clock.now().year
    return table(zone, year - BEFORE, year + AHEAD)


@cache
def table(zone: ZoneInfo, first: int, last: int) -> str:
    """The changes of these years, the last left out: `s:m … s`, seconds since 1970 and minutes ahead, then the end."""
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    spelled = [f"{at.timestamp():.0f}:{ahead / timedelta(minutes=1):g}" for at, ahead in changes(zone, start, end)]
    return " ".join([*spelled, f"{end.timestamp():.0f}"])
