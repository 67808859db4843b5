"""How much room pictures and films take, and how much they may.

A workspace counts for its first owner: of those who own it, the one who has belonged to it longest. Whoever invites
others pays for what they bring, and a colleague's library never fills one's own room. Originals, copies fitted to
networks and thumbnails count; so does an upload under way, by the size it was announced with. A copy that a network
needs is made even when the room is used up: a post that was promised goes out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Greatest

from tidings.media.models import Media, Rendition, Upload
from tidings.settings import settings
from tidings.workspaces.models import Member, User, Workspace


class NoRoom(Exception):
    """The files of this library's owner would take more room than they may; `most` in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@dataclass(frozen=True)
class Room:
    """Bytes that are kept; `most`: how many may be (None: no limit)."""

    originals: int
    copies: int
    thumbnails: int
    coming: int
    most: int | None = None

    @property
    def kept(self) -> int:
        """What lies in the storage."""
        return self.originals + self.copies + self.thumbnails

    @property
    def left(self) -> int | None:
        """What may still be brought."""
        return None if self.most is None else max(0, self.most - self.kept - self.coming)


def of_workspace(workspace: Workspace) -> Room:
    """What this library takes by itself."""
    return _room(Workspace.objects.filter(pk=workspace.pk))


def of_owner(workspace: Workspace) -> Room:
    """What all libraries take that count for the same person as this one, and what they may."""
    payer = payer_of(workspace)
    return _room(_paid_by(payer.pk), _most(payer)) if payer else of_workspace(workspace)


def payer_of(workspace: Workspace) -> User | None:
    """For whom a workspace counts; None: it has no owner any more."""
    first = _owners(workspace.pk).select_related("user").first()
    return first.user if first else None


@contextmanager
def taking(workspace: Workspace, more: int, coming: Upload | None = None) -> Iterator[None]:
    """Write `more` bytes' row in this block, which nobody else does for the same person meanwhile; raises NoRoom.

    `coming`: the upload that they came by, which holds their room until now.
    """
    with transaction.atomic():
        payer = payer_of(workspace)
        most = _most(User.objects.select_for_update().get(pk=payer.pk)) if payer else None
        if payer and most is not None:
            room = _room(_paid_by(payer.pk), most, coming)
            if (room.left or 0) < more:
                raise NoRoom(most)
        yield


def _most(user: User) -> int | None:
    return settings().storage or None if user.storage is None else user.storage


def _owners(workspace: UUID | OuterRef) -> QuerySet[Member]:
    return Member.objects.filter(workspace=workspace, role="owner").order_by("joined_at", "id")


def _paid_by(user: UUID) -> QuerySet[Workspace]:
    first = Subquery(_owners(OuterRef("pk")).values("user")[:1])
    mine = Workspace.objects.filter(members__user=user, members__role="owner")
    return mine.annotate(payer=first).filter(payer=user)


def _room(of: QuerySet[Workspace], most: int | None = None, but: Upload | None = None) -> Room:
    inside = of.values("pk")
    media = Media.objects.filter(workspace__in=inside).aggregate(all=Sum("size"), small=Sum("thumbnail_size"))
    copies = Rendition.objects.filter(media__workspace__in=inside).aggregate(all=Sum("size"))
    under_way = Upload.objects.filter(workspace__in=inside, media=None, problem="")
    if but:
        under_way = under_way.exclude(pk=but.pk)
    coming = under_way.aggregate(all=Sum(Greatest(F("size"), F("offset"))))
    return Room(media["all"] or 0, copies["all"] or 0, media["small"] or 0, coming["all"] or 0, most)
