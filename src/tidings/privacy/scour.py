"""After rows are deleted, see that their bytes are gone too: out of the database's files, not only out of its answers.

docs/decisions/0011-erasure.md says what each database needs, and what is its operator's to do.
"""

from collections.abc import Iterable

from django.db import OperationalError, connection

from tidings.database import scour as log
from tidings.privacy.datamap import TABLES, Table

SMALL = 32_000_000  # bytes of a table that is written anew while others wait for it: a fraction of a second
WAIT = "500ms"  # for a table that is in use; whoever asks for it behind us waits as long
ALWAYS = frozenset({"sessions.Session", "deliveries.Allowance", "workspaces.Member", "channels.Channel"})


def scour(touched: Iterable[str] = ()) -> bool:
    """Whether nothing of what was deleted from these tables is left in the database's own files; if not, again later.

    Never within a transaction.
    """
    if connection.vendor != "postgresql":
        return log.scour()
    names = {*touched, *ALWAYS}
    return _vacuumed([table for table in TABLES if table.model in names or table.points])


def _vacuumed(tables: list[Table]) -> bool:
    """Small tables are written anew, statistics and all; the rest is given back in place."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{WAIT}'")
        try:
            for table in tables:
                name = table.rows._meta.db_table
                cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [name])
                full = "FULL, " if cursor.fetchone()[0] < SMALL else ""
                cursor.execute(f"VACUUM ({full}ANALYZE) {connection.ops.quote_name(name)}")
        except OperationalError:
            return False
        finally:
            cursor.execute("RESET lock_timeout")
    return True
