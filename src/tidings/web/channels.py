"""Channels: how each one is doing, and the way to end one."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings import networks
from tidings.channels.disconnect import DISCONNECTED, disconnect
from tidings.channels.models import Channel, Revocation
from tidings.core import clock
from tidings.deliveries.leave import leave
from tidings.deliveries.models import UNDER_WAY
from tidings.deliveries.readback import observe, readable
from tidings.deliveries.schedule import Refused
from tidings.web.access import member_page
from tidings.web.times import When, when
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may
from tidings.workspaces.security import note

WARN_BEFORE = timedelta(days=7)


@dataclass(frozen=True)
class Health:
    """One channel as the page shows it."""

    channel: Channel
    word: str  # live, paused, ending
    reason: str
    ends: When | None
    last: When | None
    waiting: int
    gone: bool
    readable: bool  # what became of its posts can be looked at


@dataclass(frozen=True)
class Ended:
    """Access that was ended, as the page shows it."""

    row: Revocation
    label: str  # of its network
    page: str  # where the network shows what else has access
    word: str  # under_way, done, given_up
    asked: When


@member_page("read")
def channels(request: HttpRequest, member: Member) -> HttpResponse:
    """Every channel with its health."""
    rows = Channel.objects.filter(workspace=member.workspace).annotate(
        last=Max("deliveries__delivered_at"),
        queued=Count("deliveries", filter=Q(deliveries__state__in=UNDER_WAY)),
    )
    context = {
        "rows": [_health(channel, member.user) for channel in rows],
        "may_connect": may(member, "connect"),
        "ended": [_ended(row, member.user) for row in Revocation.objects.filter(workspace=member.workspace)],
    }
    return render(request, "tidings/channels/list.html", context)


def _health(channel: Channel, user: User) -> Health:
    ends, last = channel.token_ends_at, channel.last  # type: ignore[attr-defined]  # annotated
    if channel.speaks.has("renew"):
        ends = None
    ending = ends is not None and ends < clock.now() + WARN_BEFORE
    return Health(
        channel=channel,
        word="paused" if channel.paused else "ending" if ending else "live",
        reason=channel.paused,
        ends=when(user, ends) if ends else None,
        last=when(user, last) if last else None,
        waiting=channel.queued,  # type: ignore[attr-defined]  # annotated
        gone=channel.paused == DISCONNECTED,
        readable=readable(channel.speaks),
    )


def _ended(row: Revocation, user: User) -> Ended:
    speaks = networks.every().get(row.network)
    word = "done" if row.done_at else "given_up" if row.given_up_at else "under_way"
    label, page = (speaks.label, speaks.grants) if speaks else (row.network, "")
    return Ended(row, label, page, word, when(user, row.asked_at))


@require_POST
@member_page("connect")
def disconnect_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Forget a channel's access."""
    channel = get_object_or_404(Channel, pk=id, workspace=member.workspace)
    advice = disconnect(member, channel)
    note("channel_disconnected", request, about=channel.network)
    messages.success(request, _("%(channel)s is disconnected.") % {"channel": channel.handle})
    return _advised(request, member, advice)


@require_POST
@member_page("connect")
def observe_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Whether to look what became of its posts after they went out."""
    channel = get_object_or_404(Channel, pk=id, workspace=member.workspace)
    observe(member, channel, request.POST.get("observed") == "yes")
    return redirect("channels", slug=member.workspace.slug)


@require_POST
@member_page("connect")
def delete_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Forget a channel, its access, and what is known of what went out there."""
    channel = get_object_or_404(Channel, pk=id, workspace=member.workspace)
    try:
        advice = leave(member, channel)
    except Refused as refused:
        return _advised(request, member, str(refused))
    note("channel_disconnected", request, about=channel.network)
    messages.success(request, _("%(channel)s is deleted with its history.") % {"channel": channel.handle})
    return _advised(request, member, advice)


def _advised(request: HttpRequest, member: Member, advice: str) -> HttpResponse:
    if advice:
        messages.warning(request, advice)
    return redirect("channels", slug=member.workspace.slug)


@require_POST
@member_page("connect")
def dismiss_revocation(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """A person has seen how the end of an access went."""
    revocation = get_object_or_404(Revocation, pk=id, workspace=member.workspace)
    if revocation.done_at or revocation.given_up_at:
        revocation.delete()
    return redirect("channels", slug=member.workspace.slug)
