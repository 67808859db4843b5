"""The library as JSON: list, describe, delete."""

from typing import Annotated
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import AfterValidator

from tidings.api.access import entered, of_workspace
from tidings.media.describe import MediaShape, described
from tidings.media.models import Media
from tidings.media.take import clean_name
from tidings.posts.draft import plain
from tidings.posts.uses import InUse, let_go

router = Router(tags=["media"])
PAGE = 60
LONGEST_ALT = 10_000


class MediaPage(Schema):
    """One page of the library, newest first."""

    media: list[MediaShape]
    page: int
    pages: int
    total: int


class MediaChange(Schema):
    """What may be changed; absent: as it is."""

    alt: Annotated[str, AfterValidator(plain)] | None = Field(None, max_length=LONGEST_ALT)
    name: Annotated[str, AfterValidator(plain)] | None = Field(None, max_length=255)


@router.get("/workspaces/{slug}/media", response=MediaPage)
def list_media(request: HttpRequest, slug: str, q: str = "", kind: str = "", page: int = 1) -> MediaPage:
    """The library, newest first; `q` looks in names and descriptions."""
    found = Media.objects.filter(workspace=entered(request, slug, "read").workspace)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(alt__icontains=q))
    if kind:
        found = found.filter(kind=kind)
    total = found.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = found.order_by("-created_at", "-id")[(page - 1) * PAGE : page * PAGE]
    return MediaPage(media=[described(row) for row in rows], page=page, pages=pages, total=total)


@router.patch("/workspaces/{slug}/media/{media_id}", response=MediaShape)
def change_media(request: HttpRequest, slug: str, media_id: UUID, change: MediaChange) -> MediaShape:
    """Give it another name or description; posts that already use it keep their own description."""
    media = of_workspace(Media.objects.all(), entered(request, slug, "write"), media_id)
    if change.alt is not None:
        media.alt = change.alt
    if change.name is not None:
        media.name = clean_name(change.name)
    media.save(update_fields=("alt", "name"))
    return described(media)


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
