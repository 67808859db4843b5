"""Record what a try came to: the only place where an outcome becomes rows, all in one transaction."""

import random
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.journal import LeaseLost
from tidings.deliveries.models import MOVES, Attempt, Delivery
from tidings.deliveries.send import Outcome

TRIES = 12  # without anything made; then a person decides
FIRST_WAIT = 20.0  # seconds; doubles with every try
LONGEST_WAIT = 3600.0
PART_BEFORE = "The part of the thread before it did not go out."


def save_journal(id: UUID, fence: int, data: dict[str, Any], lease: timedelta) -> None:
    """Keep the journal; raises LeaseLost unless this claim still holds. Renews the lease."""
    mine = Delivery.objects.filter(id=id, fence=fence, state="sending")
    if not mine.update(journal=data, lease_until=clock.now() + lease):
        raise LeaseLost(str(id))


def record(delivery: Delivery, outcome: Outcome, journal: dict[str, Any], started: datetime) -> None:
    """Write state, receipt and attempt, pause the channel or end the followers; raises LeaseLost unless it is ours."""
    outcome = _patience(delivery, outcome)
    now = clock.now()
    receipt = asdict(outcome.receipt) if outcome.receipt else None
    changed = {
        "state": outcome.state, "reason": outcome.reason[:500], "journal": journal, "lease_owner": "",
        "lease_until": None, "again_at": outcome.at or now + _back_off(delivery.tries), "receipt": receipt,
        "delivered_at": now if outcome.state == "delivered" else None,
    }
    assert outcome.state in MOVES["sending"]  # noqa: S101 -- a state out of the graph is a bug of ours
    if not Delivery.objects.filter(id=delivery.id, fence=delivery.fence, state="sending").update(**changed):
        raise LeaseLost(str(delivery.id))
    Attempt.objects.create(
        delivery=delivery, started_at=started, ended_at=now, outcome=outcome.state, reason=outcome.reason[:500]
    )
    if outcome.reconnect:
        Channel.objects.filter(id=delivery.channel_id, paused="").update(paused=outcome.reason[:300], paused_at=now)
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
    """Whether its item has another delivery to its channel, made since it was cancelled."""
    others = Delivery.objects.filter(item=delivery.item_id, channel=delivery.channel_id).exclude(id=delivery.id)
    return others.exclude(state="cancelled").exists()


def _patience(delivery: Delivery, outcome: Outcome) -> Outcome:
    """A delivery that only ever waits is a failure in the end (a paused channel is another matter)."""
    if outcome.state == "waiting" and not outcome.reconnect and delivery.tries >= TRIES:
        return Outcome("failed", f"Given up after {delivery.tries} tries. {outcome.reason}")
    return outcome


def _back_off(tries: int) -> timedelta:
    """Doubling, with a fifth of chance so that what failed together does not come back together."""
    wait = min(FIRST_WAIT * 2 ** min(max(tries - 1, 0), 12), LONGEST_WAIT)
    return timedelta(seconds=wait * random.uniform(0.8, 1.2))  # noqa: S311 -- no secret
