"""One channel's own page: how it is, its times of the week, its group, and the ways to pause and to end it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.channels.disconnect import disconnect
from tidings.channels.groups import groups, set_group
from tidings.channels.models import Channel
from tidings.channels.pause import NotSo, pause
from tidings.deliveries.health import healths
from tidings.deliveries.leave import leave
from tidings.deliveries.readback import observe
from tidings.deliveries.resume import resume
from tidings.deliveries.schedule import Refused
from tidings.privacy.erase import STANDS_STILL, pending
from tidings.web.access import member_page
from tidings.web.analytics.of_channel import numbers
from tidings.web.health_words import shown
from tidings.web.inbox.of_channel import hearing
from tidings.web.slots import week
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may
from tidings.workspaces.security import note


def channel_of(member: Member, id: UUID) -> Channel:
    """The workspace's channel of this id; raises Http404."""
    return get_object_or_404(Channel.objects.select_related("workspace"), pk=id, workspace=member.workspace)


@member_page("read")
def channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """How it is doing, and everything that can be done with it."""
    found = channel_of(member, id)
    (health,) = healths(Channel.objects.filter(pk=found.pk))
    context = {
        "row": shown(health, member.user),
        "groups": groups(member.workspace),
        "week": week(found, request.GET.get("undo", "")),
        "others": Channel.objects.filter(workspace=member.workspace, slots__isnull=False).exclude(pk=id).distinct(),
        "may_connect": may(member, "connect"),
        "numbers": numbers(found, member.user), "hearing": hearing(found, member.user),
    }
    return render(request, "tidings/channels/page.html", context)


def _back(member: Member, channel: Channel) -> HttpResponse:
    return redirect("channel", slug=member.workspace.slug, id=channel.pk)


def _tried(request: HttpRequest, act: Callable[[], None], done: str) -> None:
    """Say that it is done, or why it is not."""
    try:
        act()
    except NotSo as not_so:
        messages.error(request, str(not_so))
    else:
        messages.success(request, done)


@require_POST
@member_page("connect")
def pause_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Nothing is sent there until somebody resumes it."""
    found = channel_of(member, id)
    _tried(request, lambda: pause(member, found), _("Paused. Posts for it wait until you resume it."))
    return _back(member, found)


@require_POST
@member_page("connect")
def resume_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Go on; what waited goes out."""
    found = channel_of(member, id)
    if pending("workspace", member.workspace_id):
        messages.error(request, _(STANDS_STILL))
        return _back(member, found)
    _tried(request, lambda: resume(member, found), _("It goes on. What waited is sent."))
    return _back(member, found)


@require_POST
@member_page("connect")
def group_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Which group it belongs to."""
    found = channel_of(member, id)
    set_group(member, [found.pk], request.POST.get("group", ""))
    messages.success(request, _("Saved."))
    return _back(member, found)


@require_POST
@member_page("connect")
def disconnect_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Forget a channel's access."""
    found = channel_of(member, id)
    advice = disconnect(member, found)
    note("channel_disconnected", request, about=found.network)
    messages.success(request, _("%(channel)s is disconnected.") % {"channel": found.handle})
    return _advised(request, member, advice)


@require_POST
@member_page("connect")
def observe_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Whether to look what became of its posts after they went out."""
    found = channel_of(member, id)
    observe(member, found, request.POST.get("observed") == "yes")
    return _back(member, found)


@require_POST
@member_page("connect")
def delete_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Forget a channel, its access, and what is known of what went out there."""
    found = channel_of(member, id)
    try:
        advice = leave(member, found)
    except Refused as refused:
        return _advised(request, member, str(refused))
    note("channel_disconnected", request, about=found.network)
    messages.success(request, _("%(channel)s is deleted with its history.") % {"channel": found.handle})
    return _advised(request, member, advice)


def _advised(request: HttpRequest, member: Member, advice: str) -> HttpResponse:
    if advice:
        messages.warning(request, advice)
    return redirect("channels", slug=member.workspace.slug)
