"""SQL as text, for the statements that every delivery passes; written for PostgreSQL, spelled anew for SQLite.

Building them from objects each time, and passing Django's cursors, costs more than running them. What is done for many
rows is one statement that takes them as one value, a list of what `GIVEN` names:

    UPDATE lane SET wake_at = v.at FROM jsonb_to_recordset(%s) AS v(id uuid, at timestamptz) WHERE lane.id = v.id
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

GIVEN = re.compile(r"jsonb_to_recordset\(%s\) AS (?P<name>\w+)\((?P<columns>[^)]*)\)")


def run(text: str, *values: Any) -> int:
    """Run one statement; how many rows it changed."""
    return int(_execute(text, values).rowcount)


def rows(text: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement answers."""
    return list(_execute(text, values).fetchall())


def _execute(text: str, values: Sequence[Any]) -> Any:
    """The driver's own cursor, after one statement; raises what Django raises."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection.connection.execute(_spelled(text), [_told(text, value) for value in values])


def _told(text: str, value: Any) -> Any:
    """A value as the database takes it; of rows, the columns that this statement names."""
    if not isinstance(value, list):
        return fit(value)
    columns = _columns(text)
    return json.dumps([{column: row[column] for column in columns} for row in value], default=_in_json)


@cache
def _columns(text: str) -> list[str]:
    """The columns of the rows that a statement is given."""
    (given,) = GIVEN.finditer(text)
    return [column.split()[0] for column in given["columns"].split(",")]


@cache
def _spelled(text: str) -> str:
    return GIVEN.sub(_given, text).replace("%s", "?") if _plain() else text


def _given(found: re.Match[str]) -> str:
    """The rows of a JSON list, as SQLite reads them."""
    fields = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in _columns(found[0]))
    return f"(SELECT {fields} FROM json_each(%s)) AS {found['name']}"  # noqa: S608 -- out of our own text


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


def _in_json(value: Any) -> Any:
    return fit(value) if _plain() else str(value)


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
