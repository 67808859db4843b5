"""Times as a person reads them: in their zone and their clock, with the zone's name at hand."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.dateformat import format as spelled

from tidings.workspaces.models import User


@dataclass(frozen=True)
class When:
    """An instant for a page: as a machine reads it, and as a person does."""

    iso: str
    time: str
    text: str


def zone_of(user: User) -> ZoneInfo:
    """The person's zone; UTC when the database does not know its name."""
    try:
        return ZoneInfo(user.zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


def clock_of(user: User, at: datetime) -> str:
    """The time of day, on a 24 or 12 hour clock."""
    local = at.astimezone(zone_of(user))
    return f"{local:%H:%M}" if user.clock24 else spelled(local, "g:i A")


def when(user: User, at: datetime) -> When:
    """Day and time, with the year only when it is not this one."""
    local = at.astimezone(zone_of(user))
    year = "" if local.year == datetime.now(local.tzinfo).year else " Y"
    return When(at.isoformat(), clock_of(user, at), f"{spelled(local, f'D j M{year}')}, {clock_of(user, at)}")


def today(user: User, now: datetime) -> date:
    """The person's today."""
    return now.astimezone(zone_of(user)).date()
