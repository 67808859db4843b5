"""Which days a calendar shows: pure arithmetic with dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tidings.deliveries.angle import VIEWS

LIST_DAYS = 30
STEPS = {"week": 7, "day": 1, "list": LIST_DAYS, "board": LIST_DAYS}  # days; a month is as long as it is
HOURLY = ("week", "day")
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Grid:
    """A view around a day: its first and last day."""

    view: str
    day: date
    first: date
    last: date

    @property
    def hourly(self) -> bool:
        """Whether its days are shown by the hour."""
        return self.view in HOURLY

    def days(self) -> Iterator[date]:
        """Every day that is shown."""
        for n in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=n)

    def holds(self, day: date) -> bool:
        """Whether the day belongs to what is looked at (a month also shows days of its neighbours)."""
        return self.view != "month" or (day.year, day.month) == (self.day.year, self.day.month)

    def before(self) -> date:
        """A day in the stretch before."""
        if self.view == "month":
            return (self.day.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.day - timedelta(days=STEPS[self.view])

    def after(self) -> date:
        """A day in the stretch after."""
        if self.view == "month":
            return (self.day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return self.day + timedelta(days=STEPS[self.view])


def grid(view: str, day: str, today: date, week_starts: int) -> Grid:
    """The grid for what stands in an address; what makes no sense there means this month, today."""
    view = view if view in VIEWS else "month"
    around = _date(day) or today
    if view not in ("month", "week"):
        return Grid(view, around, around, around + timedelta(days=STEPS[view] - 1))
    start = around.replace(day=1) if view == "month" else around
    first = start - timedelta(days=(start.weekday() - week_starts) % 7)
    if view == "week":
        return Grid(view, around, first, first + timedelta(days=6))
    end = Grid(view, around, first, first).after() - timedelta(days=1)
    return Grid(view, around, first, end + timedelta(days=6 - (end.weekday() - week_starts) % 7))


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
