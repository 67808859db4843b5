"""Times as a person reads them: in their zone and their clock, with the zone's name at hand."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as spelled
from django.utils.translation import get_language, pgettext, pgettext_lazy

from tidings.core import clock, zones
from tidings.workspaces.models import User

# How days are spelled; each language says its own way.
DAYS = {
    "long": pgettext_lazy("date format", "l j F"),
    "short": pgettext_lazy("date format", "D j M"),
    "column": pgettext_lazy("date format", "D j"),
    "dated": pgettext_lazy("date format", "l j F Y"),
    "month": pgettext_lazy("date format", "F Y"),
}


@dataclass(frozen=True)
class When:
    """An instant for a page: as a machine reads it, and as a person does."""

    iso: str
    time: str
    text: str


def zone_of(user: User) -> ZoneInfo:
    """The person's zone; UTC when the database does not know its name."""
    return zones.zone(user.zone)


def clock_of(user: User, at: datetime) -> str:
    """The time of day, on a 24 or 12 hour clock; in the hour that the clocks show twice, by which of the two."""
    local = at.astimezone(zone_of(user))
    time = f"{local:%H:%M}" if user.clock24 else spelled(local, "g:i A")
    return f"{time} {local.tzname()}" if zones.twice(at, zone_of(user)) else time


def when(user: User, at: datetime) -> When:
    """Day and time, with the year only when it is not this one."""
    local = at.astimezone(zone_of(user))
    year = "" if local.year == today(user, clock.now()).year else " Y"
    day = spelled(local, pgettext("date format", "D j M") + year)
    return When(at.isoformat(), clock_of(user, at), f"{day}, {clock_of(user, at)}")


def today(user: User, now: datetime) -> date:
    """The person's today."""
    return now.astimezone(zone_of(user)).date()


def spelled_day(day: date, how: str) -> str:
    """A day as people of this language write it; `how` is one of DAYS."""
    return _spelled_day(day, how, get_language())


@lru_cache(4096)  # every calendar says the same days
def _spelled_day(day: date, how: str, _language: str | None) -> str:
    return spelled(day, str(DAYS[how]))


def spelled_days(first: date, last: date) -> str:
    """A stretch of days, as short as it can be said: 24 – 30 November 2026."""
    end = spelled(last, pgettext("date format", "j M Y"))
    if first.year != last.year:
        return f"{spelled(first, pgettext('date format', 'j M Y'))} – {end}"
    start = pgettext("date format", "j") if first.month == last.month else pgettext("date format", "j M")
    return f"{spelled(first, start)} – {end}"


def hour_of(user: User, hour: int) -> str:
    """A full hour on a 24 or 12 hour clock."""
    return f"{hour:02}:00" if user.clock24 else spelled(time(hour), "g A")
