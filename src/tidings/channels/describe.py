"""A channel as JSON: what its network takes, and no secret. The API and the composer page say the same."""

from uuid import UUID

from pydantic import BaseModel

from tidings.channels.models import Channel
from tidings.networks.base import Limits, Option, Poll


class LimitsShape(BaseModel):
    """How much the network takes; `unit` says what is counted."""

    text: int
    unit: str
    pictures: int
    films: int
    animations: int
    mixed: bool
    alt: int


class PollShape(BaseModel):
    """Limits of a poll; lasting in minutes."""

    choices: int
    characters: int
    shortest: int
    longest: int


class OptionShape(BaseModel):
    """One choice the author has on this network."""

    name: str
    label: str
    kind: str
    choices: list[tuple[str, str]]
    default: str | bool
    help: str
    longest: int


class ChannelShape(BaseModel):
    """One profile that can be posted to. `paused` is the reason; empty: live."""

    id: UUID
    network: str
    label: str
    handle: str
    name: str
    avatar: str
    paused: str
    limits: LimitsShape
    poll: PollShape | None
    options: list[OptionShape]


def described(channel: Channel) -> ChannelShape:
    """A channel with what its network declares."""
    speaks, limits = channel.speaks, channel.speaks.limits_at(channel.server)
    return ChannelShape(
        id=channel.id,
        network=speaks.name,
        label=speaks.label,
        handle=channel.handle,
        name=channel.name,
        avatar=channel.face,
        paused=channel.paused,
        limits=_limits(limits),
        poll=_poll(limits.poll),
        options=[_option(option) for option in speaks.options if option.kind != "poll"],
    )


def _limits(limits: Limits) -> LimitsShape:
    return LimitsShape(
        text=limits.text,
        unit=limits.unit,
        pictures=limits.pictures,
        films=limits.films,
        animations=limits.animations,
        mixed=limits.mixed,
        alt=limits.alt,
    )


def _poll(poll: Poll | None) -> PollShape | None:
    if poll is None:
        return None
    return PollShape(choices=poll.choices, characters=poll.characters, shortest=poll.shortest, longest=poll.longest)


def _option(option: Option) -> OptionShape:
    return OptionShape(
        name=option.name,
        label=option.label,
        kind=option.kind,
        choices=list(option.choices),
        default=option.default,
        help=option.help,
        longest=option.longest,
    )
