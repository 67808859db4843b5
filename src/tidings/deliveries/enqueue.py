"""Add a post to the queue: it goes out at the next free slot of its channels. Two who do so at once get two slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tidings.channels.models import Channel
from tidings.channels.slots import zone_of
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.queue import next_free
from tidings.deliveries.schedule import Refused, schedule
from tidings.posts.models import Post
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require


@dataclass(frozen=True)
class Next:
    """The next free slot, by whose clocks, and the channels that have none at all."""

    at: datetime | None
    zone: str
    without: list[UUID]


def coming(channels: Sequence[Channel]) -> Next:
    """When a post for these channels would go out if it were added now."""
    without = [channel.pk for channel in channels if not channel.slots.exists()]
    having = [channel for channel in channels if channel.pk not in without]
    at = next_free(having, clock.now()) if having else None
    return Next(at, zone_of(having[0]).key if having else "", without)


@transaction.atomic
def enqueue(member: Member, post: Post) -> list[Delivery]:
    """Schedule it for the next free slot; raises what schedule raises, and Refused when there is none."""
    require(member, "publish")
    list(Post.objects.filter(pk=post.pk).select_for_update())  # before its channels, as everywhere
    mine = Channel.objects.filter(pk__in=post.channels.values("pk")).select_related("workspace").order_by("pk")
    held = list(mine.select_for_update(no_key=True, of=("self",)))  # whoever comes second looks when the first is done
    if not held:
        raise Refused(_("Choose at least one channel."))
    at = coming(held).at
    if at is None:
        raise Refused(_("None of these channels has a free slot. Give them times of the week, or choose a time here."))
    return schedule(member, post, at)
