"""What a post said before, as JSON: list, compare, restore; and a copy of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import DraftIn
from tidings.deliveries.describe import PostShape, described
from tidings.deliveries.history import against, between, history, version_of
from tidings.deliveries.revise import restore
from tidings.posts.compare import Change
from tidings.posts.copy import duplicate
from tidings.posts.models import Post, written
from tidings.workspaces.models import Member

router = Router(tags=["posts"])


class VersionOut(Schema):
    """One version: as which revision, since when, by whom (nobody: they left), and in short what it changed."""

    revision: int
    at: datetime
    by: str
    changed: list[str]
    current: bool


class PieceOut(Schema):
    """Words that stayed (same), went (gone) or came (new)."""

    kind: str
    text: str


class ChangeOut(Schema):
    """One thing that differs. `pieces` of a text, else what is `gone` and what is `new`."""

    kind: str
    label: str
    where: str
    pieces: list[PieceOut]
    gone: list[str]
    new: list[str]


def _out(change: Change) -> ChangeOut:
    pieces = [PieceOut(kind=piece.kind, text=piece.text) for piece in change.pieces]
    return ChangeOut(
        kind=change.kind, label=change.label, where=change.where, pieces=pieces, gone=list(change.gone),
        new=list(change.new),
    )  # fmt: skip


def _post(member: Member, id: UUID) -> Post:
    return of_workspace(written(), member, id)


@router.get("/workspaces/{slug}/posts/{id}/versions", response=list[VersionOut], operation_id="list_versions")
def list_versions(request: HttpRequest, slug: str, id: UUID) -> Any:
    """What the post said before, the newest first."""
    entries = history(_post(entered(request, slug, "read"), id))
    return [
        VersionOut(
            revision=one.revision, at=one.at, by=one.by, changed=one.changed, current=one.current
        ) for one in entries
    ]  # fmt: skip


@router.get(
    "/workspaces/{slug}/posts/{id}/versions/{revision}", response=list[ChangeOut], operation_id="compare_version"
)
def compare_version(request: HttpRequest, slug: str, id: UUID, revision: int) -> Any:
    """What the post says now that this version did not, and the other way round."""
    post = _post(entered(request, slug, "read"), id)
    return [_out(change) for change in between(post, version_of(post, revision))]


@router.post(
    "/workspaces/{slug}/posts/{id}/versions/{revision}/restore", response=PostShape, operation_id="restore_version"
)
def restore_version(request: HttpRequest, slug: str, id: UUID, revision: int) -> Any:
    """Let the post say that again, as a new revision."""
    member = entered(request, slug, "write")
    post = _post(member, id)
    return described(restore(member, post, version_of(post, revision)))


@router.post("/workspaces/{slug}/posts/{id}/compare", response=list[ChangeOut], operation_id="compare_post")
def compare_post(request: HttpRequest, slug: str, id: UUID, body: DraftIn) -> Any:
    """What this draft says that the kept post does not; nothing is kept."""
    return [_out(change) for change in against(_post(entered(request, slug, "read"), id), body.draft())]


@router.post("/workspaces/{slug}/posts/{id}/duplicate", response={201: PostShape}, operation_id="duplicate_post")
def duplicate_post(request: HttpRequest, slug: str, id: UUID) -> Any:
    """A new draft that says the same."""
    member = entered(request, slug, "write")
    return Status(201, described(duplicate(member, _post(member, id))))
