"""After rows are deleted, see that their bytes are gone too: out of the database's files, not only out of its answers.

docs/decisions/0011-erasure.md says what each database needs, and what is its operator's to do.
"""

import time
from collections.abc import Iterable

from django.db import OperationalError, connection

from tidings.database import scour as log
from tidings.privacy.datamap import TABLES, Table

SMALL = 32_000_000  # bytes of a table that is written anew while others wait for it: a fraction of a second
LOOKS, PAUSE = 20, 0.1  # for those who read; seconds
# What is deleted is kept for old snapshots of this database, and for whatever changes something in any, as VACUUM's own
# snapshot reaches back to when that began.
OLDER = """SELECT pg_snapshot_xmin(pg_current_snapshot()) <= %(now)s::xid8 OR EXISTS (
SELECT FROM (SELECT backend_xmin FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
 UNION ALL SELECT backend_xmin FROM pg_stat_replication
 UNION ALL SELECT xmin FROM pg_replication_slots) AS held (since)
WHERE age(since) > age(%(now)s::xid8::xid))"""
WAIT = "500ms"  # for a table that is in use; whoever asks for it behind us waits as long
ALWAYS = frozenset({"sessions.Session", "deliveries.Allowance", "workspaces.Member", "channels.Channel"})


def scour(touched: Iterable[str] = ()) -> bool:
    """Whether nothing of what was deleted from these tables is left in the database's own files; if not, again later.

    Never within a transaction.
    """
    if connection.vendor != "postgresql":
        return log.scour()
    names = {*touched, *ALWAYS}
    return _seen_by_nobody() and _vacuumed([table for table in TABLES if table.model in names or table.points])


def _seen_by_nobody() -> bool:
    """Whether no transaction is left for which VACUUM would carry over what was deleted before now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (now,) = cursor.fetchone()
        for _look in range(LOOKS):
            cursor.execute(OLDER, {"now": now})
            if not cursor.fetchone()[0]:
                return True
            time.sleep(PAUSE)
    return False


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
