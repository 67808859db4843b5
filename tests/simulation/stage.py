"""Where the engine is played: its own rows in a database of the run's, and every source of chance in our hands.

On SQLite the database is in memory; where TIDINGS_DATABASE names a PostgreSQL, it is that one, emptied first.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import structlog
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, connections, models
from django.db.backends.sqlite3.base import DatabaseWrapper

from tests.simulation.heap import Time
from tests.simulation.networks import NETWORKS
from tests.simulation.nodes import Away
from tidings import networks, outside
from tidings.core import clock, ids
from tidings.core.http import Answer, Request

OURS = ("workspaces", "notifications", "channels", "media", "posts", "deliveries", "analytics", "inbox")


@contextmanager
def stage(time: Time, door: Callable[[Request], Answer], fault: Callable[[str], None]) -> Iterator[None]:
    """Clock, ids, networks, the way out and the database are the run's; `fault` hears of faults of ours."""
    with ExitStack() as later:
        later.enter_context(clock.use(time.clock))
        later.enter_context(patch.object(clock, "steady", time.steady))
        later.enter_context(ids.use(time.new_id))
        later.enter_context(patch.dict(networks.every(), {one.name: one for one in NETWORKS}))
        later.enter_context(patch.object(outside, "door", lambda: door))
        later.enter_context(_heard(fault, Away))
        later.enter_context(_in_memory() if connection.vendor == "sqlite" else _emptied())
        yield


@contextmanager
def _heard(fault: Callable[[str], None], made: type[Exception]) -> Iterator[None]:
    """Exceptions that the engine swallows are told; what is not one of ours was made by the simulation."""

    def hear(_logger: object, _name: str, said: structlog.typing.EventDict) -> structlog.typing.EventDict:
        error = sys.exc_info()[1]
        if said.get("exc_info") and not isinstance(error, made):
            fault(f"{said} {error!r}")
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[hear], wrapper_class=structlog.make_filtering_bound_logger(30),
                        cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _in_memory() -> Iterator[None]:
    before = connections["default"]
    entry = {**before.settings_dict, "NAME": ":memory:"}
    entry["OPTIONS"] = {**entry["OPTIONS"], "init_command": "PRAGMA synchronous=OFF;"}
    connections["default"] = DatabaseWrapper(entry, "default")
    try:
        with connection.constraint_checks_disabled(), connection.schema_editor() as editor:
            for model in _models():
                editor.create_model(model)
        yield
    finally:
        connections["default"].connection.close()
        connections["default"] = before


@contextmanager
def _emptied() -> Iterator[None]:
    tables = [model._meta.db_table for model in _models()]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=True))
    yield


def _models() -> list[type[models.Model]]:
    return [model for app in OURS for model in apps.get_app_config(app).get_models()]
