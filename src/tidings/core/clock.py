"""The one source of time. Instants are aware and UTC; tests may stand the clock elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_shift = timedelta(0)


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC) + _shift


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Stand `by` away from the real time, for tests; shifts add up when nested."""
    global _shift
    before, _shift = _shift, _shift + by
    try:
        yield
    finally:
        _shift = before


def from_iso(text: str) -> datetime:
    """An aware instant from ISO 8601; raises ValueError when it names no offset."""
    moment = datetime.fromisoformat(text)  # 3.11 and newer take a trailing Z
    if moment.tzinfo is None:
        raise ValueError(f"no offset in {text!r}")
    return moment.astimezone(UTC)
