"""Finding as JSON: one search over a workspace's posts, channels, tags, media and templates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from tidings.api.access import entered
from tidings.posts.find import find

router = Router(tags=["workspace"])
LONGEST = 200  # characters of what is sought; more are not looked at


class MatchOut(Schema):
    """One thing that was found: a post, channel, tag, media or template."""

    kind: str
    id: UUID
    label: str
    more: str
    at: datetime | None


@router.get("/workspaces/{slug}/find", response=list[MatchOut], operation_id="find")
def find_words(request: HttpRequest, slug: str, q: str = "") -> Any:
    """What has all of these words: at most 28 things, the latest posts first."""
    return [MatchOut(**vars(match)) for match in find(entered(request, slug, "read"), q[:LONGEST])]
