"""What was held back, decided about at once: sent, put off, or left out. Each goes by the verb it would go by alone, in
a transaction of its own; one that was decided about meanwhile stays as it is."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import MOVABLE, Refused, cancel, move, retry
from tidings.posts.models import Post
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require


@dataclass
class Released:
    """How many it was done to, and why not to others."""

    count: int = 0
    refused: list[str] = field(default_factory=list)


def send_all(member: Member, ids: Collection[UUID]) -> Released:
    """Send them now, those first that were due first."""
    return _each(_held(member, ids), partial(retry, member))


def leave_all(member: Member, ids: Collection[UUID]) -> Released:
    """None of them is to go out."""
    return _each(_held(member, ids), partial(cancel, member))


def put_off(member: Member, ids: Collection[UUID], when: datetime) -> Released:
    """The first post goes out then, the others as long after it as they were to; a thread stays together."""
    by_post = {one.post_id: one for one in reversed(_held(member, ids))}
    open_ones = Delivery.objects.filter(post__in=by_post, state__in=MOVABLE).order_by()
    first = dict(open_ones.values_list("post").annotate(Min("due_at")))
    shift = when - min(first.values(), default=when)
    return _each(by_post.values(), lambda one: move(member, one.post, first[one.post_id] + shift))


def _held(member: Member, ids: Collection[UUID]) -> list[Delivery]:
    """Parts of a thread one after the other, as they are sent."""
    require(member, "publish")
    held = Delivery.objects.filter(workspace=member.workspace, pk__in=ids, state="held").select_related("post")
    return list(held.order_by("due_at", "item__position", "pk"))


def _each(rows: Iterable[Delivery], act: Callable[[Delivery], None]) -> Released:
    done = Released()
    for row in rows:
        try:
            done.count += _released(row, act)
        except Refused as refusal:
            done.refused.append(str(refusal))
    return done


@transaction.atomic
def _released(row: Delivery, act: Callable[[Delivery], None]) -> bool:
    """Nobody else decides about its post until this has."""
    list(Post.objects.select_for_update().filter(pk=row.post_id))
    still = Delivery.objects.filter(pk=row.pk, state="held").exists()
    if still:
        act(row)
    return still
