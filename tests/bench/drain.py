"""(a) How fast due posts are drained to a network that costs nothing: by the engine, and by the bare loop."""

import time
from datetime import timedelta
from typing import Any

from tests.bench import bare, fill
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.models import Delivery
from tidings.deliveries.worker import Worker
from tidings.settings import settings

EACH = 10  # posts of each channel
ROUNDS = 2  # each takes turns this often; the better one of each counts


def measure(posts: int, port: int) -> dict[str, Any]:
    """Deliveries a second of both, in turns, and their ratio."""
    url = f"http://127.0.0.1:{port}"
    where = fill.workspace()
    fill.channels(where, posts // EACH, port)
    engine, limit = [], []
    for _round in range(ROUNDS):
        limit.append(_timed(where, posts, lambda: bare.drain(url, settings().senders)))
        engine.append(_timed(where, posts, lambda: _work(url)))
    return {"posts": posts, "engine_per_s": max(engine), "bare_per_s": max(limit), "ratio": max(engine) / max(limit)}


def _timed(where: Any, posts: int, drain: Any) -> float:
    Delivery.objects.all().delete()
    fill.deliveries(where, EACH, clock.now() - timedelta(minutes=1))
    started = time.perf_counter()
    drain()
    took = time.perf_counter() - started
    assert Delivery.objects.filter(state="delivered").count() == posts
    return posts / took


def _work(url: str) -> None:
    worker = Worker(Door(private=[url.removeprefix("http://")]))
    worker.start()
    while Delivery.objects.filter(state__in=("waiting", "sending", "settling")).exists():
        time.sleep(0.05)
    worker.stop()
