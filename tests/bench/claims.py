"""(c) What one claim costs, and (d) what a worker weighs, with so many rows waiting."""

import resource
import time
from datetime import timedelta
from statistics import median
from typing import Any

from django.db import connection

from tests.bench import fill
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.claim import claim
from tidings.deliveries.models import Delivery
from tidings.deliveries.wake import wake
from tidings.deliveries.worker import Worker

CHANNELS = 1000
BATCH = 100  # claimed at once
TIMES = 15


def measure(waiting: int, port: int) -> dict[str, Any]:
    """Milliseconds of a claim that finds a hundred due ones; of one that finds nothing; megabytes of this process."""
    where = fill.workspace()
    made = fill.channels(where, CHANNELS, port)
    fill.deliveries(where, waiting // CHANNELS, clock.now() + timedelta(days=1), "Some day")
    fill.deliveries(where, TIMES, clock.now() - timedelta(minutes=1), "Now")
    full = [_claim(made[:BATCH], BATCH) for _ in range(TIMES)]
    claim("warm", timedelta(minutes=1), 10 * CHANNELS)  # every lane has been looked at
    empty = [_claim([], 0) for _ in range(TIMES)]
    return {"waiting": waiting, "claim_ms": median(full), "empty_ms": median(empty), "mb": _worker_mb(port),
            "database": connection.vendor}


def _claim(woken: list[Any], expected: int) -> float:
    """Wake these lanes, whose deliveries are let go again, and claim."""
    Delivery.objects.filter(state="sending").update(state="delivered")
    wake(woken)
    started = time.perf_counter()
    got = claim("bench", timedelta(minutes=1), BATCH)
    took = time.perf_counter() - started
    assert len(got) >= expected
    return took * 1000


def _worker_mb(port: int) -> float:
    """The most this process has weighed once a worker has run idle over all of it for some seconds."""
    worker = Worker(Door(private=[f"127.0.0.1:{port}"]))
    worker.start()
    time.sleep(8)
    worker.stop()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
