"""The one source of time. Instants are aware and UTC; whoever runs the program may bring another clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


def _real() -> datetime:
    return datetime.now(UTC)


_read = _real


def now() -> datetime:
    """This instant, UTC."""
    return _read()


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
