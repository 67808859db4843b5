"""Record what a try came to: the only place where an outcome becomes rows, all in one transaction."""

import random
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.database import sql
from tidings.deliveries import limits
from tidings.deliveries.journal import LeaseLost
from tidings.deliveries.models import CLAIMABLE, MOVES, Delivery
from tidings.deliveries.send import Outcome

TRIES = 12  # without anything made; then a person decides
FIRST_WAIT = 20.0  # seconds; doubles with every try
LONGEST_WAIT = 3600.0
CHANCE = random.Random()  # noqa: S311 -- no secret
PART_BEFORE = "The part of the thread before it did not go out."


# A row changes only while the claim that knows its fence still holds.
SAVE = """
UPDATE deliveries_delivery SET journal = %s, lease_until = %s
WHERE id = %s AND fence = %s AND state = 'sending'"""
END = """
UPDATE deliveries_delivery
SET state = %s, reason = %s, journal = %s, receipt = %s, again_at = %s, delivered_at = %s, tries = tries - %s,
    lease_owner = '', lease_until = NULL
WHERE id = %s AND fence = %s AND state = 'sending'"""
ATTEMPT = """
INSERT INTO deliveries_attempt (id, delivery_id, started_at, ended_at, outcome, reason)
VALUES (%s, %s, %s, %s, %s, %s)"""

# The lane is looked at again when this delivery wants to be tried again, or else when the one behind it is due; who
# woke it meanwhile is not overheard.
AGAIN = "UPDATE deliveries_lane SET wake_at = %s WHERE channel_id = %s AND (wake_at IS NULL OR wake_at > %s)"
NEXT = """
UPDATE deliveries_lane SET wake_at = (
    SELECT d.due_at FROM deliveries_delivery d
    WHERE d.channel_id = deliveries_lane.channel_id AND d.state IN ('waiting', 'sending', 'settling') AND d.id <> %s
    ORDER BY d.due_at, d.id LIMIT 1)
WHERE channel_id = %s AND wake_at > %s"""


def save_journal(id: UUID, fence: int, data: dict[str, Any], lease: timedelta) -> None:
    """Keep the journal; raises LeaseLost unless this claim still holds. Renews the lease."""
    if not sql.run(SAVE, data, clock.now() + lease, id, fence):
        raise LeaseLost(str(id))


def record(
    delivery: Delivery, outcome: Outcome, journal: dict[str, Any], started: datetime, chance: random.Random = CHANCE
) -> None:
    """Write state, receipt and attempt, pause the channel or end the followers; raises LeaseLost unless it is ours."""
    outcome = _patience(delivery, outcome)
    assert outcome.state in MOVES["sending"]  # noqa: S101 -- a state out of the graph is a bug of ours
    now = clock.now()
    again = outcome.at or now + _back_off(delivery.tries, chance)
    reason = outcome.reason[:500]
    receipt = asdict(outcome.receipt) if outcome.receipt else None
    delivered = now if outcome.state == "delivered" else None
    free = int(outcome.state == "settling")  # to ask again of a network that is at work is no failed try
    _look_again(delivery, again if outcome.state in CLAIMABLE else None, now)
    end = (outcome.state, reason, journal, receipt, again, delivered, free)
    if not sql.run(END, *end, delivery.id, delivery.fence):
        raise LeaseLost(str(delivery.id))
    sql.run(ATTEMPT, new_id(), delivery.id, started, now, outcome.state, reason)
    for scope, until in outcome.shut.items():
        limits.close(delivery.channel, scope, until, now)
    if outcome.reconnect:
        Channel.objects.filter(id=delivery.channel_id, paused="").update(paused=outcome.reason[:300], paused_at=now)
    if outcome.state == "failed":
        end_followers(delivery)


def _look_again(delivery: Delivery, again: datetime | None, now: datetime) -> None:
    """Before the delivery itself: the order in which rows are locked."""
    if again:
        sql.run(AGAIN, again, delivery.channel_id, again)
    else:
        sql.run(NEXT, delivery.id, delivery.channel_id, now)


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
    """Whether its item has another delivery to its channel, made since it was cancelled."""
    others = Delivery.objects.filter(item=delivery.item_id, channel=delivery.channel_id).exclude(id=delivery.id)
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
