"""What goes in and out as JSON, for posts and deliveries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from tidings.deliveries.face import STATE_LABELS, face
from tidings.deliveries.models import Delivery
from tidings.posts.draft import Draft, ItemDraft, MediaUse, VariantDraft
from tidings.posts.models import Item, Post


class MediaUseJson(Schema):
    """One picture or film in its place."""

    id: UUID
    alt: str = ""

    def use(self) -> MediaUse:
        """As the verbs take it."""
        return MediaUse(self.id, self.alt)


class VariantJson(Schema):
    """How one channel says an item; null: as the item says."""

    channel: UUID
    text: str | None = None
    media: list[MediaUseJson] | None = None
    options: dict[str, Any] = Field(default_factory=dict)

    def draft(self) -> VariantDraft:
        """As the verbs take it."""
        media = None if self.media is None else tuple(use.use() for use in self.media)
        return VariantDraft(self.channel, self.text, media, self.options)


class ItemJson(Schema):
    """One part of a thread; `delay` is seconds after the part before."""

    text: str = ""
    media: list[MediaUseJson] = Field(default_factory=list)
    delay: int = 0
    variants: list[VariantJson] = Field(default_factory=list)

    def draft(self) -> ItemDraft:
        """As the verbs take it."""
        media = tuple(use.use() for use in self.media)
        return ItemDraft(self.text, media, self.delay, tuple(v.draft() for v in self.variants))


class DraftIn(Schema):
    """A whole post as the author wants it."""

    channels: list[UUID] = Field(default_factory=list)
    items: list[ItemJson] = Field(default_factory=list)
    wish_at: AwareDatetime | None = None
    note: str = ""

    def draft(self) -> Draft:
        """As the verbs take it."""
        return Draft(tuple(self.channels), tuple(item.draft() for item in self.items), self.wish_at, self.note)


class RevisionIn(DraftIn):
    """A changed post, and the revision the author had before them."""

    revision: int


class PostOut(Schema):
    """A post as it is kept. `face` is the one word for people."""

    id: UUID
    revision: int
    stage: str
    face: str
    channels: list[UUID]
    items: list[ItemJson]
    wish_at: datetime | None
    note: str


class DeliveryOut(Schema):
    """One part of a post on its way to one channel. `url` is where it is out."""

    id: UUID
    post: UUID
    channel: UUID
    position: int
    state: str
    label: str
    due_at: datetime
    tries: int
    reason: str
    url: str
    delivered_at: datetime | None


class DeliveriesOut(Schema):
    """The deliveries of a post."""

    deliveries: list[DeliveryOut]


def post_out(post: Post) -> PostOut:
    """A post with its items, read anew."""
    items = [_item(item) for item in post.items.prefetch_related("variants")]
    channels = list(post.channels.values_list("id", flat=True))
    return PostOut(
        id=post.id,
        revision=post.revision,
        stage=post.stage,
        face=face(post, post.deliveries.all()),
        channels=channels,
        items=items,
        wish_at=post.wish_at,
        note=post.note,
    )


def _item(item: Item) -> ItemJson:
    variants = [
        VariantJson(channel=v.channel_id, text=v.text, media=_uses(v.media), options=v.options)
        for v in item.variants.all()
    ]
    return ItemJson(text=item.text, media=_uses(item.media) or [], delay=item.delay, variants=variants)


def _uses(media: list[dict[str, Any]] | None) -> list[MediaUseJson] | None:
    return None if media is None else [MediaUseJson(**use) for use in media]


def delivery_out(delivery: Delivery) -> DeliveryOut:
    """One delivery, its item's position included."""
    receipt = delivery.receipt or {}
    return DeliveryOut(
        id=delivery.id,
        post=delivery.post_id,
        channel=delivery.channel_id,
        position=delivery.item.position,
        state=delivery.state,
        label=str(STATE_LABELS[delivery.state]),
        due_at=delivery.due_at,
        tries=delivery.tries,
        reason=delivery.reason,
        url=receipt.get("url", ""),
        delivered_at=delivery.delivered_at,
    )


def deliveries_out(deliveries: Iterable[Delivery]) -> DeliveriesOut:
    """Several of them, in the order of the thread."""
    return DeliveriesOut(deliveries=[delivery_out(delivery) for delivery in deliveries])
