"""Threads that share the interpreter's lock, kept on one core.

Only one of them runs Python at a time. Spread over cores, every hand-over of the lock wakes a core that sleeps, and
that costs more than what is done meanwhile: docs/decisions/0008. Linux only; elsewhere these do nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_native_id

AFFINE = hasattr(os, "sched_setaffinity")
ALL = os.sched_getaffinity(0) if AFFINE else set()  # whoever started the process may have left it only some
STAT = Path("/proc/thread-self/stat")
RUNS_ON = 36  # the field `processor`, counted from the one behind the name


class Core:
    """Some threads that run on one core together, once they have settled."""

    def __init__(self) -> None:
        self._threads: set[int] = set()
        self._where: set[int] = set()

    def join(self) -> None:
        """The calling thread is one of them from now on."""
        self._threads.add(get_native_id())
        _run_on(self._where, 0)

    def settle(self) -> None:
        """All go where the calling thread runs now, and it stays there as well, until it is `spread`."""
        self._where = _here()
        for thread in (0, *self._threads):
            _run_on(self._where, thread)


def spread() -> None:
    """The calling thread may run anywhere again that this process may."""
    _run_on(ALL, 0)


@contextmanager
def anywhere() -> Iterator[None]:
    """What the calling thread starts meanwhile may run anywhere that this process may."""
    before = os.sched_getaffinity(0) if AFFINE else set()
    spread()
    try:
        yield
    finally:
        _run_on(before, 0)


def _here() -> set[int]:
    if not AFFINE or not STAT.exists():
        return set()
    return {int(STAT.read_text().rpartition(")")[2].split()[RUNS_ON])}


def _run_on(cores: set[int], thread: int) -> None:
    if cores and AFFINE:
        with suppress(OSError):  # it has ended, or this machine does not let us
            os.sched_setaffinity(thread, cores)
