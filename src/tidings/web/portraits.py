"""Channels' portraits, to members only; the address changes with the picture, so a browser may keep it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tidings.channels.models import Portrait
from tidings.workspaces.models import Member

GUARDS = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}


@require_GET
@login_required
def portrait(request: HttpRequest, channel: UUID, mark: str) -> HttpResponse:
    """The small picture; 404 for strangers, whether it is there or not."""
    workspaces = Member.objects.filter(user=request.user.pk).values("workspace")
    kept = Portrait.objects.filter(pk=channel, channel__workspace__in=workspaces).first()
    if kept is None:
        raise Http404
    return HttpResponse(bytes(kept.picture), "image/webp", headers=GUARDS)
