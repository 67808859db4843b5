"""Sign-ins are held back after too many failures, longer with each; the security log is what counts them.

By login, and by where they come from. Nobody is locked out for good by others: where a login has been signed in from
lately it has a count of its own; a passkey is not asked; and a new password by mail begins anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from tidings.core import clock
from tidings.workspaces.models import SecurityEvent
from tidings.workspaces.security import SIGNED_IN, whom

FREE = timedelta(0)
MINUTE = timedelta(minutes=1)
GUESSES = ("failed_password", "failed_code")


@dataclass(frozen=True)
class Lock:
    """After `free` failures within a time, each one more doubles the wait, from a minute to an hour."""

    free: int
    within: timedelta

    def wait(self, failures: Sequence[datetime], now: datetime) -> timedelta:
        """How long still, after these failures, the newest first."""
        if len(failures) < self.free:
            return FREE
        pause = MINUTE * min(1 << min(len(failures) - self.free, 6), 60)
        return max(failures[0] + pause - now, FREE)


LOGIN = Lock(free=5, within=timedelta(days=1))
PLACE = Lock(free=20, within=timedelta(hours=1))
BEGIN_ANEW = (*SIGNED_IN, "password_reset")


def held(kind: str, login: str, place: str) -> timedelta:
    """How long a try has to wait that would fail as `kind`, for this typed address, from this place."""
    now = clock.now()
    mine = SecurityEvent.objects.filter(whom=whom(login))
    since = _times(mine.filter(kind__in=BEGIN_ANEW, at__gt=now - LOGIN.within))
    failures = mine.filter(kind=kind, at__gt=since[0] if since else now - LOGIN.within)
    if place and mine.filter(kind__in=SIGNED_IN, place=place).exists():
        failures = failures.filter(place=place)
    return max(LOGIN.wait(_times(failures), now), _held_at(place, now))


def _held_at(place: str, now: datetime) -> timedelta:
    """Whoever guesses at many logins from one place waits as well."""
    if not place:
        return FREE
    failures = SecurityEvent.objects.filter(kind__in=GUESSES, place=place, at__gt=now - PLACE.within)
    return PLACE.wait(_times(failures), now)


def _times(events: QuerySet[SecurityEvent]) -> list[datetime]:
    """The newest first; sorted here, for a database that is asked to would rather go through all by their time."""
    return sorted(events.values_list("at", flat=True), reverse=True)
