"""The database that a backup is put into: empty, or emptied, and used by nobody meanwhile."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

from tidings.commands import table_order
from tidings.commands.start import Stop
from tidings.commands.two_databases import look_at_target
from tidings.core import clock
from tidings.core.replace import settle
from tidings.deliveries.models import Node
from tidings.deliveries.nodes import SILENCE

ADVICE = "Restore into an empty one, or say --replace."
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


@contextmanager
def made_ready(replace: bool) -> Iterator[None]:
    """Within the block the settings' database is empty; it becomes the real one only when the block ends well."""
    options = connection.settings_dict["OPTIONS"]
    kept = {"pool": options.pop("pool")} if "pool" in options else {}  # who else is connected can be told from us now
    try:
        with _beside(replace) if connection.vendor == "sqlite" else _within(replace):
            yield
    finally:
        connections.close_all()
        options.update(kept)


def emptied() -> None:
    """What PostgreSQL's tables held goes in the same transaction in which the new rows come."""
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in table_order.tables())
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {names}")


@contextmanager
def _within(replace: bool) -> Iterator[None]:
    _look(replace)
    yield


@contextmanager
def _beside(replace: bool) -> Iterator[None]:
    """A new file, which takes the place of the old one at the end; that is kept under another name."""
    real = Path(connection.settings_dict["NAME"])
    coming = real.with_name(f".{real.name}.coming")
    _look(replace)
    connections.close_all()
    _delete(coming)
    connection.settings_dict["NAME"] = coming
    try:
        yield
        connections.close_all()
        if real.exists():
            os.rename(real, real.with_name(f"{real.name}.before-{clock.now():%Y%m%dT%H%M%SZ}"))
        os.rename(coming, real)
        settle(real.parent)
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = real
        _delete(coming)


def _delete(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _look(replace: bool) -> None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not Path(name).exists():
        return
    if not replace:
        look_at_target(name, DEFAULT_DB_ALIAS, ADVICE)
    with suppress(DatabaseError):  # it has no tables yet
        if working := [node.name for node in Node.objects.filter(beat_at__gt=clock.now() - SILENCE)]:
            raise Stop(f"{', '.join(working)} works with {name}: stop Tidings first.")
    if _in_use(name):
        raise Stop(f"Somebody is connected to {name}: stop Tidings first.")


def _in_use(name: str) -> bool:
    """SQLite leaves its log only for whoever has the file alone; afterwards there is but one file to move."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            return bool(cursor.fetchone()[0])
    connections.close_all()
    try:
        with sqlite3.connect(name, timeout=0) as file:
            file.execute("PRAGMA journal_mode = DELETE")
        file.close()
    except sqlite3.OperationalError:
        return True
    return False
