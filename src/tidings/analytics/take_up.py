"""Take up what went out since the last look: from then on it has a standing, and is read by the timetable."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, QuerySet

from tidings.analytics.models import Meter, Standing
from tidings.analytics.timetable import first_reading
from tidings.channels.models import Channel
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.networks.seam import Receipt
from tidings.posts.models import Item, Variant
from tidings.posts.outgoing import said_as
from tidings.settings import settings

AGAIN = timedelta(hours=1)  # what was recorded while the last look was taken may be a little older than it
EVERY = timedelta(minutes=10)  # between two looks at a channel; the first reading is an hour after a post went out
MANY = 2000  # posts at once


def take_up(now: datetime) -> int:
    """Of every channel, measured or not, so that a report counts all its posts; how many were new."""
    for channel in Channel.objects.filter(meter=None):
        meter_of(channel)
    new = sum(_begin(meter, now) for meter in Meter.objects.filter(taken_up_at=None).select_related("channel"))
    due = Meter.objects.filter(taken_up_at__lt=now - EVERY)
    oldest = due.aggregate(at=Min("taken_up_at"))["at"]
    return new + _go_on({meter.pk: meter for meter in due.select_related("channel")}, oldest, now) if oldest else new


def meter_of(channel: Channel) -> Meter:
    """Its meter, as a channel begins: read, unless reading costs money."""
    wanted = not channel.speaks.counting.price
    return Meter.objects.get_or_create(channel=channel, defaults={"workspace": channel.workspace, "wanted": wanted})[0]


def plan(meter: Meter, out: Delivery, out_at: datetime, now: datetime) -> datetime | None:
    """When a post of this channel is read first; None where nobody wants that, or its network has no numbers."""
    speaks = meter.channel.speaks
    wanted = meter.wanted and speaks.has("measure")
    receipt = Receipt(**out.receipt or {"id": "", "url": ""})
    return first_reading(out_at, now, speaks.lasts_of(receipt)) if wanted else None


def _begin(meter: Meter, now: datetime) -> int:
    """All that is kept of a channel; of a great many the oldest first, and what is left the next time."""
    out = _new([meter.pk], now - timedelta(days=settings().numbers_days))[:MANY]
    found = list(out)
    _stand(meter, found, now)
    Meter.objects.filter(pk=meter.pk).update(taken_up_at=found[-1].delivered_at if len(found) == MANY else now)
    return len(found)


def _go_on(meters: Mapping[UUID, Meter], oldest: datetime, now: datetime) -> int:
    """What went out since, of all these channels in one look."""
    by_channel: dict[UUID, list[Delivery]] = defaultdict(list)
    for out in _new(meters, oldest - AGAIN):
        by_channel[out.channel_id].append(out)
    for channel, found in by_channel.items():
        _stand(meters[channel], found, now)
    Meter.objects.filter(pk__in=meters, taken_up_at__lt=now - EVERY).update(taken_up_at=now)
    return sum(map(len, by_channel.values()))


def _new(channels: Collection[UUID], since: datetime) -> QuerySet[Delivery]:
    out = Delivery.objects.filter(channel__in=channels, state="delivered", delivered_at__gt=since, standing=None)
    out = out.filter(answers__isnull=True)
    return out.select_related("item").order_by("delivered_at")


def _stand(meter: Meter, found: Sequence[Delivery], now: datetime) -> None:
    Standing.objects.bulk_create(_standings(meter, found, now), ignore_conflicts=True)


def _standings(meter: Meter, deliveries: Iterable[Delivery], now: datetime) -> Iterable[Standing]:
    shapes = _shapes(meter.channel, [one.item for one in deliveries])
    for one in deliveries:
        out_at = one.delivered_at or now
        yield Standing(
            delivery=one, workspace_id=meter.workspace_id, channel_id=meter.channel_id, post_id=one.post_id,
            out_at=out_at, shape=shapes[one.item_id], next_at=plan(meter, one, out_at, now),
        )  # fmt: skip


def _shapes(channel: Channel, items: list[Item]) -> dict[UUID, str]:
    """What each is made of, as this channel says it: words, or the kind of its media; two pictures are several."""
    variants = {one.item_id: one for one in Variant.objects.filter(channel=channel, item__in=items)}
    media = {item.pk: [use.id for use in said_as(item, variants.get(item.pk)).media] for item in items}
    kinds = dict(Media.objects.filter(pk__in={id for ids in media.values() for id in ids}).values_list("pk", "kind"))
    return {item: _shape([kinds[id] for id in ids if id in kinds]) for item, ids in media.items()}


def _shape(kinds: list[str]) -> str:
    if "film" in kinds:
        return "film"
    if not kinds:
        return "words"
    return "pictures" if len(kinds) > 1 else kinds[0]
