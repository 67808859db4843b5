"""Record what a try came to: the only place where an outcome becomes rows, all in one transaction."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from tidings.channels.models import Channel
from tidings.channels.pause import stopped
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.database import sql
from tidings.deliveries import limits
from tidings.deliveries.models import CLAIMABLE, MOVES, Delivery
from tidings.deliveries.send import Outcome
from tidings.notifications.tell import Occasion, tell

TRIES = 12  # without anything made; then a person decides
FIRST_WAIT = 20.0  # seconds; doubles with every try
LONGEST_WAIT = 3600.0
CHANCE = random.Random()  # noqa: S311 -- no secret
PART_BEFORE = "The part of the thread before it did not go out."


# A row changes only while the claim that knows its fence still holds.
SAVE = """
UPDATE deliveries_delivery SET journal = v.journal, lease_until = v.until
FROM jsonb_to_recordset(%s) AS v(id uuid, fence integer, journal jsonb, until timestamptz)
WHERE deliveries_delivery.id = v.id AND deliveries_delivery.fence = v.fence AND deliveries_delivery.state = 'sending'
RETURNING deliveries_delivery.id, deliveries_delivery.fence"""
LANES = "SELECT channel_id FROM deliveries_lane WHERE channel_id IN ({marks}) ORDER BY channel_id"
END = """
UPDATE deliveries_delivery
SET state = v.state, reason = v.reason, journal = v.journal, receipt = v.receipt, again_at = v.again,
    delivered_at = v.delivered, tries = deliveries_delivery.tries - v.free, lease_owner = '', lease_until = NULL
FROM jsonb_to_recordset(%s) AS v(id uuid, fence integer, state text, reason text, journal jsonb, receipt jsonb,
    again timestamptz, delivered timestamptz, free integer)
WHERE deliveries_delivery.id = v.id AND deliveries_delivery.fence = v.fence AND deliveries_delivery.state = 'sending'
RETURNING deliveries_delivery.id, deliveries_delivery.fence"""
ATTEMPT = """
INSERT INTO deliveries_attempt (id, delivery_id, started_at, ended_at, outcome, reason)
SELECT v.attempt, v.id, v.started, v.ended, v.state, v.reason
FROM jsonb_to_recordset(%s) AS v(attempt uuid, id uuid, started timestamptz, ended timestamptz, state text, reason text)
"""

# The lane is looked at again when this delivery wants to be tried again, or else when the one behind it is due; who
# woke it meanwhile is not overheard.
AGAIN = """
UPDATE deliveries_lane SET wake_at = v.again
FROM jsonb_to_recordset(%s) AS v(channel uuid, again timestamptz)
WHERE channel_id = v.channel AND (wake_at IS NULL OR wake_at > v.again)"""
NEXT = """
UPDATE deliveries_lane SET wake_at = (
    SELECT d.due_at FROM deliveries_delivery d
    WHERE d.channel_id = deliveries_lane.channel_id AND d.state IN ('waiting', 'sending', 'settling')
    ORDER BY d.due_at, d.id LIMIT 1)
FROM jsonb_to_recordset(%s) AS v(channel uuid, ended timestamptz)
WHERE channel_id = v.channel AND wake_at > v.ended"""


@dataclass(frozen=True)
class Save:
    """A work of the writer's: keep a journal and renew the lease. Gives whether the claim still holds."""

    id: UUID
    fence: int
    journal: dict[str, Any]
    lease: timedelta

    def __call__(self) -> bool:
        """By itself."""
        return self.together([self])[0]

    @staticmethod
    def together(saves: Sequence["Save"]) -> list[bool]:
        """All of these at once. The lease begins as they are written: one renewed meanwhile gets no shorter."""
        now = clock.now()
        told = [{"id": s.id, "fence": s.fence, "journal": s.journal, "until": now + s.lease} for s in saves]
        ours = _claims(sql.rows(SAVE, told))
        return [(save.id, save.fence) in ours for save in saves]


@dataclass(frozen=True)
class End:
    """A work of the writer's: write how a try ended and what follows. Gives whether the claim still held; if not,
    nothing is written. Its names are those of the statements above."""

    delivery: Delivery
    outcome: Outcome
    row: dict[str, Any]

    @property
    def claim(self) -> tuple[UUID, int]:
        """What is recorded only while it holds: the delivery, and its fence."""
        return self.row["id"], self.row["fence"]

    def __call__(self) -> bool:
        """By itself."""
        return self.together([self])[0]

    @staticmethod
    def together(ends: Sequence["End"]) -> list[bool]:
        """All of these at once; lanes are taken before deliveries, as everywhere."""
        lanes = [end.row["channel"] for end in ends]
        sql.rows(LANES.format(marks=sql.marks(lanes)) + sql.lock(), *lanes)
        ours = _claims(sql.rows(END, [end.row for end in ends]))
        kept = [end for end in ends if end.claim in ours]
        _look_again([end.row for end in kept])
        sql.run(ATTEMPT, [end.row for end in kept])
        for end in kept:
            _follow_up(end.delivery, end.outcome, end.row["ended"])
        return [end.claim in ours for end in ends]


