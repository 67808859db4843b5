"""Tags as JSON: list, make, rename and recolour, merge, delete. Posts name theirs, and new names make new tags."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest
from ninja import Router, Schema, Status

from tidings.api.access import entered, of_workspace
from tidings.workspaces import tags as verbs
from tidings.workspaces.models import Tag

router = Router(tags=["tags"])


class TagOut(Schema):
    """A tag, and how many posts and media have it."""

    id: UUID
    name: str
    colour: str
    posts: int
    media: int


class TagIn(Schema):
    """A new tag; without a colour it is given one."""

    name: str
    colour: str = ""


class TagChange(Schema):
    """What may be changed; absent: as it is."""

    name: str | None = None
    colour: str | None = None


class MergeIn(Schema):
    """The tag that stays."""

    into: UUID


def _out(tag: Tag) -> TagOut:
    return TagOut(id=tag.id, name=tag.name, colour=tag.colour, posts=tag.posts.count(), media=tag.media.count())


@router.get("/workspaces/{slug}/tags", response=list[TagOut], operation_id="list_tags")
def list_tags(request: HttpRequest, slug: str) -> Any:
    """All of them, by name."""
    found = Tag.objects.filter(workspace=entered(request, slug, "read").workspace)
    counted = found.annotate(n_posts=Count("posts", distinct=True), n_media=Count("media", distinct=True))
    return [
        TagOut(id=tag.id, name=tag.name, colour=tag.colour, posts=tag.n_posts, media=tag.n_media) for tag in counted
    ]


@router.post("/workspaces/{slug}/tags", response={201: TagOut}, operation_id="create_tag")
def create_tag(request: HttpRequest, slug: str, body: TagIn) -> Any:
    """A tag that nothing has yet; the one of this name when there is one."""
    return Status(201, _out(verbs.make(entered(request, slug, "write"), body.name, body.colour)))


@router.patch("/workspaces/{slug}/tags/{id}", response=TagOut, operation_id="change_tag")
def change_tag(request: HttpRequest, slug: str, id: UUID, body: TagChange) -> Any:
    """Another name or colour, wherever it stands."""
    member = entered(request, slug, "write")
    tag = of_workspace(Tag.objects.all(), member, id)
    return _out(verbs.change(member, tag, body.name or tag.name, body.colour or tag.colour))


@router.post("/workspaces/{slug}/tags/{id}/merge", response=TagOut, operation_id="merge_tags")
def merge_tags(request: HttpRequest, slug: str, id: UUID, body: MergeIn) -> Any:
    """Whatever has this tag has the other from now on, and this one is gone."""
    member = entered(request, slug, "write")
    tag = of_workspace(Tag.objects.all(), member, id)
    into = Tag.objects.filter(workspace=member.workspace, pk=body.into).first()
    return _out(verbs.merge(member, tag, into or tag))


@router.delete("/workspaces/{slug}/tags/{id}", response={204: None}, operation_id="delete_tag")
def delete_tag(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Take it off everything; posts and media stay."""
    member = entered(request, slug, "write")
    verbs.remove(member, of_workspace(Tag.objects.all(), member, id))
    return Status(204, None)
