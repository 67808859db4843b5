"""One look at a workspace's calendar, by indexes alone: as long as two looks are equal, nothing has changed.

What people do stands in the log. What sending does by itself shows in the deliveries: those without an end are counted
by state, each try raises a fence, and each channel has a newest one that is out. web/rooms.py looks once a second.
"""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery, Sum

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import GONE, NEEDS_A_PERSON, WITHOUT_END, Delivery
from tidings.workspaces.models import AuditEntry

RESTLESS = ("sending", "settling", *NEEDS_A_PERSON)


def glance(workspace: UUID) -> str:
    """A short mark of all that the calendar shows; not of what somebody writes into a draft meanwhile."""
    now = clock.now()
    said = (_log(workspace), _counts(workspace), _tried(workspace, now), _channels(workspace), _gone(workspace))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _log(workspace: UUID) -> int:
    newest = AuditEntry.objects.filter(workspace=workspace).order_by("-number").values_list("number", flat=True)
    return newest.first() or 0


def _counts(workspace: UUID) -> list[tuple[object, ...]]:
    found = Delivery.objects.filter(WITHOUT_END, workspace=workspace, state__in=RESTLESS)
    counted = found.values("state").annotate(rows=Count("id"), fences=Sum("fence"))
    return sorted(counted.values_list("state", "rows", "fences"))


def _tried(workspace: UUID, now: datetime) -> int:
    """Of those that are to be tried again; one that comes due for the first time adds nothing. Asked of all workspaces,
    for what is due and waits is little: PostgreSQL would rather go through all that this one ever sent."""
    due = Delivery.objects.filter(WITHOUT_END, state="waiting", due_at__lte=now, fence__gt=0)
    return int(dict(due.values_list("workspace").annotate(fences=Sum("fence"))).get(workspace, 0))


def _channels(workspace: UUID) -> list[tuple[object, ...]]:
    out = Delivery.objects.filter(channel=OuterRef("pk"), state="delivered").order_by("-delivered_at")
    newest = Subquery(out.values("delivered_at")[:1])
    found = Channel.objects.filter(workspace=workspace).order_by("pk").annotate(newest=newest)
    return [(pk.hex, paused, str(at)) for pk, paused, at in found.values_list("pk", "paused", "newest")]


def _gone(workspace: UUID) -> int:
    return Delivery.objects.filter(GONE, workspace=workspace).count()
