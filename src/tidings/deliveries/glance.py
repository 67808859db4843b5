"""One look at a workspace's calendar, by indexes alone: as long as two looks are equal, nothing has changed.

What people do stands in the log, but for drafts: that one was written shows in the newest change of a post, which its
index tells in one step. What sending does by itself shows in the deliveries: those without an end are counted
by state, each try raises a fence, and each channel has a newest one that is out. web/rooms.py looks once a second.
"""

import hashlib
from uuid import UUID

from django.db import connection

from tidings.core import clock
from tidings.database.sql import fit

# What is to be tried again is asked of all workspaces, for it is little: PostgreSQL would rather go through all that
# this one ever sent. One that comes due for the first time adds nothing.
LOOK = """
SELECT 'log', CAST(max(number) AS text), '' FROM workspaces_auditentry WHERE workspace_id = %(workspace)s
UNION ALL
SELECT 'written', CAST(max(changed_at) AS text), '' FROM posts_post WHERE workspace_id = %(workspace)s
UNION ALL
SELECT state, CAST(count(*) AS text), CAST(sum(fence) AS text) FROM deliveries_delivery
WHERE NOT state = 'delivered' AND NOT state = 'cancelled' AND workspace_id = %(workspace)s
AND state IN ('failed', 'held', 'sending', 'settling', 'unsure') GROUP BY state
UNION ALL
SELECT 'again', CAST(sum(CASE WHEN workspace_id = %(workspace)s THEN fence ELSE 0 END) AS text), ''
FROM deliveries_delivery
WHERE NOT state = 'delivered' AND NOT state = 'cancelled' AND state = 'waiting' AND due_at <= %(now)s AND fence > 0
UNION ALL
SELECT 'gone', CAST(count(*) AS text), '' FROM deliveries_delivery
WHERE gone_at IS NOT NULL AND NOT gone_known AND look_at IS NULL AND workspace_id = %(workspace)s
UNION ALL
SELECT CAST(c.id AS text), c.paused, CAST((
    SELECT max(d.delivered_at) FROM deliveries_delivery d WHERE d.channel_id = c.id AND d.state = 'delivered'
) AS text) FROM channels_channel c WHERE c.workspace_id = %(workspace)s
"""


def glance(workspace: UUID) -> str:
    """A short mark of all that the calendar shows."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {"workspace": fit(workspace), "now": fit(clock.now())})
        said = sorted(cursor.fetchall(), key=repr)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
