"""Channels as JSON: where a post can go, and what each place takes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from tidings.api.access import entered
from tidings.channels.models import Channel
from tidings.networks.base import Limits, Option, Poll

router = Router(tags=["channels"])


class LimitsOut(Schema):
    """How much the network takes; `unit` says what is counted."""

    text: int
    unit: str
    pictures: int
    films: int
    animations: int
    mixed: bool
    alt: int


class PollOut(Schema):
    """Limits of a poll; lasting in minutes."""

    choices: int
    characters: int
    shortest: int
    longest: int


class OptionOut(Schema):
    """One choice the author has on this network."""

    name: str
    label: str
    kind: str
    choices: list[tuple[str, str]]
    default: str | bool
    help: str
    longest: int


class ChannelOut(Schema):
    """One profile that can be posted to. `paused` is the reason; empty: live."""

    id: UUID
    network: str
    label: str
    handle: str
    name: str
    avatar: str
    paused: str
    limits: LimitsOut
    poll: PollOut | None
    options: list[OptionOut]


@router.get("/workspaces/{slug}/channels", response=list[ChannelOut], operation_id="list_channels")
def list_channels(request: HttpRequest, slug: str) -> Any:
    """Every channel of the workspace."""
    member = entered(request, slug, "read")
    return [described(channel) for channel in Channel.objects.filter(workspace=member.workspace)]


def described(channel: Channel) -> ChannelOut:
    """A channel with what its network declares."""
    speaks, limits = channel.speaks, channel.speaks.limits_at(channel.server)
    return ChannelOut(
        id=channel.id,
        network=speaks.name,
        label=speaks.label,
        handle=channel.handle,
        name=channel.name,
        avatar="",
        paused=channel.paused,
        limits=_limits(limits),
        poll=_poll(limits.poll),
        options=[_option(option) for option in speaks.options if option.kind != "poll"],
    )


def _limits(limits: Limits) -> LimitsOut:
    return LimitsOut(
        text=limits.text,
        unit=limits.unit,
        pictures=limits.pictures,
        films=limits.films,
        animations=limits.animations,
        mixed=limits.mixed,
        alt=limits.alt,
    )


def _poll(poll: Poll | None) -> PollOut | None:
    if poll is None:
        return None
    return PollOut(choices=poll.choices, characters=poll.characters, shortest=poll.shortest, longest=poll.longest)


def _option(option: Option) -> OptionOut:
    return OptionOut(
        name=option.name,
        label=option.label,
        kind=option.kind,
        choices=list(option.choices),
        default=option.default,
        help=option.help,
        longest=option.longest,
    )
