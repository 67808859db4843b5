"""Where the worker's database work is done: on few threads, however many deliveries are under way.

All work that waits is done in one transaction and one fsync (a group commit), and what is of one kind in one go. When
anything in it fails, nothing of it is kept, and each work is done again by itself: so a work must be one that can be
done again. A batch takes rows as its works come, so it gives way at once to whoever takes the same ones in another
order.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import structlog
from django.db import connection, connections, transaction

from tidings.database import sql

T = TypeVar("T")
Work = tuple[Callable[[], Any], "Future[Any]"]
THREADS = 2  # on PostgreSQL; SQLite has one writer
BATCH = 200  # works in one transaction at most
GIVE_WAY = "SET LOCAL lock_timeout = '100ms'"  # well before PostgreSQL ends one of two that wait in a circle (1 s)

log = structlog.get_logger()


class Writer:
    """Does database work for the sender threads. `do` returns once the work is durable."""

    def __init__(self, begin: Callable[[], None] = lambda: None) -> None:
        self._begin = begin  # what each thread does first
        self._queue: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        count = 1 if connection.vendor == "sqlite" else THREADS
        self._threads = [threading.Thread(target=self._loop, name="writer", daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def do(self, work: Callable[[], T], /) -> T:
        """What `work` gives, once its transaction is committed; raises what it raises, rolled back."""
        future: Future[T] = Future()
        self._queue.put((work, future))
        return future.result()

    def stop(self) -> None:
        """Finish what waits, then end."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(30)

    def _loop(self) -> None:
        self._begin()
        while batch := self._batch():
            _run(batch)
            if connection.vendor != "sqlite":
                _give_back()
        connections.close_all()

    def _batch(self) -> list[Work]:
        """All that waits, at least one; nothing once we are told to end."""
        first = self._queue.get()
        batch = [first] if first else []
        while batch and len(batch) < BATCH:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                self._queue.put(None)  # first this batch, then the end
                break
            batch.append(item)
        return batch


def _give_back() -> None:
    try:
        connection.close()  # back to the pool
    except Exception:
        log.exception("a connection could not be given back")


def _run(batch: list[Work]) -> None:
    """Together when that goes well, else one by one; results are given out only after the commit."""
    try:
        with transaction.atomic():
            if len(batch) > 1 and connection.vendor == "postgresql":
                sql.run(GIVE_WAY)
            results = _results([work for work, _ in batch])
    except Exception:
        for work, future in batch:
            _alone(work, future)
        return
    for (_work, future), result in zip(batch, results, strict=True):
        future.set_result(result)


def _results(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gives. Works of a kind that can be done `together` are."""
    results: list[Any] = [None] * len(works)
    kinds: dict[type, list[int]] = {}
    for n, work in enumerate(works):
        kinds.setdefault(type(work), []).append(n)
    for kind, places in kinds.items():
        mine = [works[n] for n in places]
        given = kind.together(mine) if hasattr(kind, "together") else [work() for work in mine]
        for n, result in zip(places, given, strict=True):
            results[n] = result
    return results


def _alone(work: Callable[[], Any], future: "Future[Any]") -> None:
    try:
        with transaction.atomic():
            result = work()
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(result)
