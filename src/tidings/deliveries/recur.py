"""When a post that repeats goes out again, by its zone's clocks: the same time of day whatever the clocks do, and the
last day of a month that is too short. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from tidings.core import zones

DAYS = {"day": 1, "week": 7}


def occurrences(first: datetime, every: int, unit: str, zone: ZoneInfo) -> Iterator[datetime]:
    """The instants after `first`, without end. Each is reckoned from the first: 31 January, 28 February, 31 March."""
    begun = first.astimezone(zone).replace(tzinfo=None)
    for number in count(1):
        far = every * number
        wall = _months(begun, far) if unit == "month" else begun + timedelta(days=DAYS[unit] * far)
        yield zones.instant(wall, zone)


def _months(begun: datetime, months: int) -> datetime:
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    return begun.replace(year=year, month=month + 1, day=min(begun.day, monthrange(year, month + 1)[1]))


def following(first: datetime, every: int, unit: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The first of them after this instant."""
    return next(at for at in occurrences(first, every, unit, zone) if at > after)
