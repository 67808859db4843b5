"""Claim what is due. Three gates: its time has come, its post is ready, its channel is live.

Not deliveries are looked at but lanes, one per channel: the first delivery of each whose gates are open goes, so a
channel keeps its order and never has two in flight, however many wait behind. A lease that ran out is simply claimed
again: the journal knows what was done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tidings.channels.models import AppCredential
from tidings.core import clock
from tidings.database import sql
from tidings.deliveries import limits
from tidings.deliveries.late import HOLDS, is_late
from tidings.deliveries.models import Delivery
from tidings.posts.models import Variant
from tidings.workspaces.models import Workspace

LEFT_ALONE = timedelta(seconds=2)  # a lease that ran out just as the clock was set is looked at again after this
HELD_SOON = timedelta(seconds=2)  # what is too late is never taken; it is held back in a moment
LOOK_AGAIN = timedelta(seconds=10)  # a lane whose gates are shut is looked at this often: opening one tells nobody

# Every workspace's longest waiting lane comes before any workspace's second: ten thousand posts of one do not stand
# before the single one of another. More than wanted are looked for, because other nodes may hold some of them.
LANES = """
SELECT l.channel_id FROM deliveries_lane l JOIN (
    SELECT channel_id, wake_at, ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY wake_at) AS turn
    FROM deliveries_lane WHERE wake_at <= %s ORDER BY turn, wake_at LIMIT %s
) AS due ON due.channel_id = l.channel_id
WHERE l.wake_at <= %s ORDER BY due.turn, due.wake_at LIMIT %s"""

# The index of what is under way is only used when its condition stands here letter by letter.
HEADS = """
SELECT l.channel_id, c.network, c.app_id, c.paused, d.id, d.state, d.due_at, d.again_at, d.lease_until,
       h.late_policy, h.late_minutes, a.delivered_at,
       EXISTS (SELECT 1 FROM deliveries_delivery o
               WHERE o.channel_id = l.channel_id AND o.state IN ('waiting', 'sending', 'settling'))
FROM deliveries_lane l JOIN channels_channel c ON c.id = l.channel_id
JOIN workspaces_workspace h ON h.id = l.workspace_id
LEFT JOIN deliveries_delivery d ON d.id = COALESCE(
    (SELECT f.id FROM deliveries_delivery f WHERE f.channel_id = l.channel_id AND f.state = 'sending'),
    (SELECT w.id FROM deliveries_delivery w JOIN posts_post p ON p.id = w.post_id
        LEFT JOIN deliveries_delivery b ON b.id = w.after_id
     WHERE w.channel_id = l.channel_id AND w.state IN ('waiting', 'sending', 'settling')
       AND p.stage = 'approved' AND (w.after_id IS NULL OR b.state = 'delivered')
     ORDER BY w.due_at, w.id LIMIT 1))
LEFT JOIN deliveries_delivery a ON a.id = d.after_id
WHERE l.channel_id IN ({marks})"""

LOCK = "SELECT id FROM deliveries_delivery WHERE id IN ({marks})"

TAKE = """
UPDATE deliveries_delivery
SET state = 'sending', lease_owner = %s, lease_until = %s, fence = fence + 1, tries = tries + 1,
    revision = (SELECT p.revision FROM posts_post p WHERE p.id = deliveries_delivery.post_id)
WHERE id IN ({marks})
  AND (state IN ('waiting', 'settling') AND again_at <= %s OR state = 'sending' AND lease_until < %s)
