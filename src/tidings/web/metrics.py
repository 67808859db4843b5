"""Figures for Prometheus, read from the database at each scrape: the same whichever process is asked.

A scrape stays cheap whatever waits: what an index alone can count is counted up to COUNTED, what takes a look at rows
up to LOOKED_AT, and sums are remembered for a while.
"""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet, Sum
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import watch
from tidings.deliveries.models import NEEDS_A_PERSON, UNDER_WAY, WITHOUT_END, Delivery
from tidings.media.models import Media, Rendition
from tidings.web import metrics_nodes

COUNTED = 100_000
LOOKED_AT = 10_000
REMEMBERED = timedelta(minutes=5)


class Figures(Collector):
    """Everything there is to say, anew at each scrape."""

    def __init__(self) -> None:
        self._bytes = 0
        self._bytes_again = datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._lock = threading.Lock()

    def collect(self) -> Iterator[Metric]:
        """The figures, in an order that people can read."""
        now = clock.now()
        yield from _queue(now)
        yield from metrics_nodes.works(now)
        yield from metrics_nodes.tries()
        yield _paused()
        text = "Bytes of pictures and films and their renditions, looked up every five minutes"
        yield GaugeMetricFamily("tidings_media_bytes", text, self._media(now))

    def _media(self, now: datetime) -> int:
        with self._lock:
            if now >= self._bytes_again:
                sums = (model.objects.aggregate(sum=Sum("size"))["sum"] for model in (Media, Rendition))
                self._bytes, self._bytes_again = sum(size or 0 for size in sums), now + REMEMBERED
            return self._bytes


registry = CollectorRegistry()
registry.register(Figures())


def _queue(now: datetime) -> Iterator[Metric]:
    states = GaugeMetricFamily("tidings_deliveries", f"Deliveries without an end, up to {COUNTED}", labels=["state"])
    for state in (*UNDER_WAY, *NEEDS_A_PERSON):
        states.add_metric([state], _count(Delivery.objects.filter(WITHOUT_END, state=state), COUNTED))
    yield states
    text = f"Deliveries without an end a quarter of an hour after they were due, up to {LOOKED_AT}"
    yield GaugeMetricFamily("tidings_overdue", text, _count(watch.overdue(now), LOOKED_AT))
    text = f"How long ago the oldest delivery was due that could go out now, among the {LOOKED_AT} oldest that wait"
    yield GaugeMetricFamily("tidings_queue_age_seconds", text, _age(now))


def _count(found: QuerySet[Delivery], most: int) -> int:
    return found.order_by().values("state")[:most].count()


def _age(now: datetime) -> float:
    waiting = Delivery.objects.filter(WITHOUT_END, state="waiting", due_at__lte=now).order_by("due_at")
    gates = Q(post__stage="approved", channel__paused="") & (Q(after=None) | Q(after__state="delivered"))
    could_go = Delivery.objects.filter(gates, id__in=waiting.values("id")[:LOOKED_AT], again_at__lte=now)
    oldest = could_go.aggregate(oldest=Min("due_at"))["oldest"]
    return (now - oldest).total_seconds() if oldest else 0.0


def _paused() -> Metric:
    paused = GaugeMetricFamily("tidings_channels_paused", "Channels that nothing is sent to", labels=["network"])
    rows = Channel.objects.exclude(paused="").order_by("network").values_list("network").annotate(many=Count("id"))
    for network, many in rows:
        paused.add_metric([network], many)
    return paused
