"""The grid of the library, everything computed: what was asked for, page by page, and each piece as it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from tidings.media.find import KINDS, ORDERS, Wish, find
from tidings.media.models import Folder, Media
from tidings.posts.uses import used
from tidings.web.instance.shown import weight
from tidings.workspaces.models import Member

PAGE = 60
KIND_WORDS = {
    "": gettext_lazy("Every kind"), "picture": gettext_lazy("Pictures"), "film": gettext_lazy("Films"),
    "animation": gettext_lazy("Animations"),
}  # fmt: skip
ORDER_WORDS = {
    "newest": gettext_lazy("Newest first"), "oldest": gettext_lazy("Oldest first"), "name": gettext_lazy("By name"),
    "largest": gettext_lazy("Largest first"), "smallest": gettext_lazy("Smallest first"),
}  # fmt: skip
FILTERS = ("q", "kind", "tag", "by", "alt", "unused")


@dataclass(frozen=True)
class Asked:
    """What the address of a library page says; `query` as it stands in addresses, without the page."""

    wish: Wish
    unused: bool
    filtered: bool
    query: str
    values: dict[str, str]


@dataclass(frozen=True)
class Shot:
    """One piece of media in the grid."""

    id: UUID
    name: str
    alt: str
    thumbnail: bool
    icon: str
    facts: str
    length: str
    described: bool
    tags: list[tuple[str, str]]  # name, colour


def asked(request: HttpRequest, member: Member) -> Asked:
    """What is asked for; 404 for a folder that is not there."""
    said = {name: request.GET.get(name, "").strip()[:200] for name in (*FILTERS, "folder", "sort")}
    folder = get_object_or_404(Folder, pk=_id(said["folder"]), workspace=member.workspace) if said["folder"] else None
    filtered = any(said[name] for name in FILTERS)
    wish = Wish(
        q=said["q"], kind=said["kind"] if said["kind"] in KINDS else "", tag=_known(said["tag"]),
        by=_known(said["by"]), plain=said["alt"] == "none", folder=folder, deep=filtered,
        sort=said["sort"] if said["sort"] in ORDERS else "newest",
    )  # fmt: skip
    return Asked(wish, bool(said["unused"]), filtered, urlencode({n: v for n, v in said.items() if v}), said)


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Http404 from None


def _known(said: str) -> UUID | None:
    return _id(said) if said else None


def found(member: Member, what: Asked) -> QuerySet[Media]:
    """All of it, in its order."""
    rows = find(member.workspace, what.wish)
    return rows.exclude(id__in=used(member.workspace)) if what.unused else rows


def paged(rows: QuerySet[Media], number: str | None) -> Page[Media]:
    """One page of it."""
    return Paginator(rows.prefetch_related("tags"), PAGE).get_page(number)


def shots(rows: Iterable[Media]) -> list[Shot]:
    """Each as it is shown."""
    return [_shot(media) for media in rows]


def _shot(media: Media) -> Shot:
    measures = f"{media.width} × {media.height}" if media.width else ""
    return Shot(
        id=media.id, name=media.name, alt=media.alt or media.name, thumbnail=bool(media.thumbnail),
        icon="film" if media.kind == "film" else "image", length=spoken_length(media.seconds),
        facts=" · ".join(filter(None, (weight(media.size), measures))), described=bool(media.alt),
        tags=[(tag.name, tag.colour) for tag in media.tags.all()],
    )  # fmt: skip


def spoken_length(seconds: float) -> str:
    """Hours where there are any, minutes and seconds; nothing for what does not move."""
    hours, rest = divmod(round(seconds), 3600)
    minutes = f"{hours}:{rest // 60:02d}" if hours else f"{rest // 60}"
    return f"{minutes}:{rest % 60:02d}" if seconds else ""
