"""How often somebody may come to a page: counted in the database, so that all processes share the count."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from tidings.core import clock
from tidings.database import sql

READ = "SELECT count, since FROM workspaces_knock WHERE key = %s"
KNOCK = """
INSERT INTO workspaces_knock (key, count, since, ends_at) VALUES (%s, 1, %s, %s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN workspaces_knock.since <= %s THEN 1 ELSE workspaces_knock.count + 1 END,
    since = CASE WHEN workspaces_knock.since <= %s THEN excluded.since ELSE workspaces_knock.since END,
    ends_at = CASE WHEN workspaces_knock.since <= %s THEN excluded.ends_at ELSE workspaces_knock.ends_at END
RETURNING count, since"""


@dataclass(frozen=True)
class Rate:
    """So many in such a time."""

    most: int
    per: timedelta


FREE = timedelta(0)


def knock(rate: Rate, *who: str) -> timedelta:
    """Count one more of these; how long to wait when it is one too many."""
    key, now = salted_hmac("tidings.workspaces.rates", "\n".join(who), algorithm="sha256").hexdigest(), clock.now()
    kept = sql.rows(READ, key)
    wait = _wait(rate, kept, now, beyond=rate.most - 1)  # whoever is refused costs no writing
    if wait:
        return wait
    begun = now - rate.per
    return _wait(rate, sql.rows(KNOCK, key, now, now + rate.per, begun, begun, begun), now, beyond=rate.most)


def _wait(rate: Rate, kept: list[tuple[int, object]], now: datetime, beyond: int) -> timedelta:
    since = sql.instant(kept[0][1]) if kept and kept[0][0] > beyond else None
    return max(since + rate.per - now, FREE) if since else FREE


def forget(now: datetime) -> int:
    """Drop the counts that say nothing any more."""
    return sql.run("DELETE FROM workspaces_knock WHERE ends_at < %s", now)
