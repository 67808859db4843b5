"""Collect the numbers of what went out, by the timetable, and each profile's own once a day.

Publishing comes first: a channel that sends, or will in a moment, is left alone; of a network's limits reading takes a
small part; what a network answers to a reading never stops a channel.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Min, Q

from tidings.analytics import budget
from tidings.analytics.keep import keep_gone, keep_posts, keep_profile
from tidings.analytics.models import WAITING, Meter, Standing
from tidings.analytics.take_up import take_up
from tidings.analytics.timetable import DAY, STEPS, margin, next_reading, tomorrow
from tidings.core import clock, zones
from tidings.deliveries import reading
from tidings.deliveries.readback import busy
from tidings.deliveries.reading import Full
from tidings.networks.base import Network, Receipt
from tidings.networks.errors import Later, Reaction, Rejected

LEASE = timedelta(minutes=5)  # should we die over a channel, another asks after that
ROUND = timedelta(seconds=10)  # other chores wait behind this one
CHANNELS, BATCHES = 50, 5  # asked in a round, and batches read of one channel
BACK = timedelta(days=30)  # a profile's days that are read the first time


def collect_due(now: datetime) -> int:
    """Ask for every number whose time has come, the longest waiting channel first; how many posts and profiles."""
    take_up(now)
    meters = _due(now)
    resting = busy([meter.channel_id for meter in meters], now)
    read = 0
    for meter in meters:
        if meter.channel_id not in resting and clock.now() - now < ROUND:
            read += collect(meter)
    return read


def collect(meter: Meter) -> int:
    """Read one channel's posts and profile, what is due of them; how many."""
    if not _mine(meter):
        return 0
    try:
        read = _read(meter)
        _note(meter, "", clock.now())
    except Full as full:
        _note(meter, meter.trouble, full.until)
        return 0
    except Reaction as reaction:
        _note(meter, *reading.put_off(meter.channel, reaction, meter.trouble))
        return 0
    return read


def _due(now: datetime) -> list[Meter]:
    """Channels of which something is due, with all that asking needs."""
    open = Q(channel__meter__wanted=True, channel__meter__again_at__lte=now, channel__paused="")
    waiting = Standing.objects.filter(WAITING, open, next_at__lte=now).exclude(channel__sealed="")
    first = waiting.values_list("channel").annotate(at=Min("next_at")).order_by("at")[:CHANNELS]
    profiles = Meter.objects.filter(wanted=True, again_at__lte=now, channel__paused="", audience_at__lte=now)
    at = dict(profiles.exclude(channel__sealed="").order_by("audience_at").values_list("pk", "audience_at")[:CHANNELS])
    at |= dict(first)
    found = Meter.objects.filter(pk__in=at).select_related("channel__workspace", "channel__app")
    return sorted(found, key=lambda meter: at[meter.pk])[:CHANNELS]


def _mine(meter: Meter) -> bool:
    """Whether no other node is asking for this channel."""
    was = Meter.objects.filter(pk=meter.pk, again_at=meter.again_at, wanted=True)
    return was.update(again_at=clock.now() + LEASE) == 1


def _read(meter: Meter) -> int:
    """Everything due of this channel, as far as limits allow; raises Full, or a Reaction."""
    network = reading.asking(meter.channel, "measure")
    read = reading.understood(meter.channel, lambda: _read_posts(meter, network))
    return read + reading.understood(meter.channel, lambda: _read_profile(meter, network))


def _read_profile(meter: Meter, network: Network) -> int:
    now = clock.now()
    if meter.audience_at > now:
        return 0
    Meter.objects.filter(pk=meter.pk).update(audience_at=tomorrow(meter.pk.hex, now))
    if not network.has("audience"):
        return 0
    try:
        _spend(meter, network.counting.crowd_calls)
        keep_profile(meter, network.audience(_since(meter, network, now)), clock.now())
    except (Full, Later):  # today still
        Meter.objects.filter(pk=meter.pk).update(audience_at=meter.audience_at)
        raise
    return 1


def _since(meter: Meter, network: Network, now: datetime) -> date:
    """The first of the network's days that may be new, or not be settled yet."""
    last = min(meter.read_at or now, now - DAY) if meter.read_at else now - BACK
    return last.astimezone(zones.zone(network.counting.zone)).date() - timedelta(days=network.counting.behind + 1)


def _read_posts(meter: Meter, network: Network) -> int:
    read = 0
    for _ in range(BATCHES if network.has("measure") else 0):
        standings = _batch(meter, network.counting.batch)
        if not standings:
            break
        _spend(meter, network.counting.calls, len(standings))
        _read_batch(meter, network, standings)
        read += len(standings)
    return read


def _batch(meter: Meter, most: int) -> Sequence[Standing]:
    """The posts that are due, and others whose time is near, as many as one request takes."""
    now = clock.now()
    waiting = Standing.objects.filter(WAITING, channel=meter.channel_id, next_at__lte=now + STEPS[-1])
    near = list(waiting.select_related("delivery").order_by("next_at")[: 4 * most])
    if not near or (near[0].next_at or now) > now:
        return []
    return [one for one in near if one.next_at and one.next_at - margin(one.out_at, one.next_at) <= now][:most]


def _read_batch(meter: Meter, network: Network, standings: Sequence[Standing]) -> None:
    """One request, kept. What the network refuses to say of these posts is asked again at their next time only."""
    ids = {one.pk: _receipt(one) for one in standings}
    try:
        said = network.measure(list(ids.values()))
    except Rejected:
        _pass_over(network, standings)
        raise
    now = clock.now()
    gone = [one for one in standings if said.get(ids[one.pk].id, {}) is None]
    numbers = {id: found for id, receipt in ids.items() if (found := said.get(receipt.id)) is not None}
    if gone:
        keep_gone(meter, gone, now)
    keep_posts(meter, numbers, [one for one in standings if one not in gone], now)
    Meter.objects.filter(pk=meter.pk).update(read_at=now)


def _receipt(standing: Standing) -> Receipt:
    return Receipt(**standing.delivery.receipt or {})


def _pass_over(network: Network, standings: Iterable[Standing]) -> None:
    for one in standings:
        again = next_reading(network.counting, one.out_at, clock.now(), network.lasts_of(_receipt(one)))
        Standing.objects.filter(pk=one.pk).update(next_at=again)


def _spend(meter: Meter, requests: int, posts: int = 0) -> None:
    """Take so many requests out of what reading may have, and posts out of the budget; raises Full."""
    if until := budget.spend(meter, posts, clock.now()):
        raise Full(until)
    reading.spend(meter.channel, requests)


def _note(meter: Meter, trouble: str, again_at: datetime) -> None:
    Meter.objects.filter(pk=meter.pk).update(trouble=trouble, again_at=again_at)