RETURNING id"""

RENEW = """
UPDATE deliveries_delivery SET lease_until = %s
WHERE id IN ({marks}) AND lease_owner = %s AND state = 'sending'
RETURNING id, fence"""

SLEEP = """
UPDATE deliveries_lane SET wake_at = v.at FROM jsonb_to_recordset(%s) AS v(channel uuid, at timestamptz)
WHERE channel_id = v.channel"""

NEEDED = (
    *("id", "workspace_id", "post_id", "after_id", "due_at", "again_at", "state", "fence", "tries", "journal"),
    "answers",
    "lease_until",
    *("item__text", "item__media", "item__position"),
    *("channel__workspace_id", "channel__network", "channel__remote_id", "channel__handle", "channel__name"),
    *("channel__avatar", "channel__url", "channel__person_id", "channel__server", "channel__app_id", "channel__sealed"),
    *("channel__token_ends_at", "channel__paused"),
)


@dataclass(frozen=True)
class Head:
    """The delivery that a lane would send next, if there is one, and what stands in its way."""

    channel: UUID
    network: str
    app: UUID | None
    paused: bool
    delivery: UUID | None
    state: str
    due_at: datetime | None
    again_at: datetime | None
    lease_until: datetime | None
    late_policy: str
    late_minutes: int
    before_out_at: datetime | None
    more: bool  # something of this lane is under way, behind shut gates perhaps

    def wait(self, now: datetime, orphans: bool = True) -> datetime | None:
        """When to look again; None: now it may go."""
        if self.state == "sending":
            until = self.lease_until if self.lease_until and self.lease_until >= now else None
            return until if until or orphans else now + LEFT_ALONE
        if self.paused or self.delivery is None:
            return now + LOOK_AGAIN
        if self.again_at and self.again_at > now:
            return self.again_at
        return now + HELD_SOON if self._is_late(now) else None

    def _is_late(self, now: datetime) -> bool:
        untried = self.state == "waiting" and self.again_at == self.due_at
        return bool(
            untried and self.due_at and self.late_policy in HOLDS
            and is_late(self.late_minutes, self.due_at, self.before_out_at, now)
        )


def claim(
    owner: str, lease: timedelta, most: int, now: datetime | None = None, orphans: bool = True
) -> list[Delivery]:
    """Up to `most` deliveries, one per channel, now in state `sending` with a lease and a fresh fence.

    Everything that sending them needs is read along, for all of them at once. `orphans`: leases that ran out, too.
    """
    now = now or clock.now()
    with transaction.atomic():
        heads = _heads(_due_lanes(now, most))
        if not heads:
            return []
        waits = {head.channel: head.wait(now, orphans) for head in heads}
        ready = [head for head in heads if waits[head.channel] is None]
        waits |= limits.allow([limits.Ask(h.channel, h.network, h.app) for h in ready], now)
        chosen = {h.delivery: h.channel for h in ready if h.delivery and waits[h.channel] is None}
        taken = _take(list(chosen), owner, now + lease, now)
        waits |= {chosen[id]: now + lease for id in taken}
        sql.run(SLEEP, [{"channel": h.channel, "at": _wake_at(h, waits[h.channel], now)} for h in heads])
        return _whole(taken) if taken else []


def _due_lanes(now: datetime, most: int) -> list[UUID]:
    return [sql.id_of(id) for (id,) in sql.rows(LANES + sql.skip_locked("l"), now, most * 4, now, most)]


def _heads(lanes: list[UUID]) -> list[Head]:
    found = sql.rows(HEADS.format(marks=sql.marks(lanes)), *lanes) if lanes else []
    return [_head(*row) for row in found]


def _head(
    channel: Any, network: str, app: Any, paused: str, delivery: Any, state: str, due: Any, again: Any, until: Any,
    policy: str, minutes: int, before: Any, more: Any,
) -> Head:
    return Head(
        sql.id_of(channel), network, sql.id_of(app) if app else None, bool(paused),
        sql.id_of(delivery) if delivery else None, state, sql.instant(due), sql.instant(again), sql.instant(until),
        policy, minutes, sql.instant(before), bool(more),
    )


def _take(ids: list[UUID], owner: str, until: datetime, now: datetime) -> list[UUID]:
    """Mark them as ours. What a person is changing at this moment is passed over; so is what has changed since."""
    if ids and sql.skip_locked():
        ids = [sql.id_of(id) for (id,) in sql.rows(LOCK.format(marks=sql.marks(ids)) + sql.skip_locked(), *ids)]
    if not ids:
        return []
    taken = {sql.id_of(id) for (id,) in sql.rows(TAKE.format(marks=sql.marks(ids)), owner, until, *ids, now, now)}
    return [id for id in ids if id in taken]


def _wake_at(head: Head, wait: datetime | None, now: datetime) -> datetime | None:
    """Nothing under way: until somebody wakes it. Ready, but passed over: at once."""
    if head.delivery is None and not head.more:
        return None
    return wait or now


def _whole(ids: list[UUID]) -> list[Delivery]:
    """The rows with what is said and who says it, read after they are ours: an edit that was saved is in them."""
    found = Delivery.objects.filter(id__in=ids).select_related("item", "channel").only(*NEEDED).in_bulk()
    whole = [found[id] for id in ids]
    workspaces = Workspace.objects.in_bulk({delivery.workspace_id for delivery in whole})
    apps = AppCredential.objects.in_bulk({d.channel.app_id for d in whole if d.channel.app_id})
    variants = {(v.item_id, v.channel_id): v for v in Variant.objects.filter(item__in=[d.item_id for d in whole])}
    for delivery in whole:
        delivery.workspace = delivery.channel.workspace = workspaces[delivery.workspace_id]
        delivery.variant = variants.get((delivery.item_id, delivery.channel_id))
        if delivery.channel.app_id:
            delivery.channel.app = apps[delivery.channel.app_id]
    return whole


def renew(owner: str, under_way: Iterable[Delivery], lease: timedelta) -> None:
    """Prolong the leases of what this worker is still sending; what has become another's keeps its old end."""
    held = {(delivery.id, delivery.fence): delivery for delivery in under_way}
    if not held:
        return
    until, ids = clock.now() + lease, [id for id, _fence in held]
    for id, fence in sql.rows(RENEW.format(marks=sql.marks(ids)), until, *ids, owner):
        if delivery := held.get((sql.id_of(id), fence)):
            delivery.lease_until = until
