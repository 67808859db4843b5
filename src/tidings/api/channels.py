"""Channels as JSON: where a post can go, what each place takes, and what an author can look for there."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.errors import HttpError

from tidings.api.access import entered, of_workspace
from tidings.channels import lookup
from tidings.channels.describe import ChannelShape, described
from tidings.channels.models import Channel
from tidings.networks.errors import Reaction, Reconnect, Rejected
from tidings.speech import translated

router = Router(tags=["channels"])
STATUSES = {Rejected: 422, Reconnect: 409}  # of a network that could not be asked; any other reaction: 503
T = TypeVar("T")


class ChoiceOut(Schema):
    """One choice of a look-up option: what is kept, and what people call it."""

    value: str
    label: str


class MentionOut(Schema):
    """Somebody who can be mentioned: what goes into the text, and who that is."""

    text: str
    label: str


@router.get("/workspaces/{slug}/channels", response=list[ChannelShape], operation_id="list_channels")
def list_channels(request: HttpRequest, slug: str) -> Any:
    """Every channel of the workspace."""
    member = entered(request, slug, "read")
    return [described(channel) for channel in Channel.objects.filter(workspace=member.workspace)]


@router.get("/workspaces/{slug}/channels/{id}/options/{name}", response=list[ChoiceOut], operation_id="look_up_option")
def look_up_option(request: HttpRequest, slug: str, id: UUID, name: str, q: str = "") -> Any:
    """Choices of an option of kind "lookup", asked of the network; at most 50, the likeliest when `q` is empty."""
    member = entered(request, slug, "write")
    channel = of_workspace(Channel.objects.all(), member, id)
    found = _asked(channel, lambda: lookup.choices(member, channel, name, q))
    return [ChoiceOut(value=value, label=label) for value, label in found]


@router.get("/workspaces/{slug}/channels/{id}/mentions", response=list[MentionOut], operation_id="look_up_mention")
def look_up_mention(request: HttpRequest, slug: str, id: UUID, q: str = "") -> Any:
    """Who can be mentioned on this channel, asked of the network; at most 50."""
    member = entered(request, slug, "write")
    channel = of_workspace(Channel.objects.all(), member, id)
    found = _asked(channel, lambda: lookup.people(member, channel, q))
    return [MentionOut(text=one.text, label=one.label) for one in found]


def _asked(channel: Channel, ask: Callable[[], list[T]]) -> list[T]:
    """What was found; whatever went wrong as a problem that says what to do."""
    try:
        return ask()
    except lookup.NothingToLookFor:
        raise Http404 from None
    except lookup.TooOften as error:
        raise HttpError(429, str(error)) from error
    except Reaction as reaction:
        raise HttpError(STATUSES.get(type(reaction), 503), _sentence(channel, reaction)) from reaction


def _sentence(channel: Channel, reaction: Reaction) -> str:
    told = {"network": channel.label, "channel": channel.handle, "reason": translated(reaction.reason)}
    if isinstance(reaction, Reconnect):
        return _("%(channel)s has lost its access to %(network)s. Connect it again. %(reason)s") % told
    if isinstance(reaction, Rejected):
        return _("%(network)s says: %(reason)s") % told
    return _("%(network)s could not be asked just now: %(reason)s") % told
