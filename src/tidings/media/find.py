"""Find in the library: what somebody looks for, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower

from tidings.media.folders import below
from tidings.media.models import Folder, Media
from tidings.workspaces.models import Workspace

MOST_WORDS = 8
KINDS = ("picture", "film", "animation")
ORDERS: Mapping[str, tuple[str | Combinable, ...]] = {
    "newest": ("-created_at", "-id"),
    "oldest": ("created_at", "id"),
    "name": (Lower("name"), "-id"),
    "largest": ("-size", "-id"),
    "smallest": ("size", "-id"),
}


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; nothing said: everything. `deep`: in the folders of the folder, too."""

    q: str = ""
    kind: str = ""
    tag: UUID | None = None
    by: UUID | None = None
    plain: bool = False  # without a description
    folder: Folder | None = None
    deep: bool = True
    sort: str = "newest"


def find(workspace: Workspace, wish: Wish) -> QuerySet[Media]:
    """It, in the order that was wished for."""
    found = Media.objects.filter(workspace=workspace)
    for word in wish.q.split()[:MOST_WORDS]:
        tagged = Media.tags.through.objects.filter(tag__workspace=workspace, tag__name__icontains=word)
        found = found.filter(Q(name__icontains=word) | Q(alt__icontains=word) | Q(id__in=tagged.values("media")))
    exact = {"kind": wish.kind, "tags": wish.tag, "by": wish.by}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wish.plain:
        found = found.filter(alt="")
    return _inside(found, workspace, wish).order_by(*ORDERS.get(wish.sort, ORDERS["newest"]))


def _inside(found: QuerySet[Media], workspace: Workspace, wish: Wish) -> QuerySet[Media]:
    if not wish.deep:
        return found.filter(folder=wish.folder)
    return found.filter(folder__in=below(workspace, wish.folder)) if wish.folder else found
