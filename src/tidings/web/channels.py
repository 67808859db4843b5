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

from tidings.channels.disconnect import DISCONNECTED, disconnect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import UNDER_WAY
from tidings.web.access import member_page
from tidings.web.times import When, when
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may

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


@member_page("read")
def channels(request: HttpRequest, member: Member) -> HttpResponse:
    """Every channel with its health."""
    rows = Channel.objects.filter(workspace=member.workspace).annotate(
        last=Max("deliveries__delivered_at"),
        queued=Count("deliveries", filter=Q(deliveries__state__in=UNDER_WAY)),
    )
    shown = [_health(channel, member.user) for channel in rows]
    return render(request, "tidings/channels/list.html", {"rows": shown, "may_connect": may(member, "connect")})


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
    )


@require_POST
@member_page("connect")
def disconnect_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Forget a channel's access."""
    channel = get_object_or_404(Channel, pk=id, workspace=member.workspace)
    advice = disconnect(member, channel)
    messages.success(request, _("%(channel)s is disconnected.") % {"channel": channel.handle})
    if advice:
        messages.warning(request, advice)
    return redirect("channels", slug=member.workspace.slug)
