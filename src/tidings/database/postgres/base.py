"""Django's PostgreSQL backend (the module's name is Django's), with our own look at a connection before it is used.

The pool's own check replaces dead connections one by one and waits longer each time, past its own patience. A restart
of the server ends all of them, so the first dead one found has the whole pool looked through. Now and then the look
asks what time it is: the database's clock is the one that all nodes go by.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError, adapters
from psycopg.pq import Format
from psycopg_pool import ConnectionPool

from tidings.core import clock

_ask = clock.Pace(timedelta(seconds=10))
INSTANT = "timestamptz"
TIME = "SELECT extract(epoch FROM clock_timestamp())::float8"


class DatabaseWrapper(base.DatabaseWrapper):
    """What `ENGINE = "tidings.database.postgres"` means."""

    def create_cursor(self, name: str | None = None) -> Any:
        """Django's, reading instants as psycopg does: seven times as quick; they come in the connection's zone, UTC."""
        cursor = super().create_cursor(name)
        cursor.adapters.register_loader(INSTANT, _reader())
        return cursor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that answers; raises OperationalError when the server does not."""
        connection = super().get_new_connection(conn_params)
        pool: ConnectionPool[Any] | None = self.pool
        if pool is None or _alive(connection):
            return connection
        pool.putconn(connection)
        pool.check()
        return super().get_new_connection(conn_params)


def _reader() -> Any:
    return adapters.get_loader(adapters.types[INSTANT].oid, Format.TEXT)  # in C where that is installed


def _alive(connection: Any) -> bool:
    try:
        ConnectionPool.check_connection(connection)
        if _ask.turn():
            _follow(connection)
    except OperationalError:
        return False
    return True


def _follow(connection: Any) -> None:
    """Ask for the time as the pool's check asks for life: outside of any transaction."""
    before, connection.autocommit = connection.autocommit, True
    try:
        asked = clock.steady()
        (seconds,) = connection.execute(TIME).fetchone()
        clock.follow(datetime.fromtimestamp(seconds, UTC), asked)
    finally:
        connection.autocommit = before
