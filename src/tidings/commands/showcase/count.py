"""The numbers of the full demo: what would have been read of what lies behind, by the curves that the simulators grow
by, so that the next true reading goes on where these end."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from tidings.analytics.keep import keep_posts, keep_profile
from tidings.analytics.models import Meter, Standing
from tidings.analytics.take_up import take_up
from tidings.analytics.timetable import STEPS
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.networks.metrics import Reading
from tidings.simulators import _growth
from tidings.simulators.base import Simulator

DAY = timedelta(days=1)
BACK = 60  # days of which followers are known


def count(channels: Iterable[Channel], town: Mapping[str, Simulator]) -> None:
    """Of each of these channels that is measured."""
    now = clock.now()
    take_up(now)
    for meter in Meter.objects.filter(channel__in=list(channels), wanted=True).select_related("channel"):
        with transaction.atomic():
            _posts(meter, town[meter.channel.network], now)
            _profile(meter, now)
            Meter.objects.filter(pk=meter.pk).update(read_at=now)


def _posts(meter: Meter, simulator: Simulator, now: datetime) -> None:
    declared = [metric.theirs for metric in meter.channel.speaks.metrics]
    for standing in Standing.objects.filter(channel=meter.channel_id).select_related("delivery"):
        id = str((standing.delivery.receipt or {}).get("id", ""))
        if id not in simulator.posts:
            continue
        simulator.posts.since[id] = standing.out_at
        for at in (standing.out_at + step for step in STEPS if standing.out_at + step <= now):
            numbers = {theirs: _growth.of_post(id, theirs, at - standing.out_at) for theirs in declared}
            keep_posts(meter, {standing.pk: numbers}, [standing], at)


def _profile(meter: Meter, now: datetime) -> None:
    profile = meter.channel.remote_id
    for day in (now - n * DAY for n in range(BACK, -1, -1)):
        totals = [
            Reading(metric.theirs, _growth.of_profile(profile, metric.theirs, day))
            for metric in meter.channel.speaks.crowd if metric.per == "total"
        ]  # fmt: skip
        keep_profile(meter, totals, day)
