"""Every zone there is, and every change of its clocks in twenty years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from tidings.core import zones

FIRST, LAST = 2015, 2036  # years; the last left out
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
AROUND = [QUARTER * n for n in range(-12, 13)]  # three hours before and after, by quarters
FAMOUS = (
    "Africa/Cairo", "Africa/Casablanca", "America/Asuncion", "America/New_York", "America/Scoresbysund",
    "America/St_Johns", "Antarctica/Casey", "Antarctica/Troll", "Asia/Gaza", "Asia/Kathmandu", "Asia/Pyongyang",
    "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin", "Pacific/Apia", "Pacific/Chatham",
)


@dataclass(frozen=True)
class Change:
    """The clocks of a zone at the instant they are changed."""

    zone: ZoneInfo
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def gap(self) -> timedelta:
        """How much they skip; below zero: how much they show twice."""
        return self.after - self.before

    def instants(self) -> Iterator[datetime]:
        """Around the change, as time passes."""
        return (self.at + step for step in AROUND)

    def walls(self) -> Iterator[datetime]:
        """Around the change, as a calendar shows the hours: those that are skipped too."""
        naive = self.at.replace(tzinfo=None) + self.before
        return (naive + step for step in AROUND)

    def days(self) -> list[date]:
        """The day of the change, two before and two after."""
        middle = (self.at + self.before).date()
        return [middle + DAY * n for n in range(-2, 3)]


@cache
def different() -> tuple[ZoneInfo, ...]:
    """One zone of each kind: many names mean the same."""
    found: dict[bytes, str] = {}
    for name in sorted(zones.known()):
        found.setdefault(resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes(), name)
    return tuple(zones.zone(name) for name in found.values())


@cache
def every() -> tuple[Change, ...]:
    """Every change of every zone."""
    return tuple(change for zone in different() for change in of(zone, FIRST, LAST))


def of(zone: ZoneInfo, first: int, last: int) -> list[Change]:
    """The changes of one zone in these years."""
    (_, before), *later = zones.changes(zone, datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC))
    found = []
    for at, after in later:
        found.append(Change(zone, at, before, after))
        before = after
    return found


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks show at this instant."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)
