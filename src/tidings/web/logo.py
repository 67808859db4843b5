"""The logo of a workspace: the form of its settings that brings one, and the picture as that form shows it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tidings.media.logo import drop_logo, give_logo
from tidings.media.refuse import Refused
from tidings.web.access import member_page
from tidings.workspaces.models import Member, WorkspaceLogo


@member_page("manage")
def workspace_logo(request: HttpRequest, member: Member) -> HttpResponse:
    """The picture; or take the one that the form brings, or the one that is there away."""
    if request.method == "POST":
        _changed(request, member)
        return redirect("workspace_settings", slug=member.workspace.slug)
    kept = WorkspaceLogo.objects.filter(pk=member.workspace_id).first()
    if kept is None:
        raise Http404
    return HttpResponse(bytes(kept.picture), "image/webp", headers={"Content-Security-Policy": "default-src 'none'"})


def _changed(request: HttpRequest, member: Member) -> None:
    file = request.FILES.get("picture")
    try:
        if request.POST.get("do") == "remove":
            drop_logo(member)
            messages.success(request, _("The logo is gone."))
        elif file:
            give_logo(member, file)
            messages.success(request, _("Reports carry this logo from now on."))
        else:
            messages.error(request, _("Choose a picture first."))
    except Refused as refused:
        messages.error(request, _(refused.reason))
