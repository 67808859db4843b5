"""Claim what is due. Three gates, all in one WHERE clause: its time has come, its post is ready, its channel is live.

A channel never has two deliveries in flight (a partial unique index sees to that) and keeps its order. A lease that
ran out is simply claimed again: the journal knows what was done.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from tidings.core import clock
from tidings.deliveries.models import CLAIMABLE, Delivery
from tidings.posts.models import Post
from tidings.workspaces.models import Workspace


def claim(owner: str, lease: timedelta, most: int) -> list[Delivery]:
    """Up to `most` deliveries, the longest due first, now in state `sending` with a lease and a fresh fence.

    Everything that sending them needs is read along, for all of them at once.
    """
    now = clock.now()
    with transaction.atomic():
        candidates = _locked(_due(now), most)
        if _take(candidates, owner, now + lease):
            return candidates
        return [delivery for delivery in candidates if _take([delivery], owner, now + lease)]


def _due(now: datetime) -> QuerySet[Delivery]:
    ready = Q(state__in=CLAIMABLE, again_at__lte=now) & _open_gates() & ~Exists(_in_flight()) & ~Exists(_before())
    orphaned = Q(state="sending", lease_until__lt=now)
    return _whole(Delivery.objects.filter(ready | orphaned))


def _whole(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    whole = found.select_related("post", "item", "channel__workspace", "channel__app", "after")
    return whole.prefetch_related("item__variants").order_by("again_at", "due_at", "id")


def _open_gates() -> Q:
    return Q(post__stage="approved", channel__paused="") & (Q(after=None) | Q(after__state="delivered"))


def _in_flight() -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=OuterRef("channel"), state="sending")


def _before() -> QuerySet[Delivery]:
    """Deliveries of the same channel whose turn is earlier and whose gates are open (one that waits for a person's
    are not). A part of a thread that is on its way itself stands here for the parts that hang on it."""
    earlier = Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), id__lt=OuterRef("id"))
    return Delivery.objects.filter(earlier, _open_gates(), channel=OuterRef("channel"), state__in=CLAIMABLE)


def _locked(found: QuerySet[Delivery], most: int) -> list[Delivery]:
    """On PostgreSQL other nodes step over what we look at; SQLite has one writer anyway.

    What came along with a row is read again once the row is ours: it may be older than the lock, and an edit that was
    saved in between would go out in its old words.
    """
    if not connection.features.has_select_for_update_skip_locked:
        return list(found[:most])
    rows = found.select_related(None).prefetch_related(None).select_for_update(skip_locked=True, of=("self",))
    ids = [row.pk for row in rows[:most]]
    return list(_whole(Delivery.objects.filter(id__in=ids))) if ids else []


def _take(deliveries: list[Delivery], owner: str, until: datetime) -> bool:
    """Mark them as ours; False, and nothing marked, when another node has just taken one of their channels."""
    revision = Post.objects.filter(id=OuterRef("post")).values("revision")
    try:
        with transaction.atomic():
            Delivery.objects.filter(id__in=[delivery.id for delivery in deliveries]).update(
                state="sending", lease_owner=owner, lease_until=until, fence=F("fence") + 1, tries=F("tries") + 1,
                revision=Subquery(revision),
            )
    except IntegrityError:
        return False
    for delivery in deliveries:
        delivery.state, delivery.fence, delivery.tries = "sending", delivery.fence + 1, delivery.tries + 1
        delivery.revision = delivery.post.revision
    return True


def renew(owner: str, under_way: Iterable[Delivery], lease: timedelta) -> None:
    """Prolong the leases of what this worker is still sending."""
    ids = [delivery.id for delivery in under_way]
    Delivery.objects.filter(id__in=ids, lease_owner=owner, state="sending").update(lease_until=clock.now() + lease)


def hold_late() -> int:
    """Hold back what has become too late by its workspace's policy and was never tried or called up since; how many."""
    held = 0
    for workspace in Workspace.objects.exclude(late_policy="send"):
        too_late = clock.now() - timedelta(minutes=workspace.late_minutes)
        its_turn = Q(after=None) | Q(after__delivered_at__lt=too_late)  # a thread is held, and called up, as a whole
        untried = Delivery.objects.filter(its_turn, workspace=workspace, state="waiting", again_at=F("due_at"))
        reason = f"More than {workspace.late_minutes} minutes late, so it was held back."
        held += untried.filter(due_at__lt=too_late).update(state="held", reason=reason)
    return held
