"""Bring files into the library from its page: from a plain form, or from an address that the server fetches."""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tidings.media import fetch, refuse
from tidings.media import upload as tus
from tidings.media.models import Folder, Upload
from tidings.media.refuse import AWAY, Refused
from tidings.media.room import NoRoom
from tidings.media.storage import Away
from tidings.web.access import member_page
from tidings.web.errors import too_many
from tidings.web.sorting import back
from tidings.workspaces.models import Member


def folder_said(member: Member, said: str) -> Folder | None:
    """The folder a form names, None: the top; 404 for one that is not there."""
    try:
        return get_object_or_404(Folder, pk=UUID(said), workspace=member.workspace) if said else None
    except ValueError:
        raise Http404 from None


@require_POST
@member_page("write")
def upload(request: HttpRequest, member: Member) -> HttpResponse:
    """Files from a plain form; the page's script sends large ones piece by piece instead."""
    folder = folder_said(member, request.POST.get("folder", ""))
    kept = sum(_taken(request, member, file, folder) for file in request.FILES.getlist("file"))
    if kept:
        text = ngettext("%(n)d file is in the library.", "%(n)d files are in the library.", kept) % {"n": kept}
        messages.success(request, text)
    return back(request, member)


def _taken(request: HttpRequest, member: Member, file: "UploadedFile[bytes]", folder: Folder | None) -> bool:
    """Whether the file could be kept; the reason why not is told."""
    name = file.name or "file"
    try:
        begun = tus.begin(member, name, file.size or 0, folder)
        tus.append(begun, 0, file.chunks())
    except NoRoom:
        return _told(request, name, refuse.NO_ROOM)
    except (tus.TooLarge, tus.Full):
        messages.error(request, _("%(name)s: there is no room for a file of this size.") % {"name": name})
        return False
    try:
        done = tus.finish(begun)
    except Away:
        tus.drop(begun)
        return _told(request, name, AWAY)
    return _told(request, name, done.problem) if done.problem else done.media is not None


def _told(request: HttpRequest, name: str, sentence: str) -> bool:
    messages.error(request, f"{name}: {_(sentence)}")
    return False


@require_POST
@member_page("write")
def bring(request: HttpRequest, member: Member) -> HttpResponse:
    """Begin to fetch what is at an address; the page then shows how far it is."""
    folder = folder_said(member, request.POST.get("folder", ""))
    try:
        fetch.begin(member, request.POST.get("from", "").strip()[:4000], folder)
    except Refused as refused:
        messages.error(request, _(refused.reason))
    except NoRoom:
        messages.error(request, _(refuse.NO_ROOM))
    except tus.Full:
        messages.error(request, _("Much is on its way in already. Try it again in a moment."))
    except fetch.TooOften as often:
        return too_many(request, often.wait)
    return back(request, member)


@require_POST
@member_page("write")
def drop(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Give up an upload or an import that was begun."""
    tus.drop(get_object_or_404(Upload, pk=id, workspace=member.workspace, by=member.user, media=None))
    return back(request, member)
