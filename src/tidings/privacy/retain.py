"""What is kept about people for a time only: truncated, then gone. A little at once, so that nobody waits for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import models

from tidings.settings import settings
from tidings.workspaces import rates
from tidings.workspaces.models import Invitation, SecurityEvent
from tidings.workspaces.security import network

BATCH, BATCHES = 500, 20
INVITED_BEFORE = timedelta(days=30)  # an invitation that ended longer ago is of use to nobody


def retain(now: datetime) -> dict[str, int]:
    """Everything whose time has come: how many of what."""
    full, kept = now - timedelta(days=settings().log_days), now - timedelta(days=settings().log_gone_days)
    events, browsers = SecurityEvent.objects, UserSession.objects
    return {
        "events_gone": _deleted(events.filter(at__lt=kept)),
        "events_truncated": _truncated(events.filter(at__lt=full).exclude(place="", browser="")),
        "sessions": _deleted(Session.objects.filter(expire_date__lt=now)),
        "browsers_gone": _deleted(browsers.exclude(session_key__in=Session.objects.values("session_key"))),
        "browsers_truncated": _blurred(browsers.filter(last_seen_at__lt=full).exclude(user_agent="")),
        "invitations": _deleted(Invitation.objects.filter(ends_at__lt=now - INVITED_BEFORE)),
        "mails": _mails(full),
        "knocks": rates.forget(now),
    }


def coarse(ip: str | None) -> str | None:
    """What is left of an address: the network of many (/24, /48)."""
    return network(ip, 24, 48) or None


def _in_batches(rows: models.QuerySet[Any]) -> Iterable[list[Any]]:
    """So many of the rows as are left each time it is asked."""
    for _ in range(BATCHES):
        found = list(rows.order_by("pk")[:BATCH])
        if not found:
            return
        yield found


def _deleted(rows: models.QuerySet[Any]) -> int:
    return sum(rows.model._base_manager.filter(pk__in=[row.pk for row in some]).delete()[0] or 0
               for some in _in_batches(rows.only("pk")))


def _truncated(rows: models.QuerySet[SecurityEvent]) -> int:
    count = 0
    for some in _in_batches(rows):
        for event in some:
            event.ip, event.place, event.browser = coarse(event.ip), "", ""
        count += SecurityEvent.objects.bulk_update(some, ("ip", "place", "browser"))
    return count


def _blurred(rows: models.QuerySet[UserSession]) -> int:
    """Browsers that were not seen for long."""
    count = 0
    for some in _in_batches(rows):
        for each in some:
            each.ip, each.user_agent = coarse(each.ip), ""
        count += UserSession.objects.bulk_update(some, ("ip", "user_agent"))
    return count


def _mails(before: datetime) -> int:
    """Mails that were written into a folder because there is no server for them."""
    old = [path for path in (settings().home / "mail").glob("*.eml") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
