"""The library as JSON: list, look at, describe, sort, delete."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import AfterValidator

from tidings.api.access import entered, of_workspace
from tidings.media import poster, room, sort
from tidings.media.describe import MediaShape, described
from tidings.media.find import Wish, find
from tidings.media.models import Folder, Media
from tidings.media.refuse import Refused
from tidings.media.take import clean_name
from tidings.posts.draft import plain
from tidings.posts.gets import gets
from tidings.posts.uses import InUse, let_go, remembered, sweep, used, uses
from tidings.workspaces.models import Member
from tidings.workspaces.tags import set_tags

router = Router(tags=["media"])
PAGE = 60
LONGEST_ALT = 10_000


class MediaPage(Schema):
    """One page of the library."""

    media: list[MediaShape]
    page: int
    pages: int
    total: int


class Looking(Schema):
    """What to look for. `folder`: an id, or `top`; what is in its folders is found too, unless `deep` is false."""

    q: str = ""
    kind: str = ""
    folder: str = ""
    deep: bool = True
    tag: UUID | None = None
    by: UUID | None = None
    plain: bool = False
    unused: bool = False
    sort: str = "newest"
    page: int = 1


class MediaChange(Schema):
    """What may be changed; absent: as it is. `folder` null: at the top. `poster_at`: a film's frame, in
    seconds; `poster`: instead a picture of this library, of which a small copy stands for the film.
    `focus_x`, `focus_y`: what must stay in sight when it is cut; null: the middle."""

    alt: Annotated[str, AfterValidator(plain)] | None = Field(None, max_length=LONGEST_ALT)
    name: Annotated[str, AfterValidator(plain)] | None = Field(None, max_length=255)
    folder: UUID | None = None
    tags: list[str] | None = None
    poster_at: float | None = None
    poster: UUID | None = None
    focus_x: float | None = Field(None, ge=0, le=1)
    focus_y: float | None = Field(None, ge=0, le=1)


class UseOut(Schema):
    """A post that uses it."""

    post: UUID
    changed_at: datetime


class GetsOut(Schema):
    """What channels of one network get: as it is, made, will be made, or not taken (and `why`). Sizes at most."""

    network: str
    channels: list[UUID]
    verdict: str
    mime: str
    size: int
    pixels: int
    why: str


class MediaDetails(Schema):
    """Everything about one. `remembered`: posts that only a former version of uses it."""

    media: MediaShape
    uses: list[UseOut]
    remembered: list[UseOut]
    gets: list[GetsOut]


class MediaBulk(Schema):
    """What is to be done to which. `move` takes a `folder` (null: the top), `tag` and `untag` a `tag`; `delete` leaves
    what a post uses, unless forced."""

    ids: list[UUID] = Field(min_length=1, max_length=sort.MOST)
    do: Literal["move", "tag", "untag", "delete"]
    folder: UUID | None = None
    tag: str = ""
    force: bool = False


class BulkDone(Schema):
    """How many it was done to; those that stayed because a post uses them, or is being published with them."""

    done: int
    used: list[UUID] = []
    busy: list[UUID] = []


class StorageOut(Schema):
    """Bytes in this library by kind; `kept` and `most` (null: no limit) are of all libraries of its owner."""

    originals: int
    copies: int
    thumbnails: int
    kept: int
    most: int | None


@router.get("/workspaces/{slug}/media", response=MediaPage)
def list_media(request: HttpRequest, slug: str, looking: Query[Looking]) -> MediaPage:
    """The library; `q` looks in names, descriptions and tags."""
    member = entered(request, slug, "read")
    found = find(member.workspace, _wish(member, looking))
    if looking.unused:
        found = found.exclude(id__in=used(member.workspace))
    total = found.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, looking.page), pages)
    rows = found.prefetch_related("tags")[(page - 1) * PAGE : page * PAGE]
    return MediaPage(media=[described(row) for row in rows], page=page, pages=pages, total=total)


def _wish(member: Member, looking: Looking) -> Wish:
    folder = None
    if looking.folder not in ("", "top"):
        folder = folder_of(member, _id(looking.folder))
    deep = looking.deep and looking.folder != "top"
    return Wish(looking.q, looking.kind, looking.tag, looking.by, looking.plain, folder, deep, looking.sort)


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Http404 from None


def folder_of(member: Member, id: UUID | None) -> Folder | None:
    """The folder of this id in the member's workspace, None: the top; raises Http404."""
    return of_workspace(Folder.objects.all(), member, id) if id else None


