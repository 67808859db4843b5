"""How much what is here gets noticed: curves that anybody can compute from an id and a time, so that a test knows what
a report must say. A network's own names of its numbers are part of the curve: no two grow alike."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from tidings.core import clock

HALF = 720  # minutes until half of what a post ever gets is there
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)  # when profiles began to be followed


class Posts(dict[str, dict[str, Any]]):
    """Posts by id; remembers since when each is there."""

    def __init__(self) -> None:
        self.since: dict[str, datetime] = {}
        super().__init__()

    def __setitem__(self, id: str, post: dict[str, Any]) -> None:
        self.since.setdefault(id, clock.now())
        super().__setitem__(id, post)


def of_post(id: str, theirs: str, age: timedelta) -> int:
    """A post's number at this age: quick at first, then ever slower."""
    minutes = max(int(age.total_seconds() // 60), 0)
    return _most(f"{id} {theirs}") * minutes // (minutes + HALF)


def of_profile(account: str, theirs: str, at: datetime) -> int:
    """A profile's total: a few more every day."""
    days = (at - BEGAN) // timedelta(days=1)
    return 100 + _most(account) + days * (1 + _most(f"{account} {theirs}") % 7)


def of_day(account: str, theirs: str, day: date, at: datetime, behind: int, zone: str) -> int:
    """What came in on a day of this zone; two thirds of it are known at once, the rest so many days after its end."""
    begins = datetime.combine(day, time(), ZoneInfo(zone))
    whole = _most(f"{account} {theirs} {day}")
    if at < begins:
        return 0
    return whole if at >= begins + timedelta(days=1 + behind) else whole * 2 // 3


def _most(seed: str) -> int:
    return 9 + crc32(seed.encode()) % 240
