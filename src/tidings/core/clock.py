"""The one source of time. Instants are aware and UTC; whoever runs the program may bring another clock.

A wall clock can be set, forwards and backwards; `steady` cannot. docs/decisions/0005 says who goes by which.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

PROMPT = 0.25  # seconds; an answer that took longer does not say well what time it is
APART = timedelta(seconds=0.25)  # by which our time and the database's may differ

_told: tuple[datetime, float] | None = None  # what the database's clock said, and when by the steady one


def _steady() -> Callable[[], float]:
    awake_or_not = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic if awake_or_not is None else partial(time.clock_gettime, awake_or_not)


steady = _steady()  # seconds that nobody sets; on Linux those that the machine sleeps are among them


def _boot() -> str:
    """Which run of the machine this is; where nobody says, which process."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    except OSError:
        return uuid.uuid4().hex[:8]


_run = _boot()


def _real() -> datetime:
    told = _told
    return told[0] + timedelta(seconds=steady() - told[1]) if told else datetime.now(UTC)


_read = _real


def now() -> datetime:
    """This instant, UTC."""
    return _read()


def follow(theirs: datetime, asked: float) -> None:
    """Go by the clock of the database, which all nodes share: it said `theirs` when asked at `asked` by `steady`."""
    global _told
    answered = steady()
    then = theirs + timedelta(seconds=answered - asked) / 2
    if answered - asked <= PROMPT and not (_told and abs(then - _real()) <= APART):
        _told = then, answered


def uptime() -> str:
    """This moment by the machine's own count, for `passed`."""
    return f"{_run}:{steady():.0f}"


def passed(since: datetime, up: str, now: datetime) -> timedelta | None:
    """How long ago that was, at least: no clock that was set makes it younger. None: nobody knows, for the machine
    has been started anew and may have found its clock where it had left it, or elsewhere."""
    run, _, then = up.partition(":")
    if run == _run:
        return max(now - since, timedelta(seconds=steady() - float(then)))
    return now - since if _told and now >= since else None


class Pace:
    """Something that is done every so often. It is also time when the wall clock was set, whichever way."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._last: tuple[datetime, float] | None = None

    def due(self) -> bool:
        """Whether it is time; the first time at once."""
        if self._last is None:
            return True
        wall, count = self._last
        return abs(now() - wall) >= self._every or steady() - count >= self._every.total_seconds()

    def turn(self) -> bool:
        """The same; and if so, the next time is counted from now."""
        if not self.due():
            return False
        self._last = now(), steady()
        return True


@contextmanager
def use(read: Callable[[], datetime]) -> Iterator[None]:
    """Let this be the clock of the whole process."""
    global _read
    before, _read = _read, read
    try:
        yield
    finally:
        _read = before


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Stand `by` away from the time it is, for tests; shifts add up when nested."""
    before = _read
    with use(lambda: before() + by):
        yield


def from_iso(text: str) -> datetime:
    """An aware instant from ISO 8601; raises ValueError when it names no offset."""
    moment = datetime.fromisoformat(text)  # 3.11 and newer take a trailing Z
    if moment.tzinfo is None:
        raise ValueError(f"no offset in {text!r}")
    return moment.astimezone(UTC)
