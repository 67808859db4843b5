"""Every Monday, or on the first of the month: when a report is due as a zone's clocks show it, and of which days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tidings.analytics.period import DAY, Period
from tidings.core import zones

LONGEST = timedelta(days=32)  # after so many days another month has begun


def next_due(every: str, hour: int, zone: ZoneInfo, at: datetime) -> datetime:
    """The first time after `at`."""
    day = _begins(every, at.astimezone(zone).date())
    due = _instant(day, hour, zone)
    return due if due > at else _instant(_begins(every, day + (7 * DAY if every == "week" else LONGEST)), hour, zone)


def last_due(every: str, hour: int, zone: ZoneInfo, at: datetime) -> datetime:
    """The latest time that is not after `at`."""
    day = _begins(every, at.astimezone(zone).date())
    due = _instant(day, hour, zone)
    return due if due <= at else _instant(_begins(every, day - DAY), hour, zone)


def period_before(every: str, zone: ZoneInfo, due: datetime) -> Period:
    """The week, or the month, that was over when the report was due."""
    last = _begins(every, due.astimezone(zone).date()) - DAY
    return Period(_begins(every, last), last, zone.key)


def _begins(every: str, day: date) -> date:
    """The first day of the day's week or month."""
    return day - day.weekday() * DAY if every == "week" else day.replace(day=1)


def _instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return zones.instant(datetime.combine(day, time(hour)), zone)
