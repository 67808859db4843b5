"""Wake a channel's lane: whatever changes a delivery says so here, and a worker looks at the channel at once.

Always before the deliveries are touched: post, lane, delivery is the order in which rows are locked.
"""

import threading
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.database import sql
from tidings.deliveries.models import Delivery, Lane

CALL = "tidings_due"  # what PostgreSQL's NOTIFY is told
bell = threading.Event()  # rung for the worker of this process; workers elsewhere hear NOTIFY

# Lanes that sleep although their next delivery is due. Nothing should ever need this: rows that were changed by hand
# do, or a clock that was set back. What others have taken is passed over: they come upon it themselves.
ASLEEP = """
SELECT l.channel_id FROM deliveries_lane l
WHERE (l.wake_at IS NULL OR l.wake_at > %s) AND EXISTS (
    SELECT 1 FROM deliveries_delivery d
    WHERE d.channel_id = l.channel_id AND d.state IN ('waiting', 'sending', 'settling')
      AND d.due_at <= %s AND d.again_at <= %s AND (d.state <> 'sending' OR d.lease_until < %s))"""
MEND = "UPDATE deliveries_lane SET wake_at = %s WHERE channel_id IN ({asleep})"
ADD = """
INSERT INTO deliveries_lane (channel_id, workspace_id, wake_at)
SELECT c.id, c.workspace_id, %s FROM channels_channel c
WHERE NOT EXISTS (SELECT 1 FROM deliveries_lane l WHERE l.channel_id = c.id)
  AND EXISTS (SELECT 1 FROM deliveries_delivery d
              WHERE d.channel_id = c.id AND d.state IN ('waiting', 'sending', 'settling'))
ORDER BY c.id
ON CONFLICT (channel_id) DO NOTHING
"""


def wake(channels: Iterable[Channel]) -> None:
    """A worker looks at these channels as soon as this transaction is committed. In order of id: no two wait for
    one another."""
    now = clock.now()
    lanes = [Lane(channel_id=one.id, workspace_id=one.workspace_id, wake_at=now) for one in channels]
    lanes.sort(key=lambda lane: lane.channel_id)
    Lane.objects.bulk_create(
        lanes, update_conflicts=True, unique_fields=["channel"], update_fields=["wake_at"]
    )
    ring()


def wake_post(post: UUID) -> None:
    """The same for every channel that this post has deliveries to, or is to have. All of them in one go: whoever took
    some of them later would wait in a circle with somebody who has taken those first."""
    has = Q(id__in=Delivery.objects.filter(post=post).values("channel"))
    wake(Channel.objects.filter(has | Q(posts=post)).distinct())


def ring() -> None:
    """Call the workers, here and on other nodes, once this transaction is committed."""
    if connection.vendor == "postgresql":
        sql.run(f"NOTIFY {CALL}")
    transaction.on_commit(bell.set)


def mend(now: datetime) -> None:
    """Wake every lane that sleeps although something of it is due, and make those that are missing."""
    sql.run(MEND.format(asleep=ASLEEP + sql.skip_locked("l")), now, now, now, now, now)
    sql.run(ADD, now)


def soonest() -> datetime | None:
    """When the next lane wants to be looked at."""
    ((found,),) = sql.rows("SELECT MIN(wake_at) FROM deliveries_lane")
    return sql.instant(found)
