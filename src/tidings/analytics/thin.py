"""Let go of numbers: what a network's terms let nobody keep that long, and what is older than the operator keeps."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from tidings import networks
from tidings.analytics.keep import KEPT
from tidings.analytics.models import Measurement, Series, Standing
from tidings.settings import settings

MANY = 5000  # rows at once, so that nobody waits long behind it


def thin(now: datetime) -> int:
    """Delete what is too old; how many measurements."""
    kept = timedelta(days=settings().numbers_days)
    gone = _drop(Measurement.objects.filter(at__lt=now - kept))
    for name, network in networks.every().items():
        if network.counting.keeps and network.counting.keeps < kept:
            before = now - network.counting.keeps
            gone += _drop(Measurement.objects.filter(series__channel__network=name, at__lt=before))
            stale = Standing.objects.filter(channel__network=name, read_at__lt=before)
            stale.update(read_at=None, **dict.fromkeys(KEPT))
    Standing.objects.filter(out_at__lt=now - kept).delete()
    if gone:
        Series.objects.filter(measurements=None).delete()
    return gone


def _drop(old: QuerySet[Measurement]) -> int:
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:MANY]):
        Measurement.objects.filter(pk__in=ids).delete()
        gone += len(ids)
    return gone
