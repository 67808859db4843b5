"""Folders of the library on its page: make, rename, move, delete."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tidings.media import folders as verbs
from tidings.media.models import Folder
from tidings.web.access import member_page
from tidings.web.bring import folder_said
from tidings.web.sorting import back
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member


def _told(request: HttpRequest, member: Member, act: Callable[[], HttpResponse]) -> HttpResponse:
    """What the act leads to, or back with why it cannot be done."""
    try:
        return act()
    except Refused as refused:
        messages.error(request, str(refused))
        return back(request, member)


def _opened(member: Member, folder: Folder | None) -> HttpResponse:
    to = redirect("media", slug=member.workspace.slug)
    if folder:
        to["Location"] += f"?folder={folder.pk}"
    return to


@require_POST
@member_page("write")
def make(request: HttpRequest, member: Member) -> HttpResponse:
    """A new folder in the open one."""
    parent = folder_said(member, request.POST.get("folder", ""))
    return _told(request, member, lambda: _opened(member, verbs.make(member, request.POST.get("name", ""), parent)))


@require_POST
@member_page("write")
def change(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Another name, another place."""
    folder = get_object_or_404(Folder, pk=id, workspace=member.workspace)
    parent = folder_said(member, request.POST["to"]) if "to" in request.POST else folder.parent
    name = request.POST.get("name", folder.name)
    return _told(request, member, lambda: _opened(member, verbs.change(member, folder, name, parent)))


@require_POST
@member_page("write")
def delete(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """The folder alone; what was in it is one further up, and that is said."""
    folder = get_object_or_404(Folder, pk=id, workspace=member.workspace)
    name, gone = folder.name, verbs.delete(member, folder)
    said = _("The folder “%(name)s” is gone.") % {"name": name}
    if n := gone.media + gone.folders:
        where = gone.into.name if gone.into else _("Media")
        said += " " + ngettext("What was in it is in “%(where)s” now.", "All %(n)d are in “%(where)s” now.", n) % {
            "n": n, "where": where,
        }  # fmt: skip
    messages.success(request, said)
    return _opened(member, gone.into)
