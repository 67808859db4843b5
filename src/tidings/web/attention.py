"""Needs attention: everything that waits for a person, in one list, one click each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import Channel
from tidings.channels.pause import BY_MEMBER
from tidings.core import clock
from tidings.deliveries.ending import outlived
from tidings.deliveries.face import STATE_LABELS
from tidings.deliveries.glance import glance
from tidings.deliveries.models import GONE, IS_UNDER_WAY, NEEDS_A_PERSON, WITHOUT_END, Delivery
from tidings.deliveries.watch import late, overdue, why
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.held import count
from tidings.web.steps import Steps, gone, steps
from tidings.web.times import When, when, zone_of
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may

MOST, WORDS = 200, 120  # rows; characters of each post
UNDECIDED = Q(state__in=NEEDS_A_PERSON)
ENDING = timedelta(days=8)  # told while a week is left


@dataclass(frozen=True)
class Waiting:
    """One delivery that waits for a decision, is overdue, or is gone at its network."""

    id: UUID
    post: UUID
    channel: Channel
    state: str
    label: str
    words: str
    due: When
    reason: str
    can: Steps


@dataclass(frozen=True)
class Silent:
    """One channel that is not sent to, or soon will not be."""

    channel: Channel
    reason: str
    ends: When | None
    waiting: int
    resumes: bool = False  # a member paused it


@member_page("read")
def attention(request: HttpRequest, member: Member) -> HttpResponse:
    """The list."""
    seen = glance(member.workspace_id)  # before the rows: a change meanwhile is heard of
    rows = list(_rows(member))
    held = count(member) if may(member, "publish") else 0
    context = {
        "seen": seen,
        "rows": rows[:MOST],
        "more": len(rows) > MOST,
        "silent": _silent(member),
        "zone": zone_of(member.user).key,
        "may_connect": may(member, "connect"),
        "held": held if held > 1 else 0,
    }
    return render(request, "tidings/attention.html", context)


def _rows(member: Member) -> Iterator[Waiting]:
    """What needs an answer first, then what should be out by now, then what is gone."""
    now = clock.now()
    for delivery in _whole(_undecided(member)).order_by("due_at")[: MOST + 1]:
        yield _waiting(delivery, member, translated(delivery.reason))
    for delivery in _whole(overdue(now, member.workspace))[: MOST + 1]:
        yield _waiting(delivery, member, why(delivery), "overdue", _("Overdue"))
    for delivery in _whole(_gone(member)).order_by("-gone_at")[: MOST + 1]:
        yield _waiting(delivery, member, gone(delivery, member.user), "gone", _("Gone"))


def _whole(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return found.select_related("channel", "item", "post", "after")


def _undecided(member: Member) -> QuerySet[Delivery]:
    return Delivery.objects.filter(WITHOUT_END, UNDECIDED, workspace=member.workspace)


def _gone(member: Member) -> QuerySet[Delivery]:
    return Delivery.objects.filter(GONE, workspace=member.workspace)


def _waiting(delivery: Delivery, member: Member, reason: str, state: str = "", label: str = "") -> Waiting:
    words = Truncator(" ".join(delivery.item.text.split())).chars(WORDS)
    return Waiting(
        id=delivery.id,
        post=delivery.post_id,
        channel=delivery.channel,
        state=state or delivery.state,
        label=label or str(STATE_LABELS[delivery.state]),
        words=words,
        due=when(member.user, delivery.due_at),
        reason=reason,
        can=steps(delivery, member),
    )


def waiting_for(member: Member) -> int:
    """How many things wait for a person in this workspace: what the side bar counts."""
    waits = Delivery.objects.filter(WITHOUT_END & UNDECIDED | late(clock.now()), workspace=member.workspace)
    counted = waits.values("pk").union(_gone(member).values("pk"), all=True).count()  # one question, two indexes
    return counted + len(_silent(member))


def _silent(member: Member) -> list[Silent]:
    """Paused channels, and those whose access cannot renew itself and ends within eight days, or before a post.

    One that was disconnected on purpose is only mentioned while posts wait for it.
    """
    prefetch_related_objects([member.workspace], "channels")  # the side bar lists them, too
    if not any(_may_be_silent(channel) for channel in member.workspace.channels.all()):
        return []
    rows = Channel.objects.filter(workspace=member.workspace).annotate(queued=_queued())
    known = Q(paused="", token_ends_at__isnull=False)  # of the others' posts none needs to be looked at
    ending = known & (Q(token_ends_at__lt=clock.now() + ENDING) | Q(outlived()))
    return [_channel(channel, member.user) for channel in rows.filter(~Q(paused="") | ending) if _matters(channel)]


def _may_be_silent(channel: Channel) -> bool:
    return bool(channel.paused) or (channel.token_ends_at is not None and not channel.speaks.has("renew"))


def _queued() -> Coalesce:
    """How many deliveries wait for a channel; counted by the index of what is under way, not among all that are out."""
    waiting = Delivery.objects.filter(IS_UNDER_WAY, channel=OuterRef("pk")).order_by().values("channel")
    return Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0)


def _matters(channel: Channel) -> bool:
    if channel.paused == DISCONNECTED:
        return bool(channel.queued)  # type: ignore[attr-defined]  # annotated
    return bool(channel.paused) or not channel.speaks.has("renew")


def _channel(channel: Channel, user: User) -> Silent:
    ends = when(user, channel.token_ends_at) if channel.token_ends_at and not channel.paused else None
    by_member = channel.paused == BY_MEMBER
    return Silent(channel, translated(channel.paused), ends, channel.queued, by_member)  # type: ignore[attr-defined]  # annotated
