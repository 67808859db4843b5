"""Connect links as JSON: make one, list them, end one. The address is told once, when it is made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema
from ninja.errors import HttpError

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import Plain
from tidings.channels.invite import USUAL, NoLink, end_link, make_link
from tidings.channels.models import ConnectLink
from tidings.settings import settings

router = Router(tags=["channels"])
PLACE = "/workspaces/{slug}/connect-links"


class ConnectLinkIn(Schema):
    """For whom it is; without a network they choose. `days`: 1 to 30."""

    name: Plain
    network: Plain = ""
    group: Plain = ""
    days: int = USUAL


class ConnectLinkOut(Schema):
    """A link; `used_at` is null until it has served."""

    id: UUID
    name: str
    network: str
    group: str
    created_at: datetime
    ends_at: datetime
    used_at: datetime | None


class MadeOut(ConnectLinkOut):
    """A link that was made just now, with its address."""

    url: str


@router.get(PLACE, response=list[ConnectLinkOut], operation_id="list_connect_links")
def list_links(request: HttpRequest, slug: str) -> Any:
    """Every link, the newest first."""
    return ConnectLink.objects.filter(workspace=entered(request, slug, "connect").workspace)[:500]


@router.post(PLACE, response={201: MadeOut}, operation_id="make_connect_link")
def make(request: HttpRequest, slug: str, body: ConnectLinkIn) -> Any:
    """Make one; its address is told in this answer and never again."""
    try:
        link, token = make_link(entered(request, slug, "connect"), body.name, body.network, body.group, body.days)
    except NoLink as none:
        raise HttpError(422, str(none)) from none
    url = settings().url + reverse("connect_with", kwargs={"token": token})
    return 201, MadeOut(**ConnectLinkOut.from_orm(link).dict(), url=url)


@router.delete(f"{PLACE}/{{id}}", response={204: None}, operation_id="end_connect_link")
def end(request: HttpRequest, slug: str, id: UUID) -> Any:
    """It leads nowhere from now on."""
    member = entered(request, slug, "connect")
    end_link(member, of_workspace(ConnectLink.objects.all(), member, id))
    return 204, None
