"""Views as JSON: a member's own names for what they look at in the calendar."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import Plain
from tidings.deliveries.angle import cleaned
from tidings.workspaces import views as verbs

router = Router(tags=["views"])


class ViewOut(Schema):
    """A view; `query` is what stands in the calendar's address, without a day."""

    id: UUID
    name: str
    query: str


class ViewIn(Schema):
    """A view of this name; one that is there already shows this from now on."""

    name: Plain
    query: Plain


class ViewChange(Schema):
    """What may be changed; absent: as it is."""

    name: Plain | None = None
    query: Plain | None = None


@router.get("/workspaces/{slug}/views", response=list[ViewOut], operation_id="list_views")
def list_views(request: HttpRequest, slug: str) -> Any:
    """One's own, by name."""
    return verbs.views_of(entered(request, slug, "read"))


@router.post("/workspaces/{slug}/views", response={200: ViewOut, 201: ViewOut}, operation_id="keep_view")
def keep_view(request: HttpRequest, slug: str, body: ViewIn) -> Any:
    """Keep an angle under a name; at most 50."""
    view, new = verbs.keep(entered(request, slug, "read"), body.name, cleaned(body.query))
    return Status(201 if new else 200, view)


@router.patch("/workspaces/{slug}/views/{id}", response=ViewOut, operation_id="change_view")
def change_view(request: HttpRequest, slug: str, id: UUID, body: ViewChange) -> Any:
    """Another name, or another angle."""
    member = entered(request, slug, "read")
    view = of_workspace(verbs.views_of(member), member, id)
    query = view.query if body.query is None else cleaned(body.query)
    verbs.change(member, view, view.name if body.name is None else body.name, query)
    return view


@router.delete("/workspaces/{slug}/views/{id}", response={204: None}, operation_id="delete_view")
def delete_view(request: HttpRequest, slug: str, id: UUID) -> Any:
    """What it showed stays where it is."""
    member = entered(request, slug, "read")
    verbs.delete(member, of_workspace(verbs.views_of(member), member, id))
    return Status(204, None)
