"""How channels are doing, at a glance: access, what went out last, what comes next, and what is used of a day's cap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import Channel
from tidings.channels.pause import BY_MEMBER
from tidings.core import clock
from tidings.deliveries.limits import DAY
from tidings.deliveries.models import IS_UNDER_WAY, WITHOUT_END, Delivery

SOON = timedelta(days=7)  # before the end of an access that nothing renews, people are told
WRONG = ("failed", "unsure")
MOST = 2000  # bad ends that are looked through
CONDITIONS = ("live", "ending", "ended", "paused", "stopped", "disconnected")


@dataclass(frozen=True)
class Out:
    """A delivery that a line about a channel names."""

    post: UUID
    at: datetime
    url: str = ""  # of the post at the network
    reason: str = ""  # why it did not go out


@dataclass(frozen=True)
class Health:
    """One channel. `condition`: one of CONDITIONS; stopped: it stands still until it is connected again."""

    channel: Channel
    condition: str
    renews: bool  # its access renews itself
    ends: datetime | None  # of an access that does not
    queued: int
    outlived: int  # what is due after that end
    used: int  # posts of the last 24 hours
    cap: int | None  # that the network takes in 24 hours
    last: Out | None
    next: Out | None
    wrong: Out | None


def healths(channels: QuerySet[Channel]) -> list[Health]:
    """Of each of these, in their order; three queries, however many there are."""
    after = _waiting().filter(due_at__gt=OuterRef("token_ends_at"))
    counts = {"queued": _count(_waiting()), "used": _count(_today()), "outlived": _count(after)}
    rows = list(channels.annotate(last_out=_latest(), next_due=_next(), **counts))
    named = _named(rows)
    wrong = _wrong(rows)
    return [_health(row, named, wrong.get(row.pk)) for row in rows]


def condition(channel: Channel) -> str:
    """One word for how it is."""
    if channel.paused:
        return {DISCONNECTED: "disconnected", BY_MEMBER: "paused"}.get(channel.paused, "stopped")
    ends = ends_at(channel)
    if ends is None or ends > clock.now() + SOON:
        return "live"
    return "ending" if ends > clock.now() else "ended"


def ends_at(channel: Channel) -> datetime | None:
    """When an access ends that does not renew itself."""
    return None if _renews(channel) or not channel.sealed else channel.token_ends_at


def _renews(channel: Channel) -> bool:
    return bool(channel.sealed) and not channel.paused and channel.speaks.has("renew")


def _health(channel: Any, named: dict[UUID, Out], wrong: Out | None) -> Health:
    ends = ends_at(channel)
    return Health(
        channel=channel, condition=condition(channel), renews=_renews(channel) and channel.token_ends_at is not None,
        ends=ends, queued=channel.queued, outlived=channel.outlived if ends else 0, used=channel.used,
        cap=channel.speaks.limits.per_day, last=named.get(channel.last_out),
        next=named.get(channel.next_due), wrong=wrong,
    )  # fmt: skip


def _own() -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=OuterRef("pk")).order_by()


def _waiting() -> QuerySet[Delivery]:
    return _own().filter(IS_UNDER_WAY)


def _today() -> QuerySet[Delivery]:
    return _own().filter(state="delivered", delivered_at__gt=clock.now() - DAY)


def _latest() -> Subquery:
    out = _own().filter(state="delivered", delivered_at__isnull=False, answers__isnull=True)
    return Subquery(out.order_by("-delivered_at").values("pk")[:1])


def _next() -> Subquery:
    return Subquery(_waiting().order_by("due_at", "id").values("pk")[:1])


def _count(found: QuerySet[Delivery]) -> Coalesce:
    """How many, by an index of the channel's own: not among all that ever went out."""
    return Coalesce(Subquery(found.values("channel").annotate(n=Count("pk")).values("n")), 0)


def _named(rows: Sequence[Any]) -> dict[UUID, Out]:
    """The deliveries that the rows name, read in one go."""
    ids = {id for row in rows for id in (row.last_out, row.next_due) if id}
    found = Delivery.objects.filter(pk__in=ids).values_list("pk", "post", "due_at", "delivered_at", "receipt")
    return {id: Out(post, out_at or due, (receipt or {}).get("url", "")) for id, post, due, out_at, receipt in found}


def _wrong(rows: Sequence[Channel]) -> dict[UUID, Out]:
    """Of each channel the latest that failed, or of which nobody knows whether it is out."""
    bad = Delivery.objects.filter(WITHOUT_END, Q(state__in=WRONG), channel__in=rows).order_by("-due_at")
    found = bad.values_list(F("channel"), "post", "due_at", "reason")[:MOST]
    return {channel: Out(post, at, reason=reason) for channel, post, at, reason in reversed(found)}
