"""The media library: folders, and a grid of everything that can be put into a post."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tidings.media import room
from tidings.media.folders import DEEPEST, trail, tree
from tidings.media.models import Folder, Media, Upload
from tidings.media.upload import under_way
from tidings.web.access import member_page
from tidings.web.instance.shown import weight
from tidings.web.shots import KIND_WORDS, ORDER_WORDS, asked, found, paged, shots
from tidings.workspaces.models import Member, Tag, User
from tidings.workspaces.policy import may


@dataclass(frozen=True)
class Kept:
    """How much room the library takes, in words; `most` 0: no limit. `percent` for the bar."""

    said: str
    kept: int
    most: int
    full: bool
    parts: str


@member_page("read")
def library(request: HttpRequest, member: Member) -> HttpResponse:
    """The page; what is looked for stands in its address."""
    what = asked(request, member)
    page = paged(found(member, what), request.GET.get("page"))
    every = Media.objects.filter(workspace=member.workspace)
    total = every.count()
    context = {
        "asked": what, "page": page, "shots": shots(page), "kinds": KIND_WORDS, "orders": ORDER_WORDS,
        "folder": what.wish.folder, "trail": trail(what.wish.folder), "folders": _inside(member, what.wish.folder),
        "deepest": len(trail(what.wish.folder)) >= DEEPEST, "tree": branches(member), "total": total,
        "parent": str(what.wish.folder.parent_id or "") if what.wish.folder else "",
        "described": total - every.filter(alt="").count(), "tags": tags_of(member), "people": _people(every),
        "kept": _kept(member), "coming": _coming(member), "may_write": may(member, "write"),
    }  # fmt: skip
    return render(request, "tidings/library/page.html", context)


def _inside(member: Member, folder: Folder | None) -> QuerySet[Folder]:
    return Folder.objects.filter(workspace=member.workspace, parent=folder).annotate(n=Count("media"))


def branches(member: Member) -> list[tuple[str, str]]:
    """Every folder as a choice: its id, and its name moved in as deep as it is."""
    return [(str(one.pk), f"{'– ' * depth}{one.name}") for depth, one in tree(member.workspace)]


def tags_of(member: Member) -> QuerySet[Tag]:
    """The workspace's tags."""
    return Tag.objects.filter(workspace=member.workspace)


def _people(every: QuerySet[Media]) -> QuerySet[User]:
    """Whoever brought something, when there is a choice."""
    return User.objects.filter(pk__in=every.order_by().values("by").distinct()).order_by("name", "email")


def _coming(member: Member) -> QuerySet[Upload]:
    """What this person has begun to bring here and not finished."""
    return under_way(member).filter(workspace=member.workspace)[:20]


def _kept(member: Member) -> Kept:
    here, owner = room.of_workspace(member.workspace), room.of_owner(member.workspace)
    kept, most = weight(owner.kept), owner.most or 0
    said = _("%(kept)s of %(most)s used") % {"kept": kept, "most": weight(most)} if most else ""
    parts = _("%(originals)s originals, %(copies)s copies for networks, %(thumbnails)s thumbnails") % {
        "originals": weight(here.originals), "copies": weight(here.copies),
        "thumbnails": weight(here.thumbnails),
    }  # fmt: skip
    used = said or _("%(kept)s used") % {"kept": weight(here.kept)}
    return Kept(used, owner.kept, most, bool(most) and owner.kept * 10 >= most * 9, parts)
