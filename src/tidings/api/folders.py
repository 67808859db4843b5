"""Folders of the library as JSON: list, make, rename, move, delete."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest
from ninja import Router, Schema, Status

from tidings.api.access import entered, of_workspace
from tidings.api.media import folder_of
from tidings.media import folders as verbs
from tidings.media.models import Folder

router = Router(tags=["media"])


class FolderOut(Schema):
    """A folder, the one it is in (null: at the top), and how much media is in it, without that of its folders."""

    id: UUID
    name: str
    parent: UUID | None
    media: int


class FolderIn(Schema):
    """A new folder."""

    name: str
    parent: UUID | None = None


class FolderChange(Schema):
    """What may be changed; absent: as it is."""

    name: str | None = None
    parent: UUID | None = None


class EmptiedOut(Schema):
    """Where what was in a deleted folder is now (null: at the top), and how much it was."""

    into: UUID | None
    media: int
    folders: int


def _out(folder: Folder) -> FolderOut:
    return FolderOut(id=folder.id, name=folder.name, parent=folder.parent_id, media=folder.media.count())


@router.get("/workspaces/{slug}/folders", response=list[FolderOut])
def list_folders(request: HttpRequest, slug: str) -> Any:
    """All of them, by name."""
    found = Folder.objects.filter(workspace=entered(request, slug, "read").workspace)
    return [
        FolderOut(id=one.id, name=one.name, parent=one.parent_id, media=one.n)
        for one in found.annotate(n=Count("media"))
    ]


@router.post("/workspaces/{slug}/folders", response={201: FolderOut})
def make_folder(request: HttpRequest, slug: str, body: FolderIn) -> Any:
    """A new one; at most three deep."""
    member = entered(request, slug, "write")
    return Status(201, _out(verbs.make(member, body.name, folder_of(member, body.parent))))


@router.patch("/workspaces/{slug}/folders/{folder_id}", response=FolderOut)
def change_folder(request: HttpRequest, slug: str, folder_id: UUID, change: FolderChange) -> Any:
    """Rename it, or move it with all that is in it."""
    member = entered(request, slug, "write")
    folder = of_workspace(Folder.objects.all(), member, folder_id)
    parent = folder_of(member, change.parent) if "parent" in change.dict(exclude_unset=True) else folder.parent
    return _out(verbs.change(member, folder, folder.name if change.name is None else change.name, parent))


@router.delete("/workspaces/{slug}/folders/{folder_id}", response=EmptiedOut)
def delete_folder(request: HttpRequest, slug: str, folder_id: UUID) -> Any:
    """Delete the folder alone; what is in it goes to the one above."""
    member = entered(request, slug, "write")
    gone = verbs.delete(member, of_workspace(Folder.objects.all(), member, folder_id))
    return EmptiedOut(into=gone.into.pk if gone.into else None, media=gone.media, folders=gone.folders)
