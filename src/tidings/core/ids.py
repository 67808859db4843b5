"""Ids: UUIDv7, ordered by time and safe in URLs."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uuid_utils


def _real() -> uuid.UUID:
    return uuid.UUID(int=uuid_utils.uuid7().int)


_make = _real


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 as the standard library's UUID."""
    return _make()


@contextmanager
def use(make: Callable[[], uuid.UUID]) -> Iterator[None]:
    """Let ids come from here, in the whole process: a simulation makes the same ones each time."""
    global _make
    before, _make = _make, make
    try:
        yield
    finally:
        _make = before
