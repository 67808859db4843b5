"""What a proof looks at: every byte that the database keeps, and every request that leaves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from tidings.core.http import Door
from tidings.core.request import Answer, Request


def kept() -> str:
    """Every value of every table, as the database has it."""
    return "\n".join(_values())


def _values() -> Iterator[str]:
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                yield from (_text(value) for value in row)


def _text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def raw() -> bytes:
    """The bytes of the database's files, its log among them; on PostgreSQL, which has files of its own, every value."""
    if connection.vendor != "sqlite":
        return kept().encode()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        name = cursor.fetchall()[0][2]
    found = (Path(f"{name}{ending}") for ending in ("", "-wal", "-shm"))
    return b"".join(path.read_bytes() for path in found if path.exists())


@dataclass(frozen=True)
class Seen:
    """One request that went out, in words."""

    method: str
    url: str
    purpose: str
    said: bytes
    headers: dict[str, str] = field(repr=False)


class Witness:
    """A door that lets everything through and remembers it."""

    def __init__(self, door: Door) -> None:
        self.door, self.seen = door, list[Seen]()

    def __call__(self, request: Request) -> Answer:
        """Remember it, then go."""
        body = request.body
        if body is not None and not isinstance(body, bytes):
            body = body.read() if hasattr(body, "read") else b"".join(_bytes(body))
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append(Seen(request.method, request.url, request.purpose, body or b"", headers))
        return self.door(Request(request.method, request.url, request.purpose, request.headers, body, request.seconds))

    def carrying(self, *words: str) -> list[Seen]:
        """What carried any of these words, in its address or its body."""
        wanted = [word.encode() for word in words]
        return [one for one in self.seen if any(word in one.said or word in one.url.encode() for word in wanted)]


def _bytes(body: Iterable[Any]) -> Iterator[bytes]:
    yield from body
