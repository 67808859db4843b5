"""The program called as a function, in this thread and within its transaction: what a request writes is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections


@contextmanager
def kept_open() -> Iterator[None]:
    """The end of a request does not close the connection to the database, on which a transaction goes on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