@router.post("/workspaces/{slug}/media/bulk", response=BulkDone, operation_id="bulk_media")
def bulk_media(request: HttpRequest, slug: str, body: MediaBulk) -> Any:
    """Move, tag or delete many at once."""
    member = entered(request, slug, "write")
    media = sort.these(member, body.ids)
    if body.do == "delete":
        swept = sweep(member, media, body.force)
        return BulkDone(done=swept.gone, used=[m.id for m in swept.used], busy=[m.id for m in swept.busy])
    if body.do == "move":
        return BulkDone(done=sort.move(member, media, folder_of(member, body.folder)))
    return BulkDone(done=(sort.tag if body.do == "tag" else sort.untag)(member, media, [body.tag]))


@router.get("/workspaces/{slug}/media/{media_id}", response=MediaDetails)
def one_media(request: HttpRequest, slug: str, media_id: UUID) -> Any:
    """One with the posts that use it, and what each of the workspace's networks gets of it."""
    member = entered(request, slug, "read")
    media = of_workspace(Media.objects.all(), member, media_id)
    return MediaDetails(
        media=described(media),
        uses=[UseOut(post=post.id, changed_at=post.changed_at) for post in uses(media)],
        remembered=[UseOut(post=post.id, changed_at=post.changed_at) for post in remembered(media)],
        gets=[_gets(one) for one in gets(media, member.workspace.channels.order_by("network", "handle"))],
    )


def _gets(one: Any) -> GetsOut:
    made = one.copy or one.aim
    pixels = one.copy.width * one.copy.height if one.copy else one.aim.pixels if one.aim else 0
    return GetsOut(
        network=one.channels[0].network, channels=[channel.id for channel in one.channels], verdict=one.verdict,
        mime=made.mime if made else "", size=made.size if made else 0, pixels=pixels, why=one.why,
    )


@router.patch("/workspaces/{slug}/media/{media_id}", response=MediaShape)
def change_media(request: HttpRequest, slug: str, media_id: UUID, change: MediaChange) -> MediaShape:
    """Give it another name, description, place, tags or frame; posts that use it keep their own description."""
    member = entered(request, slug, "write")
    media = of_workspace(Media.objects.all(), member, media_id)
    said = change.dict(exclude_unset=True)
    if change.alt is not None:
        media.alt = change.alt
    if change.name is not None:
        media.name = clean_name(change.name)
    if "folder" in said:
        media.folder = folder_of(member, change.folder)
    if change.poster_at is not None or change.poster is not None:
        _choose(member, media, change)
    media.focus_x, media.focus_y = said.get("focus_x", media.focus_x), said.get("focus_y", media.focus_y)
    media.save(update_fields=("alt", "name", "folder", "focus_x", "focus_y"))
    if change.tags is not None:
        set_tags(media, change.tags)
    return described(media)


def _choose(member: Member, media: Media, change: MediaChange) -> None:
    try:
        if change.poster is not None:
            poster.lend(member, media, of_workspace(Media.objects.all(), member, change.poster))
        elif change.poster_at is not None:
            poster.choose(member, media, change.poster_at)
    except Refused as refused:
        raise HttpError(422, _(refused.reason)) from refused


@router.delete("/workspaces/{slug}/media/{media_id}", response={204: None})
def delete_media(request: HttpRequest, slug: str, media_id: UUID, force: bool = False) -> Status[None]:
    """Delete it and every copy; refused while a post uses it, unless forced, and while such a post is published."""
    member = entered(request, slug, "write")
    media = of_workspace(Media.objects.all(), member, media_id)
    try:
        let_go(member, media, force)
    except InUse as error:
        raise HttpError(409, _("A post uses this; take it out there first.")) from error
    return Status(204, None)


@router.get("/workspaces/{slug}/storage", response=StorageOut)
def storage(request: HttpRequest, slug: str) -> Any:
    """What this library takes, and what it may."""
    workspace = entered(request, slug, "read").workspace
    here, all_of_owner = room.of_workspace(workspace), room.of_owner(workspace)
    return StorageOut(
        originals=here.originals, copies=here.copies, thumbnails=here.thumbnails, kept=all_of_owner.kept,
        most=all_of_owner.most,
    )  # fmt: skip
