"""What failed, across all workspaces: by reason, and one by one with what the network said to each try.

An operator sees here what breaks and for how many, never what the posts say. To send again is the members' to decide.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext_noop as say

from tidings.channels.models import Channel
from tidings.deliveries.models import WITHOUT_END, Attempt, Delivery
from tidings.instance.queue import label_of

LOOKED_AT = 10_000  # the newest that failed
GROUPS, PAGE = 100, 25
SINCE = {  # what can be chosen, and how far back that is
    "day": (say("The last day"), timedelta(days=1)),
    "week": (say("The last 7 days"), timedelta(days=7)),
    "month": (say("The last 30 days"), timedelta(days=30)),
    "ever": (say("Ever"), timedelta(days=36_500)),
}


@dataclass(frozen=True)
class Wanted:
    """Which failures: of one network or all, with this reason or any, due since then."""

    network: str = ""
    reason: str = ""
    since: str = "month"


@dataclass(frozen=True)
class Group:
    """Failures of one network for one reason: how many, in how many workspaces, between when and when they were due."""

    network: str
    label: str
    reason: str
    count: int
    workspaces: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Try:
    """What one try came to, in the network's own words, cut and without secrets."""

    at: datetime
    outcome: str
    reason: str


@dataclass(frozen=True)
class Failure:
    """One delivery that failed."""

    id: UUID
    network: str
    label: str
    workspace: str
    due_at: datetime
    tries: int
    reason: str
    attempts: list[Try]


@dataclass(frozen=True)
class Failures:
    """Groups, the largest first, and a page of those that are wanted. `capped`: older ones were not looked at."""

    groups: list[Group]
    rows: list[Failure]
    count: int
    page: int
    pages: int
    capped: bool


def failures(wanted: Wanted, now: datetime, page: int = 1) -> Failures:
    """Those wanted, the newest first."""
    newest = _newest(wanted, now)
    looked_at = Delivery.objects.filter(pk__in=newest.values("pk")[:LOOKED_AT]).order_by()
    if wanted.network:
        looked_at = looked_at.filter(channel__in=Channel.objects.filter(network=wanted.network))
    groups = _groups(looked_at)
    found = looked_at.filter(reason=wanted.reason) if wanted.reason else looked_at
    count = found.count()
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    return Failures(groups, _page(found, page), count, page, pages, newest[LOOKED_AT:].exists())


def _newest(wanted: Wanted, now: datetime) -> QuerySet[Delivery]:
    after = now - SINCE.get(wanted.since, SINCE["month"])[1]
    return Delivery.objects.filter(WITHOUT_END, state="failed", due_at__gte=after).order_by("-due_at")


def _groups(found: QuerySet[Delivery]) -> list[Group]:
    each = found.values("channel__network", "reason").annotate(
        count=Count("pk"), workspaces=Count("workspace", distinct=True), first=Min("due_at"), last=Max("due_at")
    )
    return [
        Group(row["channel__network"], label_of(row["channel__network"]), row["reason"], row["count"],
              row["workspaces"], row["first"], row["last"])
        for row in each.order_by("-count", "channel__network", "reason")[:GROUPS]
    ]  # fmt: skip


def _page(found: QuerySet[Delivery], page: int) -> list[Failure]:
    whole = found.select_related("channel", "workspace").defer("journal", "receipt").order_by("-due_at", "-id")
    rows = list(whole[(page - 1) * PAGE : page * PAGE])
    tries: dict[UUID, list[Try]] = {row.pk: [] for row in rows}
    for attempt in Attempt.objects.filter(delivery__in=tries).order_by("started_at"):
        tries[attempt.delivery_id].append(Try(attempt.ended_at, attempt.outcome, attempt.reason))
    return [
        Failure(row.pk, row.channel.network, label_of(row.channel.network), row.workspace.name, row.due_at, row.tries,
                row.reason, tries[row.pk])
        for row in rows
    ]  # fmt: skip
