"""The media library: a grid of everything that can be put into a post."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tidings.media import upload as tus
from tidings.media.models import Media
from tidings.media.refuse import AWAY
from tidings.media.storage import Away
from tidings.web.access import member_page
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may

PAGE = 60
KINDS = (
    ("", gettext_lazy("Everything")),
    ("picture", gettext_lazy("Pictures")),
    ("film", gettext_lazy("Films")),
    ("animation", gettext_lazy("Animations")),
)


@dataclass(frozen=True)
class Shot:
    """One piece of media in the grid."""

    media: Media
    length: str


@member_page("read")
def library(request: HttpRequest, member: Member) -> HttpResponse:
    """The grid; `q` searches names and descriptions, `kind` narrows."""
    search, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    found = Media.objects.filter(workspace=member.workspace)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(alt__icontains=search))
    if kind:
        found = found.filter(kind=kind)
    if request.GET.get("alt") == "none":
        found = found.filter(alt="")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shots": [Shot(media, spoken_length(media.seconds)) for media in page],
        "search": search,
        "kind": kind,
        "kinds": KINDS,
        "filtered": bool(search or kind or request.GET.get("alt")),
        "without_alt": Media.objects.filter(workspace=member.workspace, alt="").count(),
        "may_write": may(member, "write"),
    }
    return render(request, "tidings/library.html", context)


def spoken_length(seconds: float) -> str:
    """Minutes and seconds; nothing for what does not move."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds else ""


@require_POST
@member_page("write")
def upload(request: HttpRequest, member: Member) -> HttpResponse:
    """Files from a plain form; the page's script sends large ones piece by piece instead."""
    kept = sum(_taken(request, member, file) for file in request.FILES.getlist("file"))
    if kept:
        text = ngettext("%(n)d file is in the library.", "%(n)d files are in the library.", kept) % {"n": kept}
        messages.success(request, text)
    return redirect("media", slug=member.workspace.slug)


def _taken(request: HttpRequest, member: Member, file: "UploadedFile[bytes]") -> bool:
    """Whether the file could be kept; the reason why not is told."""
    name = file.name or "file"
    try:
        begun = tus.begin(member, name, file.size or 0)
        tus.append(begun, 0, file.chunks())
    except (tus.TooLarge, tus.Full):
        messages.error(request, _("%(name)s: there is no room for a file of this size.") % {"name": name})
        return False
    try:
        done = tus.finish(begun)
    except Away:
        tus.drop(begun)
        messages.error(request, f"{name}: {_(AWAY)}")
        return False
    if done.problem:
        messages.error(request, f"{name}: {_(done.problem)}")
    return done.media is not None
