"""A channel as JSON: what its network takes, and no secret. The API and the composer page say the same."""

from uuid import UUID

from pydantic import BaseModel

from tidings.channels.models import Channel
from tidings.networks.base import Limits, Option, Poll
from tidings.networks.look import Look
from tidings.speech import translated


class LimitsShape(BaseModel):
    """How much the network takes; `unit` says what is counted, `needs` what must be there (null: any number)."""

    text: int
    unit: str
    needs: str
    needs_text: bool
    hashtags: int | None
    mentions: int | None
    links: int | None
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
    """One choice the author has on this network. `most`: tags at most, 0: any number; `longest` is of each of them."""

    name: str
    label: str
    kind: str
    choices: list[tuple[str, str]]
    default: str | bool
    help: str
    longest: int
    needed: bool
    most: int


class ChannelShape(BaseModel):
    """One profile that can be posted to. `paused` is the reason; empty: live.

    `threads` is what a second part becomes: "thread", "comments" or "" (not taken). `markup` is what the text is read
    as: "plain" or "markdown". `mentions`: whether people can be looked for there. `one_text_once`: it
    refuses a text it has. `look`: how a reader sees a post.
    """

    id: UUID
    network: str
    label: str
    handle: str
    name: str
    avatar: str
    group: str
    paused: str
    threads: str
    markup: str
    mentions: bool
    one_text_once: bool
    look: Look
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
        group=channel.group,
        paused=translated(channel.paused),
        threads=speaks.threads,
        markup=speaks.markup,
        mentions=speaks.has("mentions"),
        one_text_once=speaks.one_text_once,
        look=speaks.look,
        limits=_limits(limits),
        poll=_poll(limits.poll),
        options=[_option(option) for option in speaks.options if option.kind != "poll"],
    )


def _limits(limits: Limits) -> LimitsShape:
    return LimitsShape(
        text=limits.text,
        unit=translated(limits.unit),
        needs=limits.needs,
        needs_text=limits.needs_text,
        hashtags=limits.hashtags,
        mentions=limits.mentions,
        links=limits.links,
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
        label=translated(option.label),
        kind=option.kind,
        choices=[(value, translated(label)) for value, label in option.choices],
        default=option.default,
        help=translated(option.help),
        longest=option.longest,
        needed=option.needed,
        most=option.most,
    )
