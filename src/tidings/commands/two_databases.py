"""The two databases of a move: whether they are what they should be, said in a sentence when not."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.recorder import MigrationRecorder
from psycopg import IsolationLevel

from tidings import framework
from tidings.commands import table_order
from tidings.commands.start import Stop
from tidings.core import clock
from tidings.deliveries.models import Node
from tidings.deliveries.nodes import SILENCE
from tidings.instance import checks

FROM, TO = "source", "target"
MADE_BY_MIGRATING = (Permission, ContentType)  # a fresh database has them already, under numbers of its own
MIGRATIONS = MigrationRecorder.Migration._meta.db_table
POSTGRES = ("postgresql://", "postgres://")


def open_source(address: str, copy: bool) -> None:
    """Make it known to Django as `source`, to be read as of one instant; raises Stop when it is no use."""
    entry = _entry(address)
    if address.startswith(POSTGRES):
        entry["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
    elif not address or not entry["NAME"].is_file():
        raise Stop(f"There is no database at {name_of(address)}.")
    elif copy:
        entry["OPTIONS"]["transaction_mode"] = "DEFERRED"  # those who work with it go on writing
    _know(FROM, entry)
    _look_at_source(name_of(address), copy)


def open_target(address: str) -> None:
    """Make it known to Django as `target`; raises Stop when it is no use."""
    _know(TO, _entry(address))
    look_at_target(name_of(address))


def name_of(address: str) -> str:
    """An address without who may use it."""
    if not address.startswith(POSTGRES):
        return address.removeprefix("sqlite:///") or "the empty path"
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def first_line(error: Exception) -> str:
    """What a database said, without the details: they may repeat what is in a row."""
    return str(error).strip().splitlines()[0].rstrip(".")


def _entry(address: str) -> dict[str, Any]:
    if "://" in address and not address.startswith(("sqlite:///", *POSTGRES)):
        raise Stop("A database is named by a path (SQLite), or by an address that begins with postgresql://.")
    entry = framework.database(address)
    entry["OPTIONS"].pop("pool", None)
    return entry


def _know(alias: str, entry: dict[str, Any]) -> None:
    connections.settings[alias] = connections.configure_settings({DEFAULT_DB_ALIAS: {}, alias: entry})[alias]


def _look_at_source(name: str, copy: bool) -> None:
    if MIGRATIONS not in _tables(FROM, name):
        raise Stop(f"{name} is not a database of Tidings.")
    for finding in checks.database(connections[FROM]):
        raise Stop(f"{name}: {finding.sentence}")
    lately = Node.objects.using(FROM).filter(beat_at__gt=clock.now() - SILENCE)
    if working := [] if copy else [node.name for node in lately]:
        raise Stop(
            f"{', '.join(working)} works with {name}: stop Tidings first"
            f" (one that was killed counts as working for {SILENCE.seconds} seconds)."
        )


def look_at_target(name: str, alias: str = TO, advice: str = "Name an empty database.") -> None:
    """Raises Stop unless it is empty, or made by this version and not used yet."""
    found = _tables(alias, name)
    ours = {model._meta.db_table: model for model in table_order.tables()}
    if strange := found - set(ours) - {MIGRATIONS}:
        raise Stop(f"{name} is not empty: there is a table {min(strange)}. {advice}")
    for table in sorted(found & set(ours)):
        if ours[table] not in MADE_BY_MIGRATING and ours[table]._base_manager.using(alias).exists():
            raise Stop(f"{name} is not empty: there are rows in {table}. {advice}")
    for finding in checks.database(connections[alias]) if found else ():
        if finding.level == "error":
            raise Stop(f"{name}: {finding.sentence}")


def _tables(alias: str, name: str) -> set[str]:
    try:
        return set(connections[alias].introspection.table_names())
    except DatabaseError as error:
        raise Stop(f"{name} cannot be used: {first_line(error)}.") from None
