"""One visit: a route, a method, with everything that a form or a body could say; what it wrote is taken back."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.http.cookie import SimpleCookie
from django.test import Client

from tests.permissions.routes import address
from tidings.privacy.datamap import owned

QUERY = {"from": "2030-01-01T00:00:00Z", "to": "2030-01-02T00:00:00Z", "url": "nowhere"}
FORM = {
    "name": "Taken over", "email": "taken@example.org", "role": "client", "zone": "UTC", "late_policy": "hold",
    "late_minutes": "5", "out": "yes", "url": "https://elsewhere.example/1", "way": "0", "client_id": "taken",
    "client_secret": "taken", "alt": "taken over", "confirm": "on", "colour": "red", "into": "none", "act": "tag",
    "text": "taken over",
}  # fmt: skip
JSON = {
    "most": 1, "typed": "nobody", "revision": 1, "at": "2031-01-01T00:00:00Z", "out": False, "name": "Taken over",
    "into": str(UUID(int=7)), "ids": [str(UUID(int=7))], "do": "delete",
    "channels": [], "group": "taken", "observed": False, "slots": [], "wishes": {},
    "query": "view=list", "url": "nowhere", "text": "taken over",
}  # fmt: skip
TUS: dict[str, Any] = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_UPLOAD_LENGTH": "9", "HTTP_UPLOAD_OFFSET": "0"}
TABLES = tuple(f'"{table.rows._meta.db_table}"' for table in owned("workspace"))


class Undone(Exception):
    """Ends a visit's savepoint."""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written in here is taken back."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


class Writes(list[str]):
    """The statements that changed a table of a workspace."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Between Django and the database."""
        changes = sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if changes and any(table in sql.partition("WHERE")[0] for table in TABLES):
            self.append(sql[:120])
        return execute(sql, params, many, context)


def visit(
    client: Client, method: str, pattern: str, ids: Mapping[str, str], more: Mapping[str, Any] | None = None,
    look: Callable[[], object] | None = None,
) -> tuple[Any, Writes]:
    """The answer, and what it wrote; `more` goes into query, form and body; `look` sees the rows then."""
    cache.clear()
    cookies, writes = client.cookies.output(header="", sep=";"), Writes()
    url = address(pattern, ids)
    with undone(), connection.execute_wrapper(writes):
        answer = _asked(client, method, url, pattern.startswith("api/"), more or {})
        if look and writes:
            look()
    client.cookies = SimpleCookie(cookies)
    return answer, writes


def _asked(client: Client, method: str, url: str, api: bool, more: Mapping[str, Any]) -> Any:
    query = {**QUERY, **{name: value for name, value in more.items() if isinstance(value, str)}}
    if method in ("GET", "HEAD"):
        return getattr(client, method.lower())(url, query, **(TUS if api else {}))
    if not api:
        return client.post(url, {**FORM, **more}) if method == "POST" else client.generic(method, url)
    return client.generic(method, url, json.dumps({**JSON, **more}), "application/json", **TUS)
