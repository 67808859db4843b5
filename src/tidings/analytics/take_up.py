"""Take up what went out since the last look: from then on it has a standing, and is read by the timetable."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tidings import networks
from tidings.analytics.models import Meter, Standing
from tidings.analytics.timetable import STEPS, first_reading
from tidings.channels.models import Channel
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.posts.models import Item, Variant
from tidings.posts.outgoing import said_as

AGAIN = timedelta(hours=1)  # what was recorded while the last look was taken may be a little older than it


def measurable() -> list[str]:
    """Networks that give numbers of posts or of profiles."""
    return [name for name, one in networks.every().items() if one.has("measure") or one.has("audience")]


def take_up(now: datetime) -> int:
    """Of every channel that is measured; how many posts were new."""
    _meters()
    new = 0
    for meter in Meter.objects.filter(wanted=True, channel__network__in=measurable()).select_related("channel"):
        if meter.channel.speaks.has("measure"):
            new += _take_up(meter, now)
    return new


def meter_of(channel: Channel) -> Meter:
    """Its meter, as a channel begins: read, unless reading costs money."""
    wanted = not channel.speaks.counting.price
    return Meter.objects.get_or_create(channel=channel, defaults={"workspace": channel.workspace, "wanted": wanted})[0]


def _meters() -> None:
    for channel in Channel.objects.filter(network__in=measurable(), meter=None):
        meter_of(channel)


def _take_up(meter: Meter, now: datetime) -> int:
    since = meter.taken_up_at - AGAIN if meter.taken_up_at else now - STEPS[-1]
    out = Delivery.objects.filter(channel=meter.channel_id, state="delivered", delivered_at__gt=since, standing=None)
    found = list(out.select_related("item"))
    Standing.objects.bulk_create(_standings(meter, found, now), ignore_conflicts=True)
    if found or meter.taken_up_at is None or now - meter.taken_up_at > AGAIN:
        Meter.objects.filter(pk=meter.pk).update(taken_up_at=now)
    return len(found)


def _standings(meter: Meter, deliveries: Iterable[Delivery], now: datetime) -> Iterable[Standing]:
    counting, shapes = meter.channel.speaks.counting, _shapes(meter.channel, [one.item for one in deliveries])
    for one in deliveries:
        out_at = one.delivered_at or now
        yield Standing(
            delivery=one, workspace_id=meter.workspace_id, channel_id=meter.channel_id, post_id=one.post_id,
            out_at=out_at, shape=shapes[one.item_id], next_at=first_reading(counting, out_at, now),
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