def record(
    delivery: Delivery, outcome: Outcome, journal: dict[str, Any], started: datetime, chance: random.Random = CHANCE
) -> End:
    """How this try ended, as it is to be written: state, receipt and attempt, the lane's next look."""
    outcome = _patience(delivery, outcome)
    assert outcome.state in MOVES["sending"]  # noqa: S101 -- a state out of the graph is a bug of ours
    now = clock.now()
    row = {
        "id": delivery.id, "fence": delivery.fence, "channel": delivery.channel_id,
        "state": outcome.state, "reason": outcome.reason[:500], "journal": journal,
        "receipt": asdict(outcome.receipt) if outcome.receipt else None,
        "again": outcome.at or now + _back_off(delivery.tries, chance) * (not outcome.reconnect),  # goes on with access
        "delivered": now if outcome.state == "delivered" else None,
        "free": int(outcome.state == "settling"),  # to ask again of a network that is at work is no failed try
        "attempt": new_id(), "started": started, "ended": now,
    }
    return End(delivery, outcome, row)


def _claims(rows: list[tuple[Any, ...]]) -> set[tuple[UUID, int]]:
    return {(sql.id_of(id), fence) for id, fence in rows}


def _look_again(rows: list[dict[str, Any]]) -> None:
    sql.run(AGAIN, [row for row in rows if row["state"] in CLAIMABLE])
    sql.run(NEXT, [row for row in rows if row["state"] not in CLAIMABLE])


def _follow_up(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """What it means for others: their limits, the channel, the parts after it."""
    for scope, until in outcome.shut.items():
        limits.close(delivery.channel, scope, until, now)
    if outcome.reconnect:
        live = Channel.objects.filter(id=delivery.channel_id, paused="")
        if live.update(paused=outcome.reason[:300], paused_at=now):
            stopped(delivery.workspace_id, delivery.channel_id)
    if outcome.state in ("failed", "unsure"):
        occasion = Occasion("delivery", delivery.id, f"{delivery.id}:{delivery.fence}")
        tell(delivery.workspace_id, outcome.state, [occasion])
    if outcome.state == "failed":
        end_followers(delivery)


def end_followers(delivery: Delivery) -> None:
    """The parts of a thread after one that will not go out do not go out either."""
    for follower in Delivery.objects.filter(after=delivery, state__in=("waiting", "held")):
        Delivery.objects.filter(id=follower.id).update(state="cancelled", reason=PART_BEFORE)
        end_followers(follower)


def bring_back_followers(delivery: Delivery) -> None:
    """The undoing of `end_followers`, when a person sends the part before again."""
    ended = Delivery.objects.filter(after=delivery, state="cancelled", reason=PART_BEFORE)
    for follower in ended.order_by("-created_at"):
        if superseded(follower):
            continue
        Delivery.objects.filter(id=follower.id).update(state="waiting", reason="", again_at=F("due_at"))
        bring_back_followers(follower)


def superseded(delivery: Delivery) -> bool:
    """Whether its item has another delivery to its channel, since it was cancelled; or the same answer was given."""
    same = Q(item=delivery.item_id)
    if delivery.answers:
        same = Q(item__text=delivery.item.text, answers__to__id=delivery.answers["to"]["id"])
    others = Delivery.objects.filter(same, channel=delivery.channel_id).exclude(id=delivery.id)
    return others.exclude(state="cancelled").exists()


def _patience(delivery: Delivery, outcome: Outcome) -> Outcome:
    """A delivery that only ever waits is a failure in the end (a paused channel is another matter)."""
    if outcome.state == "waiting" and not outcome.reconnect and delivery.tries >= TRIES:
        return Outcome("failed", f"Given up after {delivery.tries} tries. {outcome.reason}")
    return outcome


def _back_off(tries: int, chance: random.Random) -> timedelta:
    """Doubling, with a fifth of chance so that what failed together does not come back together."""
    wait = min(FIRST_WAIT * 2 ** min(max(tries - 1, 0), 12), LONGEST_WAIT)
    return timedelta(seconds=wait * chance.uniform(0.8, 1.2))
