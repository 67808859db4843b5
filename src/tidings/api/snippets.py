"""Snippets as JSON: templates, signatures, hashtags; and a template with its places filled."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import DraftIn, Instant
from tidings.deliveries.describe import ItemShape
from tidings.posts import snippets as verbs
from tidings.posts.content import as_json
from tidings.posts.filling import themselves
from tidings.posts.models import Snippet
from tidings.workspaces.models import Member

router = Router(tags=["snippets"])


class SnippetOut(Schema):
    """A snippet. `places`: what is to be filled in when a template is used."""

    id: UUID
    kind: str
    name: str
    text: str
    always: bool
    places: list[str]


class SnippetIn(Schema):
    """A new snippet, or another wording. A template has a `draft`, or a `text` that becomes its first part."""

    kind: str = ""
    name: str
    text: str = ""
    always: bool = False
    draft: DraftIn | None = None

    def said(self) -> verbs.Said:
        """As the verbs take it."""
        return verbs.Said(self.kind, self.name, self.text, self.always, self.draft.draft() if self.draft else None)


class UseIn(Schema):
    """What the places say, by their names; `at`: when the post is meant for."""

    values: dict[str, str] = Field(default_factory=dict)
    at: Instant | None = None


class Filled(Schema):
    """A template as a draft."""

    channels: list[UUID]
    items: list[ItemShape]
    note: str
    tags: list[str]


def _out(snippet: Snippet) -> SnippetOut:
    return SnippetOut(
        id=snippet.id, kind=snippet.kind, name=snippet.name, text=snippet.text, always=snippet.always,
        places=verbs.places(snippet),
    )  # fmt: skip


def _snippet(member: Member, id: UUID) -> Snippet:
    return of_workspace(Snippet.objects.all(), member, id)


@router.get("/workspaces/{slug}/snippets", response=list[SnippetOut], operation_id="list_snippets")
def list_snippets(request: HttpRequest, slug: str) -> Any:
    """All of them, by kind and name."""
    return [_out(row) for row in Snippet.objects.filter(workspace=entered(request, slug, "read").workspace)]


@router.post("/workspaces/{slug}/snippets", response={201: SnippetOut}, operation_id="create_snippet")
def create_snippet(request: HttpRequest, slug: str, body: SnippetIn) -> Any:
    """Keep a new one."""
    return Status(201, _out(verbs.make(entered(request, slug, "write"), body.said())))


@router.put("/workspaces/{slug}/snippets/{id}", response=SnippetOut, operation_id="change_snippet")
def change_snippet(request: HttpRequest, slug: str, id: UUID, body: SnippetIn) -> Any:
    """Other words, another name; its kind stays."""
    member = entered(request, slug, "write")
    return _out(verbs.change(member, _snippet(member, id), body.said()))


@router.delete("/workspaces/{slug}/snippets/{id}", response={204: None}, operation_id="delete_snippet")
def delete_snippet(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Delete it; posts that it is in keep their words."""
    member = entered(request, slug, "write")
    verbs.remove(member, _snippet(member, id))
    return Status(204, None)


@router.post("/workspaces/{slug}/snippets/{id}/use", response=Filled, operation_id="use_snippet")
def use_snippet(request: HttpRequest, slug: str, id: UUID, body: UseIn) -> Any:
    """A template as a draft with its places filled; nothing is kept."""
    member = entered(request, slug, "write")
    return as_json(verbs.used(member, _snippet(member, id), {**themselves(member, body.at), **body.values}))
