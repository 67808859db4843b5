"""SQL as text, for the statements that every delivery passes; the same text for SQLite and PostgreSQL.

Building them from objects each time, and passing Django's cursors, costs more than running them.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection


def run(text: str, *values: Any) -> int:
    """Run one statement; how many rows it changed."""
    return int(_execute(text, values).rowcount)


def rows(text: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement answers."""
    return list(_execute(text, values).fetchall())


def each(text: str, many: Iterable[Sequence[Any]]) -> None:
    """Run one statement for each of these values."""
    fitted = [[fit(value) for value in values] for values in many]
    if fitted:
        with connection.cursor() as cursor:
            cursor.executemany(text, fitted)


def _execute(text: str, values: Sequence[Any]) -> Any:
    """The driver's own cursor, after one statement; raises what Django raises."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection.connection.execute(_spelled(text), [fit(value) for value in values])


@cache
def _spelled(text: str) -> str:
    return text.replace("%s", "?") if _plain() else text


@cache
def _plain() -> bool:
    """Whether this process's database is SQLite."""
    return connection.vendor == "sqlite"


def marks(many: Sequence[Any]) -> str:
    """As many placeholders as there are values, for IN (…)."""
    return ", ".join(["%s"] * len(many))


def fit(value: Any) -> Any:
    """A value as the database takes it: SQLite knows neither UUID nor instants, and keeps them as Django does."""
    if isinstance(value, dict):
        return json.dumps(value)
    if not _plain():
        return value
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value


def instant(value: Any) -> datetime | None:
    """An instant as the database gave it."""
    if value is None:
        return None
    at: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def id_of(value: Any) -> UUID:
    """An id as the database gave it."""
    return value if isinstance(value, UUID) else UUID(value)


def lock() -> str:
    """What a SELECT ends with that takes its rows for this transaction; SQLite has one writer anyway."""
    return " FOR UPDATE" if connection.features.has_select_for_update else ""


def skip_locked(table: str = "") -> str:
    """The same, passing over what others have taken; `table`: only its rows, of a join."""
    of = f" OF {table}" if table else ""
    return f" FOR UPDATE{of} SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
