"""Shape what one channel says. The same function serves the preview, the check and the sending."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tidings.channels.models import Channel
from tidings.channels.pause import BY_MEMBER
from tidings.media.fit import piece
from tidings.media.models import Media
from tidings.networks.base import Limits, Outgoing, Receipt, Rendition
from tidings.networks.check import Problem, check
from tidings.networks.errors import Rejected
from tidings.posts.draft import Draft, ItemDraft, MediaUse, VariantDraft
from tidings.posts.models import Item, Post, Variant

Library = Mapping[UUID, Media]
GONE = gettext_noop("A picture or film of this post is not in the library any more.")


@dataclass(frozen=True)
class Said:
    """What one channel says in one item, before it takes the network's form."""

    text: str
    media: tuple[MediaUse, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A problem, and where: which channel, which part of the thread."""

    channel: Channel
    position: int
    problem: Problem


def said_by(item: Item, channel: Channel) -> Said:
    """How this channel says a kept item."""
    return said_as(item, next((v for v in item.variants.all() if v.channel_id == channel.id), None))


def said_as(item: Item, variant: Variant | None) -> Said:
    """The same, the variant being known; absent in it means as the item says."""
    if variant is None:
        return Said(item.text, _uses(item.media))
    text = item.text if variant.text is None else variant.text
    media = item.media if variant.media is None else variant.media
    return Said(text, _uses(media), variant.options)


def said_in(item: ItemDraft, channel: Channel) -> Said:
    """How this channel says an item that is being written."""
    variant = item.variant(channel.id) or VariantDraft(channel.id)
    text = item.text if variant.text is None else variant.text
    return Said(text, item.media if variant.media is None else variant.media, variant.options)


def _uses(media: Iterable[Mapping[str, Any]]) -> tuple[MediaUse, ...]:
    return tuple(MediaUse.of(use) for use in media)


def shape(
    said: Said,
    channel: Channel,
    library: Library,
    position: int = 0,
    reply_to: Receipt | None = None,
    root: Receipt | None = None,
) -> Outgoing:
    """What goes out; pure but for the pictures' bytes, which are opened when somebody reads them."""
    speaks, server = channel.speaks, channel.server
    defaults = {o.name: o.default for o in speaks.options if o.kind != "poll" and o.default not in ("", None)}
    options = {**defaults, **{name: value for name, value in said.options.items() if value not in ("", None)}}
    first = Outgoing(said.text, _pieces(said, library, speaks.limits_at(server)), options, reply_to, root, position)
    limits = speaks.limits_for(server, first)
    return replace(first, media=_pieces(said, library, limits))


def _pieces(said: Said, library: Library, limits: Limits) -> tuple[Rendition, ...]:
    return tuple(piece(library[use.id], use.alt, limits, use.crop) for use in said.media if use.id in library)


def outgoing(
    item: Item, variant: Variant | None, channel: Channel, reply_to: Receipt | None = None, root: Receipt | None = None
) -> Outgoing:
    """What this channel says of this item; raises Rejected when a picture of it is gone."""
    said = said_as(item, variant)
    library = _library(channel.workspace_id, (use.id for use in said.media))
    if any(use.id not in library for use in said.media):
        raise Rejected(_(GONE))
    return shape(said, channel, library, item.position, reply_to, root)


def _library(workspace: UUID, ids: Iterable[UUID]) -> Library:
    """Only what is in this workspace: an id that strayed here from elsewhere opens nothing."""
    return Media.objects.filter(workspace=workspace).in_bulk(list(ids))


def of_draft(draft: Draft, channels: Iterable[Channel], library: Library) -> Iterator[tuple[Channel, Outgoing]]:
    """Everything a draft would send, channel by channel."""
    for channel in channels:
        for position, item in enumerate(draft.items):
            yield channel, shape(said_in(item, channel), channel, library, position)


def of_post(post: Post) -> Iterator[tuple[Channel, Outgoing]]:
    """Everything a kept post would send, channel by channel."""
    items = list(post.items.prefetch_related("variants"))
    channels = list(post.channels.all())
    wanted = {use.id for item in items for channel in channels for use in said_by(item, channel).media}
    library = _library(post.workspace_id, wanted)
    for channel in channels:
        for item in items:
            yield channel, shape(said_by(item, channel), channel, library, item.position)


def problems(post: Post) -> list[Found]:
    """Everything that would be refused, or should be looked at, before a kept post is scheduled."""
    return [*_gone(post), *found_in(list(of_post(post)), post.wish_at)]


def _gone(post: Post) -> Iterator[Found]:
    """Pictures and films that were deleted since the post was kept."""
    items, channels = list(post.items.prefetch_related("variants")), list(post.channels.all())
    said = [(channel, item.position, said_by(item, channel)) for channel in channels for item in items]
    library = _library(post.workspace_id, {use.id for _channel, _position, one in said for use in one.media})
    for channel, position, one in said:
        if any(use.id not in library for use in one.media):
            yield Found(channel, position, Problem("media", _(GONE)))


def found_in(sayings: list[tuple[Channel, Outgoing]], at: datetime | None = None) -> list[Found]:
    """What is wrong with these: each by itself, and taken together; `at`: when they are to go out."""
    return [*_each(sayings), *_paused(sayings), *_outlived(sayings, at), *_same_text(sayings)]


def _each(sayings: list[tuple[Channel, Outgoing]]) -> Iterator[Found]:
    for channel, said in sayings:
        for problem in check(channel.speaks, said, channel.server):
            yield Found(channel, said.position, problem)


def _paused(sayings: list[tuple[Channel, Outgoing]]) -> Iterator[Found]:
    for channel in dict.fromkeys(channel for channel, _said in sayings if channel.paused):
        text = _("%(channel)s is paused; nothing is sent there until it is connected again.")
        if channel.paused == BY_MEMBER:
            text = _("%(channel)s is paused by a member; nothing is sent there until it is resumed.")
        yield Found(channel, 0, Problem("channel", text % {"channel": channel}, "warning"))


def _outlived(sayings: list[tuple[Channel, Outgoing]], at: datetime | None) -> Iterator[Found]:
    """Channels whose access ends before it is time, where nothing renews it."""
    for channel in dict.fromkeys(channel for channel, _said in sayings if at and not channel.paused):
        ends = channel.token_ends_at
        if at and ends and ends < at and not channel.speaks.has("renew"):
            text = _("The access of %(channel)s ends before then. Connect it again, or this will wait.")
            yield Found(channel, 0, Problem("channel", text % {"channel": channel}, "warning"))


def _same_text(sayings: list[tuple[Channel, Outgoing]]) -> Iterator[Found]:
    """Some networks' rules forbid one text from several profiles of one person."""
    groups: dict[tuple[str, int, str], list[Channel]] = defaultdict(list)
    for channel, said in sayings:
        if channel.speaks.one_text_once and said.text.strip():
            groups[channel.network, said.position, said.text.strip().casefold()].append(channel)
    for (_network, position, _text), channels in groups.items():
        for channel in channels[1:]:
            text = _("%(network)s forbids the same text from two profiles; %(other)s says it too.") % {
                "network": channel.speaks.label,
                "other": channels[0],
            }
            yield Found(channel, position, Problem("text", text))
