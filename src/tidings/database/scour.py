"""Empty the database's write-ahead log, so that what was deleted is in no file of it any more.

SQLite overwrites what is deleted (secure_delete, set for each connection), and then only its log still has the old
bytes. PostgreSQL keeps its own house: its operator's archives of the log are not ours to empty.
"""

import structlog
from django.db import OperationalError, connection

PATIENCE = 1000  # milliseconds; a page is not kept waiting for who reads for long

log = structlog.get_logger()


def scour() -> bool:
    """Whether the log is empty now. Within a transaction, or while somebody else reads, it is not."""
    if connection.vendor != "sqlite":
        return True
    done = not connection.in_atomic_block and _emptied()
    if not done:
        log.info("the database's log could not be emptied yet")
    return done


def _emptied() -> bool:
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            (busy, *_pages) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
    return not busy
