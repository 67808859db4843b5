"""The media library: a grid of everything that can be put into a post."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tidings.media.models import Media
from tidings.web.access import member_page
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may

PAGE = 60
KINDS = (("", _("Everything")), ("picture", _("Pictures")), ("film", _("Films")), ("animation", _("Animations")))


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
        "shots": [Shot(media, _length(media.seconds)) for media in page],
        "search": search,
        "kind": kind,
        "kinds": KINDS,
        "filtered": bool(search or kind or request.GET.get("alt")),
        "without_alt": Media.objects.filter(workspace=member.workspace, alt="").count(),
        "may_write": may(member, "write"),
    }
    return render(request, "tidings/library.html", context)


def _length(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds else ""
