"""What a person does with many pieces of the library at once: move, tag, delete."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tidings.media import sort
from tidings.media.models import Folder, Media
from tidings.posts.uses import remembered, sweep, uses
from tidings.web.access import member_page
from tidings.web.shots import shots
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member

Act = Callable[[HttpRequest, Member, QuerySet[Media]], HttpResponse]


def place(request: HttpRequest, member: Member) -> str:
    """Where the person was in the library."""
    to, home = request.POST.get("next", ""), reverse("media", kwargs={"slug": member.workspace.slug})
    return to if to.startswith(home) and url_has_allowed_host_and_scheme(to, allowed_hosts=None) else home


def back(request: HttpRequest, member: Member) -> HttpResponse:
    """To there."""
    return redirect(place(request, member))


def ids(request: HttpRequest) -> list[UUID]:
    """What was picked."""
    try:
        return [UUID(said) for said in request.POST.getlist("media")]
    except ValueError:
        raise Http404 from None


@require_POST
@member_page("write")
def bulk(request: HttpRequest, member: Member) -> HttpResponse:
    """One act for everything that was picked."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        return act(request, member, sort.these(member, ids(request)))
    except Refused as refused:
        messages.error(request, str(refused))
        return back(request, member)


def _move(request: HttpRequest, member: Member, media: QuerySet[Media]) -> HttpResponse:
    said = request.POST.get("to", "")
    try:
        folder = get_object_or_404(Folder, pk=UUID(said), workspace=member.workspace) if said else None
    except ValueError:
        raise Http404 from None
    n = sort.move(member, media, folder)
    where = folder.name if folder else _("Media")
    messages.success(request, ngettext(
        "%(n)d is in “%(where)s” now.", "%(n)d are in “%(where)s” now.", n
    ) % {"n": n, "where": where})  # fmt: skip
    return back(request, member)


def _tag(request: HttpRequest, member: Member, media: QuerySet[Media]) -> HttpResponse:
    n = sort.tag(member, media, request.POST.get("tag", "").split(","))
    messages.success(request, ngettext("%(n)d is tagged.", "%(n)d are tagged.", n) % {"n": n})
    return back(request, member)


def _untag(request: HttpRequest, member: Member, media: QuerySet[Media]) -> HttpResponse:
    n = sort.untag(member, media, request.POST.get("tag", "").split(","))
    messages.success(request, ngettext("The tag is off %(n)d.", "The tag is off %(n)d.", n) % {"n": n})
    return back(request, member)


def _delete(request: HttpRequest, member: Member, media: QuerySet[Media]) -> HttpResponse:
    """First it is said what uses them; then those go that nothing uses, or all."""
    if not (sure := request.POST.get("sure", "")):
        return _ask(request, member, list(media))
    swept = sweep(member, media, force=sure == "all")
    said = ngettext("%(n)d file is deleted.", "%(n)d files are deleted.", swept.gone) % {"n": swept.gone}
    stay = len(swept.used)
    if stay:
        said += " " + ngettext(
            "%(n)d stays, because a post uses it.", "%(n)d stay, because posts use them.", stay
        ) % {"n": stay}  # fmt: skip
    messages.success(request, said)
    if swept.busy:
        messages.error(request, _("Some are being published at this moment. Delete them afterwards."))
    return back(request, member)


def _ask(request: HttpRequest, member: Member, media: list[Media]) -> HttpResponse:
    used = [(piece, uses(piece).count()) for piece in media]
    context = {
        "next": place(request, member),
        "rows": [(shot, n) for shot, (_piece, n) in zip(shots(media), used, strict=True)],
        "used": sum(1 for _piece, n in used if n), "free": sum(1 for _piece, n in used if not n),
        "remembered": sum(1 for piece in media if remembered(piece).exists()),
    }  # fmt: skip
    return render(request, "tidings/library/delete.html", context)


ACTS: dict[str, Act] = {"move": _move, "tag": _tag, "untag": _untag, "delete": _delete}
