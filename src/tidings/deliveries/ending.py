"""Tell in time of an access that ends, and that nothing renews, while posts are scheduled for after it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from tidings.channels.models import Channel
from tidings.deliveries.models import IS_UNDER_WAY, Delivery
from tidings.notifications.tell import Occasion, tell

AHEAD = timedelta(days=8)  # a week is left when the mail is read


def outlived() -> Exists:
    """Whether something is due on a channel after its access ended."""
    own = Delivery.objects.filter(IS_UNDER_WAY, channel=OuterRef("pk"))
    return Exists(own.filter(due_at__gt=OuterRef("token_ends_at")))


def ending(channels: QuerySet[Channel], now: datetime) -> Iterator[Channel]:
    """Live ones whose access ends soon, without renewing itself, before posts that are scheduled."""
    near = channels.filter(outlived(), paused="", token_ends_at__gt=now, token_ends_at__lte=now + AHEAD)
    yield from (one for one in near.exclude(sealed="") if not one.speaks.has("renew"))


def tell_ending(now: datetime) -> int:
    """A chore: how many channels there are of which people are told, or were; each end is told once."""
    found = list(ending(Channel.objects.all(), now))
    for channel in found:
        mark = f"{channel.pk}:{channel.token_ends_at:%Y%m%d}"
        tell(channel.workspace_id, "ending", [Occasion("channel", channel.pk, mark)])
    return len(found)
