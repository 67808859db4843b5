"""What pages say of themselves, for the preview of a link."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from tidings.api import access
from tidings.posts.linked import TooOften, linked
from tidings.settings import settings

router = Router(tags=["posts"])


class LinkQuery(Schema):
    """Which page."""

    url: str = Field(max_length=4000)


class LinkOut(Schema):
    """The card of a page; empty where the page says nothing. `picture` is a small picture as a data: address."""

    url: str
    title: str
    description: str
    picture: str


@router.get("/workspaces/{slug}/links", response=LinkOut, operation_id="look_at_link")
def look_at_link(request: HttpRequest, slug: str, asked: Query[LinkQuery]) -> Any:
    """Ask a page for its title, description and picture, as a network will; 404 where the operator does not want it."""
    member = access.entered(request, slug, "write")
    if not settings().shows_links:
        raise HttpError(404, _("This instance looks at no pages behind links."))
    try:
        return linked(member, asked.url)
    except TooOften as often:
        raise access.TooOften(often.wait) from often
