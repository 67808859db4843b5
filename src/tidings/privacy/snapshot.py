"""Read the whole database as of one instant, on a connection of one's own, while everybody else goes on writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from psycopg import IsolationLevel

ALIAS = "snapshot"
CALM: dict[str, dict[str, Any]] = {
    "sqlite": {"transaction_mode": "DEFERRED"},
    "postgresql": {"isolation_level": IsolationLevel.REPEATABLE_READ},
}


@contextmanager
def snapshot() -> Iterator[str]:
    """The name of the connection, for this thread and as long as the block runs."""
    line = connections[DEFAULT_DB_ALIAS].copy(ALIAS)
    options = {name: value for name, value in line.settings_dict["OPTIONS"].items() if name != "pool"}
    line.settings_dict["OPTIONS"] = options | CALM[line.vendor]
    connections[ALIAS] = line
    try:
        with transaction.atomic(using=ALIAS):
            yield ALIAS
    finally:
        line.close()
        del connections[ALIAS]
