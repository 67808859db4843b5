"""Claim what is due. Three gates, all in one WHERE clause: its time has come, its post is ready, its channel is live.

A channel never has two deliveries in flight (a partial unique index sees to that) and keeps its order. A lease that
ran out is simply claimed again: the journal knows what was done.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tidings.core import clock
from tidings.deliveries.models import CLAIMABLE, UNDER_WAY, Delivery
from tidings.workspaces.models import Workspace


def claim(owner: str, lease: timedelta, most: int) -> list[Delivery]:
    """Up to `most` deliveries, the longest due first, now in state `sending` with a lease and a fresh fence."""
    now = clock.now()
    with transaction.atomic():
        candidates = _locked(_due(now))[:most]
        return [taken for delivery in candidates if (taken := _take(delivery, owner, now + lease))]


def _due(now: datetime) -> QuerySet[Delivery]:
    ready = Q(state__in=CLAIMABLE, again_at__lte=now) & _open_gates() & ~Exists(_in_flight()) & ~Exists(_before())
    orphaned = Q(state="sending", lease_until__lt=now)
    return (
        Delivery.objects.filter(ready | orphaned)
        .select_related("post", "channel", "after")
        .order_by("again_at", "due_at", "id")
    )


def _open_gates(prefix: str = "") -> Q:
    return (
        Q(**{f"{prefix}post__stage": "approved", f"{prefix}channel__paused": ""})
        & (Q(**{f"{prefix}after__isnull": True}) | Q(**{f"{prefix}after__state": "delivered"}))
    )


def _in_flight() -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=OuterRef("channel"), state="sending")


def _before() -> QuerySet[Delivery]:
    """Deliveries of the same channel whose turn is earlier and which are moving (one that waits for a person is not)."""
    earlier = Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), id__lt=OuterRef("id"))
    moving = Q(after__isnull=True) | Q(after__state__in=(*UNDER_WAY, "delivered"))
    return Delivery.objects.filter(
        earlier, moving, channel=OuterRef("channel"), state__in=CLAIMABLE, post__stage="approved"
    )


def _locked(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """On PostgreSQL other nodes step over what we look at; SQLite has one writer anyway."""
    if connection.features.has_select_for_update_skip_locked:
        return found.select_for_update(skip_locked=True, of=("self",))
    return found


def _take(delivery: Delivery, owner: str, until: datetime) -> Delivery | None:
    same = Delivery.objects.filter(id=delivery.id, state=delivery.state, fence=delivery.fence)
    try:
        with transaction.atomic():
            taken = same.update(
                state="sending", lease_owner=owner, lease_until=until, fence=F("fence") + 1, tries=F("tries") + 1,
                revision=delivery.post.revision,
            )
    except IntegrityError:  # another node has just taken a delivery of this channel
        return None
    if not taken:
        return None
    delivery.state, delivery.fence, delivery.tries = "sending", delivery.fence + 1, delivery.tries + 1
    delivery.revision = delivery.post.revision
    return delivery


def renew(owner: str, under_way: Iterable[Delivery], lease: timedelta) -> None:
    """Prolong the leases of what this worker is still sending."""
    ids = [delivery.id for delivery in under_way]
    Delivery.objects.filter(id__in=ids, lease_owner=owner, state="sending").update(lease_until=clock.now() + lease)


def hold_late() -> int:
    """Hold back what has become too late by its workspace's policy; how many."""
    held = 0
    for workspace in Workspace.objects.exclude(late_policy="send"):
        too_late = clock.now() - timedelta(minutes=workspace.late_minutes)
        waiting = Delivery.objects.filter(workspace=workspace, state="waiting", tries=0, due_at__lt=too_late)
        reason = f"More than {workspace.late_minutes} minutes late, so it was held back."
        held += waiting.update(state="held", reason=reason)
    return held
