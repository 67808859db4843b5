"""Keep what was read: a measurement for each number, and beside the post how it stands now.

A total is a new measurement each time; a day's number that the network corrects takes the place of the one before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from django.db import transaction

from tidings.analytics.models import Measurement, Meter, Series, Standing
from tidings.analytics.timetable import next_reading
from tidings.deliveries.models import Delivery
from tidings.networks.metrics import OF_POSTS, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

ENGAGING = ("likes", "comments", "shares", "saves")  # what people did, which every network counts in some form
KEPT = (*OF_POSTS, "engaged")  # columns of a standing that hold numbers
Key = tuple[UUID | None, str]  # of a series: the delivery, none for the profile's own; the network's name of the number


@transaction.atomic
def keep_posts(meter: Meter, numbers: Mapping[UUID, Numbers], standings: Sequence[Standing], now: datetime) -> None:
    """What was read now of these posts, by delivery; those that the network did not name are read again later."""
    now = now.replace(microsecond=0)
    speaks = meter.channel.speaks
    declared = {metric.theirs: metric for metric in speaks.metrics}
    found = [((id, name), now, value) for id, said in numbers.items() for name, value in said.items()]
    _measure(meter, declared, [row for row in found if row[0][1] in declared])
    for standing in standings:
        said = numbers.get(standing.pk)
        if said is not None:
            _stand(standing, ours(declared.values(), said), now)
        lasts = speaks.lasts_of(Receipt(**standing.delivery.receipt or {"id": "", "url": ""}))
        standing.next_at = next_reading(speaks.counting, standing.out_at, now, lasts)
        standing.save(update_fields=("read_at", "next_at", *KEPT))


@transaction.atomic
def keep_profile(meter: Meter, readings: Iterable[Reading], now: datetime) -> None:
    """What was read now of the profile."""
    now = now.replace(microsecond=0)
    declared = {metric.theirs: metric for metric in meter.channel.speaks.crowd}
    known = [one for one in readings if one.theirs in declared]
    _measure(meter, declared, [((None, one.theirs), _at(one, now), one.value) for one in known])


@transaction.atomic
def keep_gone(meter: Meter, standings: Iterable[Standing], now: datetime) -> None:
    """These the network says are gone: they are read no more. What terms want gone then goes; people are told."""
    ids = [standing.pk for standing in standings]
    Standing.objects.filter(pk__in=ids).update(gone_at=now, next_at=None)
    Delivery.objects.filter(pk__in=ids, gone_at=None).update(gone_at=now, look_at=None)
    if meter.channel.speaks.counting.erases:
        forget(ids)


def forget(deliveries: Iterable[UUID]) -> None:
    """Drop all numbers of these posts."""
    ids = list(deliveries)
    Series.objects.filter(delivery__in=ids).delete()
    Standing.objects.filter(pk__in=ids).update(**dict.fromkeys(KEPT))


def ours(declared: Iterable[Metric], said: Numbers) -> dict[str, int]:
    """The same numbers in our words; those of one word are added up."""
    sums: dict[str, int] = {}
    for metric in declared:
        if metric.ours and metric.theirs in said:
            sums[metric.ours] = sums.get(metric.ours, 0) + said[metric.theirs]
    return sums


def _at(reading: Reading, now: datetime) -> datetime:
    return datetime.combine(reading.day, time(), UTC) if reading.day else now


def _stand(standing: Standing, sums: Mapping[str, int], now: datetime) -> None:
    standing.read_at = now
    for word in OF_POSTS:
        setattr(standing, word, sums.get(word))
    did = [sums[word] for word in ENGAGING if word in sums]
    standing.engaged = sum(did) if did else None


def _measure(meter: Meter, declared: Mapping[str, Metric], rows: Sequence[tuple[Key, datetime, int]]) -> None:
    series = _series(meter, declared, {key for key, _at, _value in rows})
    new = {(series[key], at): value for key, at, value in rows}  # of a number that is said twice, the last counts
    Measurement.objects.bulk_create(
        [Measurement(series_id=id, at=at, value=value) for (id, at), value in new.items()],
        update_conflicts=True, unique_fields=("series", "at"), update_fields=("value",),
    )  # fmt: skip


def _series(meter: Meter, declared: Mapping[str, Metric], keys: set[Key]) -> dict[Key, int]:
    """The ids of these series, those that are new among them."""
    deliveries = {delivery for delivery, _theirs in keys}
    own = Series.objects.filter(channel=meter.channel_id)
    found = own.filter(delivery__in=deliveries - {None}) | own.filter(delivery=None) if None in deliveries else (
        own.filter(delivery__in=deliveries)
    )
    ids: dict[Key, int] = {}
    for id, delivery, theirs, word in found.values_list("pk", "delivery", "theirs", "ours"):
        ids[delivery, theirs] = id
        if theirs in declared and word != declared[theirs].ours:
            Series.objects.filter(pk=id).update(ours=declared[theirs].ours)
    new = [_new(meter, declared[key[1]], key[0]) for key in sorted(keys - ids.keys(), key=str)]
    return ids | {(one.delivery_id, one.theirs): one.pk for one in Series.objects.bulk_create(new)}


def _new(meter: Meter, metric: Metric, delivery: UUID | None) -> Series:
    return Series(
        workspace_id=meter.workspace_id, channel_id=meter.channel_id, delivery_id=delivery,
        theirs=metric.theirs, ours=metric.ours, daily=metric.per == "day",
    )  # fmt: skip
