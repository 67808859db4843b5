"""Keep my data, process nothing: what a person who freezes has alone stands still, and they themselves only look on.

The engine knows nothing of it: channels are paused with a reason, as they are for any other. What a workspace shares
with others goes on, for it is theirs as well; there only the person stands still (workspaces.policy).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import NOT_OUT
from tidings.deliveries.wake import wake
from tidings.privacy.named import named
from tidings.workspaces.models import Member, User, Workspace

FROZEN = "Frozen: nothing is sent or asked until its owner goes on."
LEAVING = "About to be erased: nothing is sent or asked any more."
PASSED = "Its time passed while everything stood still."
NOT_BEGUN = Q(state="waiting") & NOT_OUT


def alone(user: User) -> QuerySet[Workspace]:
    """The workspaces in which there is nobody else."""
    return Workspace.objects.filter(members__user=user.pk).exclude(pk__in=others(user).values("workspace"))


def others(user: User) -> QuerySet[Member]:
    """The memberships of everybody else; whom an imported archive only names is nobody who could decide."""
    return Member.objects.exclude(user=user.pk).exclude(user__in=named().values("pk"))


@transaction.atomic
def freeze(user: User, now: datetime | None = None) -> None:
    """From now on nothing of this person is processed; harmless to repeat."""
    User.objects.filter(pk=user.pk, frozen_at=None).update(frozen_at=now or clock.now())
    still(alone(user), FROZEN)


@transaction.atomic
def thaw(user: User) -> None:
    """Go on. What should have gone out meanwhile is held back until the person decides."""
    User.objects.filter(pk=user.pk).update(frozen_at=None)
    go_on(alone(user), FROZEN)


def still(workspaces: QuerySet[Workspace], reason: str) -> None:
    """Pause every channel of these that is not paused already."""
    live = Channel.objects.filter(workspace__in=workspaces.values("pk"), paused="")
    live.update(paused=reason, paused_at=clock.now())


def go_on(workspaces: QuerySet[Workspace], reason: str) -> None:
    """Resume the channels that were paused for this reason; nothing goes out that nobody expects any more."""
    paused = Channel.objects.filter(workspace__in=workspaces.values("pk"), paused=reason)
    channels = list(paused.only("id", "workspace_id").order_by())
    wake(channels)
    passed = Delivery.objects.filter(NOT_BEGUN, channel__in=channels, due_at__lt=clock.now())
    passed.update(state="held", again_at=clock.now(), reason=PASSED)
    Channel.objects.filter(pk__in=[channel.pk for channel in channels]).update(paused="", paused_at=None)
