"""Portraits of channels and of people, to whom they share a workspace with; an address changes with its picture, so a
browser may keep it. And the form on one's profile that brings one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tidings.channels.models import Portrait
from tidings.media.portray import portray, unportray
from tidings.media.refuse import Refused
from tidings.workspaces.models import Member, User, UserPortrait

GUARDS = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}


@require_GET
@login_required
def portrait(request: HttpRequest, channel: UUID, mark: str) -> HttpResponse:
    """A channel's small picture; 404 for strangers, whether it is there or not."""
    workspaces = Member.objects.filter(user=request.user.pk).values("workspace")
    return _shown(Portrait.objects.filter(pk=channel, channel__workspace__in=workspaces).first())


@require_GET
@login_required
def person(request: HttpRequest, user: UUID, mark: str) -> HttpResponse:
    """Somebody's own picture, to themselves and to whoever shares a workspace with them; 404 for everybody else."""
    shared = Member.objects.filter(workspace__members__user=request.user.pk, user=user)
    mine = user == request.user.pk
    return _shown(UserPortrait.objects.filter(pk=user).first() if mine or shared.exists() else None)


def _shown(kept: Portrait | UserPortrait | None) -> HttpResponse:
    if kept is None:
        raise Http404
    return HttpResponse(bytes(kept.picture), "image/webp", headers=GUARDS)


@require_POST
@login_required
def own_portrait(request: HttpRequest) -> HttpResponse:
    """Take the picture that the form brings, or the one that is there away."""
    user, file = get_object_or_404(User, pk=request.user.pk), request.FILES.get("picture")
    try:
        if request.POST.get("do") == "remove":
            unportray(user)
            messages.success(request, _("Your picture is gone."))
        elif file:
            portray(user, file)
            messages.success(request, _("This is your picture now."))
        else:
            messages.error(request, _("Choose a picture first."))
    except Refused as refused:
        messages.error(request, _(refused.reason))
    return redirect("profile")
