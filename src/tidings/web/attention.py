"""Needs attention: everything that waits for a person, in one list, one click each."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.face import STATE_LABELS
from tidings.deliveries.models import NEEDS_A_PERSON, UNDER_WAY, Delivery
from tidings.web.access import member_page
from tidings.web.times import When, when, zone_of
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may

MOST = 200
ENDING = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """One delivery that waits for a decision."""

    id: UUID
    post: UUID
    channel: Channel
    state: str
    label: str
    words: str
    due: When
    reason: str
    can_retry: bool
    can_cancel: bool
    can_answer: bool


@dataclass(frozen=True)
class Silent:
    """One channel that is not sent to, or soon will not be."""

    channel: Channel
    reason: str
    ends: When | None
    waiting: int


@member_page("read")
def attention(request: HttpRequest, member: Member) -> HttpResponse:
    """The list."""
    found = Delivery.objects.filter(workspace=member.workspace, state__in=NEEDS_A_PERSON)
    rows = found.select_related("channel", "item").order_by("due_at")[: MOST + 1]
    context = {
        "rows": [_waiting(delivery, member.user, may(member, "publish")) for delivery in rows[:MOST]],
        "more": len(rows) > MOST,
        "silent": _silent(member),
        "zone": zone_of(member.user).key,
        "may_connect": may(member, "connect"),
    }
    return render(request, "tidings/attention.html", context)


def _waiting(delivery: Delivery, user: User, publish: bool) -> Waiting:
    words = " ".join(delivery.item.text.split())[:120]
    return Waiting(
        delivery.id,
        delivery.post_id,
        delivery.channel,
        delivery.state,
        str(STATE_LABELS[delivery.state]),
        words,
        when(user, delivery.due_at),
        delivery.reason,
        can_retry=publish and delivery.state != "unsure",
        can_cancel=publish and delivery.state != "unsure",
        can_answer=publish and delivery.state == "unsure",
    )


def waiting_for(member: Member) -> int:
    """How many things wait for a person in this workspace: what the side bar counts."""
    deliveries = Delivery.objects.filter(workspace=member.workspace, state__in=NEEDS_A_PERSON).count()
    return deliveries + len(_silent(member))


def _silent(member: Member) -> list[Silent]:
    """Paused channels, and those whose access ends within a week and cannot renew itself.

    One that was disconnected on purpose is only mentioned while posts wait for it.
    """
    queued = Count("deliveries", filter=Q(deliveries__state__in=UNDER_WAY))
    rows = Channel.objects.filter(workspace=member.workspace).annotate(queued=queued)
    ending = Q(paused="", token_ends_at__lt=clock.now() + ENDING)
    return [_channel(channel, member.user) for channel in rows.filter(~Q(paused="") | ending) if _matters(channel)]


def _matters(channel: Channel) -> bool:
    if channel.paused == DISCONNECTED:
        return bool(channel.queued)  # type: ignore[attr-defined]  # annotated
    return bool(channel.paused) or not channel.speaks.has("renew")


def _channel(channel: Channel, user: User) -> Silent:
    ends = when(user, channel.token_ends_at) if channel.token_ends_at and not channel.paused else None
    return Silent(channel, channel.paused, ends, channel.queued)  # type: ignore[attr-defined]  # annotated
