"""Channels as JSON: where a post can go, and what each place takes."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from tidings.api.access import entered
from tidings.channels.describe import ChannelShape, described
from tidings.channels.models import Channel

router = Router(tags=["channels"])


@router.get("/workspaces/{slug}/channels", response=list[ChannelShape], operation_id="list_channels")
def list_channels(request: HttpRequest, slug: str) -> Any:
    """Every channel of the workspace."""
    member = entered(request, slug, "read")
    return [described(channel) for channel in Channel.objects.filter(workspace=member.workspace)]
