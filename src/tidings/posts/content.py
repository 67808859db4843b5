"""What a post says, as a draft and as JSON: the form in which versions and templates keep it, and copies are made."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from tidings.channels.models import Channel
from tidings.media.models import Media
from tidings.posts.draft import Draft, ItemDraft, MediaUse, VariantDraft
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Workspace

Json = dict[str, Any]


def draft_of(post: Post) -> Draft:
    """The draft a kept post was made of, read anew."""
    items = tuple(_item(item) for item in post.items.prefetch_related("variants"))
    channels = tuple(post.channels.values_list("id", flat=True))
    tags = tuple(post.tags.values_list("name", flat=True))
    return Draft(channels, items or (ItemDraft(),), post.wish_at, post.note, tags)


def _item(item: Item) -> ItemDraft:
    variants = tuple(
        VariantDraft(v.channel_id, v.text, None if v.media is None else _uses(v.media), v.options)
        for v in sorted(item.variants.all(), key=lambda v: str(v.channel_id))
    )
    return ItemDraft(item.text, _uses(item.media), item.delay, variants)


def _uses(rows: Iterable[Mapping[str, Any]]) -> tuple[MediaUse, ...]:
    return tuple(MediaUse.of(row) for row in rows)


def as_json(draft: Draft) -> Json:
    """The draft as the API shows a post; the time it is meant for is no part of what it says."""
    return {
        "channels": sorted(str(id) for id in draft.channels), "items": [_item_json(item) for item in draft.items],
        "note": draft.note, "tags": list(draft.tags or ()),
    }  # fmt: skip


def _item_json(item: ItemDraft) -> Json:
    return {
        "text": item.text, "media": [use.row() for use in item.media], "delay": item.delay,
        "variants": [_variant_json(variant) for variant in item.variants],
    }  # fmt: skip


def _variant_json(variant: VariantDraft) -> Json:
    media = None if variant.media is None else [use.row() for use in variant.media]
    return {"channel": str(variant.channel), "text": variant.text, "media": media, "options": dict(variant.options)}


def from_json(kept: Mapping[str, Any]) -> Draft:
    """A draft out of what as_json made of it."""
    items = tuple(_item_of(item) for item in kept["items"])
    channels = tuple(UUID(id) for id in kept["channels"])
    return Draft(channels, items or (ItemDraft(),), None, kept["note"], tuple(kept["tags"]))


def _item_of(kept: Mapping[str, Any]) -> ItemDraft:
    variants = tuple(_variant_of(variant) for variant in kept["variants"])
    return ItemDraft(kept["text"], _uses(kept["media"]), kept["delay"], variants)


def _variant_of(kept: Mapping[str, Any]) -> VariantDraft:
    media = None if kept["media"] is None else _uses(kept["media"])
    return VariantDraft(UUID(kept["channel"]), kept["text"], media, kept["options"])


def fitting(workspace: Workspace, draft: Draft) -> Draft:
    """The draft without the channels and media that are gone since it was written."""
    channels = set(Channel.objects.filter(workspace=workspace, id__in=_named(draft)).values_list("id", flat=True))
    media = set(Media.objects.filter(workspace=workspace, id__in=draft.media_ids()).values_list("id", flat=True))
    items = tuple(_fitting_item(item, channels, media) for item in draft.items)
    return replace(draft, channels=tuple(id for id in draft.channels if id in channels), items=items)


def _named(draft: Draft) -> set[UUID]:
    return {*draft.channels, *(variant.channel for item in draft.items for variant in item.variants)}


def _fitting_item(item: ItemDraft, channels: set[UUID], media: set[UUID]) -> ItemDraft:
    variants = tuple(
        replace(v, media=None if v.media is None else _left(v.media, media)) for v in item.variants
        if v.channel in channels
    )  # fmt: skip
    return replace(item, media=_left(item.media, media), variants=variants)


def _left(uses: tuple[MediaUse, ...], media: set[UUID]) -> tuple[MediaUse, ...]:
    return tuple(use for use in uses if use.id in media)
