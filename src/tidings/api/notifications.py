"""Notifications as JSON: what the person was told in this workspace, what they know now, and how they are told."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from tidings.api.access import entered
from tidings.deliveries.notices import said
from tidings.notifications.read import mark_read, told, wish, wishes_of
from tidings.notifications.tell import Wish

router = Router(tags=["notifications"])
PLACE = "/workspaces/{slug}/notifications"


class NotificationOut(Schema):
    """One thing that was told. `thing` and `thing_id` say what it is about; `url`: the page of the next step."""

    id: UUID
    kind: str
    thing: str
    thing_id: UUID | None
    at: datetime
    seen_at: datetime | None
    text: str
    more: str
    url: str


class ReadIn(Schema):
    """Which are known now; null: all of this workspace."""

    ids: list[UUID] | None = Field(default=None, max_length=1000)


class ReadOut(Schema):
    """How many were new."""

    read: int


class WishShape(Schema):
    """How a kind is told: on the page, and by mail at once, once a day, or never."""

    page: bool
    mail: Literal["at_once", "digest", "off"]


class WishesShape(Schema):
    """By kind, how it is told."""

    wishes: dict[str, WishShape]


@router.get(PLACE, response=list[NotificationOut], operation_id="list_notifications")
def list_notifications(request: HttpRequest, slug: str, new: bool = False, before: datetime | None = None) -> Any:
    """The newest hundred; `new`: only those; `before`: older ones than that."""
    member = entered(request, slug, "read")
    rows = told(member.user).filter(workspace=member.workspace).select_related("workspace")
    rows = rows.filter(seen_at=None) if new else rows
    rows = rows.filter(at__lt=before) if before else rows
    return [
        NotificationOut(
            id=one.row.id, kind=one.row.kind, thing=one.row.thing, thing_id=one.row.thing_id, at=one.row.at,
            seen_at=one.row.seen_at, text=one.text, more=one.more, url=one.url,
        )
        for one in said(member.user, list(rows[:100]))
    ]  # fmt: skip


@router.post(f"{PLACE}/read", response=ReadOut, operation_id="read_notifications")
def read(request: HttpRequest, slug: str, body: ReadIn) -> Any:
    """These are known now."""
    member = entered(request, slug, "read")
    mine = told(member.user).filter(workspace=member.workspace, seen_at=None)
    chosen = mine if body.ids is None else mine.filter(pk__in=body.ids)
    return ReadOut(read=mark_read(member.user, list(chosen.values_list("pk", flat=True))))


@router.get(f"{PLACE}/wishes", response=WishesShape, operation_id="get_notification_wishes")
def get_wishes(request: HttpRequest, slug: str) -> Any:
    """How the person is told of each kind, in whatever workspace."""
    wishes = wishes_of(entered(request, slug, "read").user)
    return {"wishes": {kind: {"page": one.page, "mail": one.mail} for kind, one in wishes.items()}}


@router.put(f"{PLACE}/wishes", response=WishesShape, operation_id="set_notification_wishes")
def set_wishes(request: HttpRequest, slug: str, body: WishesShape) -> Any:
    """These kinds from now on like this; the others stay as they are."""
    member = entered(request, slug, "read")
    try:
        wish(member.user, {kind: Wish(one.page, one.mail) for kind, one in body.wishes.items()})
    except ValueError as unknown:
        raise HttpError(422, f"there is no kind {unknown}") from unknown
    return get_wishes(request, slug)
