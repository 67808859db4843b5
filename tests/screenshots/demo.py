"""`tidings demo` at a day of our choice, so that pictures made at any time look alike.

It lies ahead, for what a session was given then must not have ended now: the second Thursday of a month to come.
"""

from datetime import UTC, datetime, timedelta

from tidings.commands.cli import main
from tidings.core import clock

MORNING = timedelta(hours=9, minutes=41)


def that_day(now: datetime) -> datetime:
    """The next second Thursday of a month, in the morning."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    while not (day > now and day.weekday() == 3 and 8 <= day.day <= 14):
        day += timedelta(days=1)
    return day + MORNING


if __name__ == "__main__":
    now = datetime.now(UTC)
    with clock.shifted(that_day(now) - now):
        main(prog_name="tidings")
