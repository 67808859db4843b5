"""Where the worker's database work is done: on few threads, however many deliveries are under way.

SQLite has one writer anyway, so all work that waits is done in one transaction and one fsync (a group commit),
each in a savepoint of its own. PostgreSQL gets a handful of threads, and so a handful of connections.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import structlog
from django.db import OperationalError, close_old_connections, connection, connections, transaction

T = TypeVar("T")
Work = tuple[Callable[[], Any], "Future[Any]"]
THREADS = 8  # on PostgreSQL
BATCH = 200  # works in one SQLite transaction at most

log = structlog.get_logger()


class Writer:
    """Does database work for the sender threads. `do` returns once the work is durable."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Work | None] = queue.Queue()
        together = connection.vendor == "sqlite"
        loop = self._together if together else self._alone
        self._threads = [threading.Thread(target=loop, daemon=True) for _ in range(1 if together else THREADS)]
        for thread in self._threads:
            thread.start()

    def do(self, work: Callable[[], T]) -> T:
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

    def _alone(self) -> None:
        while (item := self._queue.get()) is not None:
            close_old_connections()
            _run([item])
            try:
                connection.close()  # back to the pool
            except Exception:
                log.exception("a connection could not be given back")
        connections.close_all()

    def _together(self) -> None:
        ended = False
        while not ended:
            batch = [self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            ended = None in batch
            _run([item for item in batch if item is not None])
        connections.close_all()


def _run(batch: list[Work]) -> None:
    """All of it in one transaction; results are given out only after the commit."""
    done: list[tuple[Future[Any], Any, BaseException | None]] = []
    try:
        with transaction.atomic():
            for work, future in batch:
                done.append((future, *_try(work)))
            if connection.needs_rollback:  # SQLite ended the transaction by itself, as it does when the disk is full
                raise OperationalError("the transaction was undone as a whole")
    except Exception as error:  # the commit itself failed: nothing of the batch is durable
        for _, future in batch:
            future.set_exception(error)
        return
    for future, result, problem in done:
        future.set_exception(problem) if problem else future.set_result(result)


def _try(work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        with transaction.atomic():
            return work(), None
    except Exception as error:
        return None, error
