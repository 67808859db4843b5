"""From one day to another, both among them, as the clocks of a zone show them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days of a report."""

    first: date
    last: date
    zone: str

    @classmethod
    def until(cls, last: date, days: int, zone: str) -> "Period":
        """So many days, of which this is the last."""
        return cls(last - timedelta(days=days - 1), last, zone)

    @property
    def length(self) -> int:
        """Its days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, right before it."""
        return replace(self, first=self.first - self.length * DAY, last=self.first - DAY)

    @property
    def begins(self) -> datetime:
        """The instant at which the first day begins."""
        return self._midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The instant at which the last day is over."""
        return self._midnight(self.last + DAY)

    def days(self) -> Iterator[date]:
        """Each of them."""
        return (self.first + n * DAY for n in range(self.length))

    def local(self, at: datetime) -> datetime:
        """What the clocks show at this instant."""
        return at.astimezone(ZoneInfo(self.zone))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)
