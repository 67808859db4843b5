"""Django's PostgreSQL backend (the module's name is Django's), with our own look at a connection before it is used.

The pool's own check replaces dead connections one by one and waits longer each time, past its own patience. A restart
of the server ends all of them, so the first dead one found has the whole pool looked through.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """What `ENGINE = "tidings.core.postgres"` means."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that answers; raises OperationalError when the server does not."""
        connection = super().get_new_connection(conn_params)
        pool: ConnectionPool[Any] | None = self.pool
        if pool is None or _alive(connection):
            return connection
        pool.putconn(connection)
        pool.check()
        return super().get_new_connection(conn_params)


def _alive(connection: Any) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
