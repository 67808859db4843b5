"""What is kept about people for a time only: truncated, then gone. A little at once, so that nobody waits for it."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import models, transaction

from tidings.analytics import share
from tidings.channels.invite import spent
from tidings.database import sql
from tidings.notifications.read import outdated
from tidings.settings import settings
from tidings.workspaces import rates
from tidings.workspaces.models import Invitation, SecurityEvent
from tidings.workspaces.security import network

BATCH, BATCHES = 500, 20
INVITED_BEFORE = timedelta(days=30)  # an invitation that ended longer ago is of use to nobody
# In the words of its partial index: SQLite takes it for nothing else.
IN_FULL = """
SELECT id, ip FROM workspaces_securityevent WHERE at < %s AND NOT (browser = '' AND place = '') LIMIT %s"""

Row = TypeVar("Row")


def retain(now: datetime) -> dict[str, int]:
    """Everything whose time has come: how many of what."""
    full, kept = now - timedelta(days=settings().log_days), now - timedelta(days=settings().log_gone_days)
    events, browsers = SecurityEvent.objects, UserSession.objects
    return {
        "events_gone": _deleted(events.filter(at__lt=kept)),
        "events_truncated": _truncated(full),
        "sessions": _deleted(Session.objects.filter(expire_date__lt=now)),
        "browsers_gone": _deleted(browsers.exclude(session_key__in=Session.objects.values("session_key"))),
        "browsers_truncated": _blurred(browsers.filter(last_seen_at__lt=full).exclude(user_agent="")),
        "invitations": _deleted(Invitation.objects.filter(ends_at__lt=now - INVITED_BEFORE)),
        "connect_links": _deleted(spent(now)),
        "report_links": _deleted(share.spent(now)),
        "notifications": _deleted(outdated(now)),
        "mails": _mails(full),
        "knocks": rates.forget(now),
    }


def coarse(ip: str) -> str | None:
    """What is left of an address: the network of many (/24, /48)."""
    return network(ip, 24, 48) or None


def _in_batches(rows: Callable[[], list[Row]]) -> Iterator[list[Row]]:
    """So many of the rows as are left each time they are looked for."""
    for _ in range(BATCHES):
        found = rows()
        if not found:
            return
        yield found


def _deleted(rows: models.QuerySet[Any]) -> int:
    every = rows.model._base_manager
    batches = _in_batches(lambda: list(rows.values_list("pk", flat=True)[:BATCH]))
    return sum(every.filter(pk__in=some).delete()[0] for some in batches)


def _truncated(before: datetime) -> int:
    """Events that still name an address and a browser in full."""
    batches = _in_batches(lambda: sql.rows(IN_FULL, before, BATCH))
    return sum(_coarsened(SecurityEvent, some, place="", browser="") for some in batches)


def _blurred(rows: models.QuerySet[UserSession]) -> int:
    """Browsers that were not seen for long."""
    batches = _in_batches(lambda: list(rows.values_list("pk", "ip")[:BATCH]))
    return sum(_coarsened(UserSession, some, user_agent="") for some in batches)


@transaction.atomic
def _coarsened(model: type[models.Model], rows: list[tuple[Any, ...]], **emptied: str) -> int:
    """Shorten these addresses, those of one network together."""
    networks = defaultdict(list)
    for pk, ip in rows:
        networks[coarse(str(ip or ""))].append(pk)
    every = model._base_manager
    return sum(every.filter(pk__in=keys).update(ip=ip, **emptied) for ip, keys in networks.items())


def _mails(before: datetime) -> int:
    """Mails that were written into a folder because there is no server for them."""
    old = [path for path in (settings().home / "mail").glob("*.eml") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
