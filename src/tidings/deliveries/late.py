"""What is too late to go out by itself: held back, by its workspace's policy, until a person decides.

`claim` leaves alone what `is_late` at its own instant, so nothing slips through, however long a worker slept and
whoever woke first; `hold_late` then gives those rows the state in which people see them.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, DurationField, ExpressionWrapper, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from tidings.channels.models import Channel
from tidings.core.speech import say
from tidings.deliveries.models import WITHOUT_END, Delivery
from tidings.deliveries.wake import wake
from tidings.notifications.tell import Occasion, tell
from tidings.workspaces.models import Workspace

TOO_LATE = say("More than %(n)s minutes late, so it was held back.")
HOLDS = ("hold", "ask")  # policies; `ask` also tells people, see ask.py
UNTRIED = Q(state="waiting", again_at=F("due_at"))  # never tried, nor called up by a person


def is_late(minutes: int, due_at: datetime, before_out_at: datetime | None, now: datetime) -> bool:
    """Whether an untried delivery is later than its workspace takes. The part of a thread after one that is out
    counts from there: a thread is held, and called up, as a whole."""
    return max(due_at, before_out_at or due_at) < now - timedelta(minutes=minutes)


def too_late(now: datetime) -> Q:
    """The same, as a condition on deliveries."""
    minutes = Cast("workspace__late_minutes", IntegerField()) * Value(timedelta(minutes=1))
    limit = Value(now) - ExpressionWrapper(minutes, DurationField())
    its_turn = Q(after=None) | Q(after__delivered_at__lt=limit)
    return UNTRIED & Q(workspace__late_policy__in=HOLDS, due_at__lt=limit) & its_turn


@transaction.atomic
def hold_late(now: datetime) -> int:
    """Hold back what is too late, of all workspaces at once; how many. `again_at` then says since when it is held.

    UNTRIED stands outside once more: on PostgreSQL only that is looked at again when another node had the row.
    """
    if not Workspace.objects.exclude(late_policy="send").exists():
        return 0
    late = Delivery.objects.filter(WITHOUT_END, too_late(now), due_at__lt=now)
    channels = list(Channel.objects.filter(id__in=late.values("channel")).only("id", "workspace_id").order_by())
    if not channels:
        return 0
    wake(channels)
    untried = Delivery.objects.filter(UNTRIED, id__in=late.values("id"))
    held = untried.update(state="held", again_at=now, reason=_reason())
    _tell(now)
    return held


def _tell(now: datetime) -> None:
    """Once of each post, however many deliveries it has."""
    posts: dict[UUID, list[Occasion]] = {}
    held = Delivery.objects.filter(state="held", again_at=now).order_by().values_list("workspace", "post").distinct()
    for workspace, post in held:
        posts.setdefault(workspace, []).append(Occasion("post", post, f"{post}:{now.timestamp():.0f}"))
    for workspace, occasions in posts.items():
        tell(workspace, "held", occasions)


def _reason() -> Concat:
    minutes = Workspace.objects.filter(id=OuterRef("workspace")).values("late_minutes")
    before, after = TOO_LATE.split("%(n)s")
    return Concat(Value(before), Cast(Subquery(minutes), CharField()), Value(after), output_field=CharField())
