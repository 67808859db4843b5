"""What every test may ask for: simulators served on loopback, a door that leads to them, a home of its own."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.base import DatabaseWrapper as Postgresql
from django.db.backends.sqlite3.base import DatabaseWrapper as Sqlite
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.near import Near
from tidings import networks, simulators
from tidings.core.http import Door
from tidings.privacy import scour
from tidings.simulators.base import Simulator
from tidings.workspaces.passwords import Hasher

# Django has no setting for how it empties a database after a test
OnSqlite, OnPostgresql = Sqlite.ops_class, Postgresql.ops_class
STAY = ("django_content_type", "auth_permission")  # what migrating writes: making it anew takes longer than most tests
_flush = OnSqlite.sql_flush


def _workspaces_first(self: Any, style: Any, tables: Sequence[str], **more: Any) -> list[str]:
    """An audit log is not deleted while its workspace is there, not even when a test empties everything."""
    return _flush(self, style, sorted(_of_tests(tables), key=lambda table: table != "workspaces_workspace"), **more)


def _row_by_row(self: Any, _style: Any, tables: Sequence[str], **_more: Any) -> list[str]:
    """TRUNCATE makes every table a new file; the few rows of a test are deleted thirty times as fast."""
    rows = "; ".join(f"DELETE FROM {self.quote_name(table)}" for table in _of_tests(tables))
    return [f"SET session_replication_role = replica; {rows}; SET session_replication_role = DEFAULT"]


def _of_tests(tables: Sequence[str]) -> list[str]:
    return [table for table in tables if table not in STAY]


OnSqlite.sql_flush = _workspaces_first  # type: ignore[method-assign]
OnPostgresql.sql_flush = _row_by_row  # type: ignore[method-assign,assignment]
flush.emit_post_migrate_signal = lambda *_said, **_more: None  # would write again what stays

# a password takes its time on purpose, and every test of a page has a person (tests/workspaces/test_members.py)
COSTS = (Hasher.time_cost, Hasher.memory_cost)
Hasher.time_cost, Hasher.memory_cost = 1, 8

scour.LOOKS = 600  # the other workers of pytest-xdist are at the same PostgreSQL, and erasing waits for what they do

SHARED = Path(__file__).parents[2] / "shared"


KNOW_NONE = ("browser", "contract", "core", "networks", "specs")  # folders whose tests ask for no database of ours
ALONE = "deliveries"  # where `./test fast` looks for tests that run without neighbours
collect_ignore = list(KNOW_NONE) if os.environ.get("TIDINGS_DATABASE", "").startswith("postgres") else []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a database, in whatever way, so that `./test postgres` finds it."""
    for item in items:
        folder, asked = item.path.parent.name, set(getattr(item, "fixturenames", ()))
        if asked & {"db", "transactional_db"} or item.get_closest_marker("django_db"):
            item.add_marker("database")
            _in_its_place(item, folder not in KNOW_NONE)
        _in_its_place(item, folder == ALONE or not item.get_closest_marker("alone"))


def _in_its_place(item: pytest.Item, is_so: bool) -> None:
    """A part of ./test looks for its tests in some folders only: elsewhere they would never run."""
    if not is_so:
        raise pytest.UsageError(f"{item.nodeid} has to stand in another folder: see tests/conftest.py")


class Town(dict[str, Simulator]):
    """The simulators by network name, each fresh for the test, and where they are served."""

    url: str


class Stage:
    """The one server of the simulators in this process; each test puts its own town upon it."""

    def __init__(self, port: int) -> None:
        self.port, self.url = port, f"http://127.0.0.1:{port}"
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app, "no test is on"
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Real HTTP on loopback."""
    made = Stage(simulators.free_port())
    with simulators.listening(made, made.port):
        yield made


@pytest.fixture
def town(stage: Stage) -> Iterator[Town]:
    """Fresh simulators of every network, served on loopback over real HTTP."""
    made = Town(simulators.every(stage.url))
    made.url = stage.url
    real = {name: one.hosts for name, one in networks.every().items()}
    with ExitStack() as opened:
        for name, one in made.items():
            opened.enter_context(one.opened())
            networks.lead(name, one.hosts())
        stage.app = simulators.town(made)
        yield made
    for name, hosts in real.items():
        networks.get(name).hosts = hosts


@pytest.fixture
def door(town: Town) -> Door:
    """A door that may reach the simulators."""
    return Door(private=["127.0.0.1"])


@pytest.fixture
def near(stage: Stage, door: Door) -> Iterator[Near]:
    """The same without sockets, for tests of very many requests."""
    made = Near(stage, stage.url, door)
    yield made
    made.close()
