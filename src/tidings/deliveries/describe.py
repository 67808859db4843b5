"""A post as JSON, in and out. The API and the composer page say the same."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from tidings.deliveries.face import face
from tidings.media.crop import Crop
from tidings.posts.draft import ItemDraft, MediaUse, VariantDraft
from tidings.posts.models import Item, Post


class MediaUseShape(BaseModel):
    """One picture or film in its place. `crop` is the part of a picture that is used, null: the whole."""

    id: UUID
    alt: str = ""
    crop: Crop | None = None

    def use(self) -> MediaUse:
        """As the verbs take it."""
        return MediaUse(self.id, self.alt, self.crop)


class VariantShape(BaseModel):
    """How one channel says an item; null: as the item says."""

    channel: UUID
    text: str | None = None
    media: list[MediaUseShape] | None = None
    options: dict[str, Any] = Field(default_factory=dict)

    def draft(self) -> VariantDraft:
        """As the verbs take it."""
        media = None if self.media is None else tuple(use.use() for use in self.media)
        return VariantDraft(self.channel, self.text, media, self.options)


class ItemShape(BaseModel):
    """One part of a thread; `delay` is seconds after the part before."""

    text: str = ""
    media: list[MediaUseShape] = Field(default_factory=list)
    delay: int = 0
    variants: list[VariantShape] = Field(default_factory=list)

    def draft(self) -> ItemDraft:
        """As the verbs take it."""
        media = tuple(use.use() for use in self.media)
        return ItemDraft(self.text, media, self.delay, tuple(v.draft() for v in self.variants))


class PostShape(BaseModel):
    """A post as it is kept. `face` is the one word for people."""

    id: UUID
    revision: int
    stage: str
    face: str
    channels: list[UUID]
    items: list[ItemShape]
    wish_at: datetime | None
    note: str
    tags: list[str]


def described(post: Post) -> PostShape:
    """A post with its items, read anew."""
    items = [_item(item) for item in post.items.prefetch_related("variants")]
    channels = list(post.channels.values_list("id", flat=True))
    return PostShape(
        id=post.id,
        revision=post.revision,
        stage=post.stage,
        face=face(post, post.deliveries.all()),
        channels=channels,
        items=items,
        wish_at=post.wish_at,
        note=post.note,
        tags=list(post.tags.values_list("name", flat=True)),
    )


def _item(item: Item) -> ItemShape:
    variants = [
        VariantShape(channel=v.channel_id, text=v.text, media=_uses(v.media), options=v.options)
        for v in item.variants.all()
    ]
    return ItemShape(text=item.text, media=_uses(item.media) or [], delay=item.delay, variants=variants)


def _uses(media: list[dict[str, Any]] | None) -> list[MediaUseShape] | None:
    return None if media is None else [MediaUseShape(**use) for use in media]
