"""What goes in and out as JSON, for posts and deliveries."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field

from tidings.deliveries.describe import ItemShape
from tidings.deliveries.face import STATE_LABELS
from tidings.deliveries.models import Delivery
from tidings.posts.draft import Draft, plain
from tidings.speech import translated


def _sane(moment: datetime) -> datetime:
    """In UTC, and far enough from the ends of the calendar that it can be reckoned with."""
    if not 2000 <= moment.year < 2200:
        raise ValueError(_("The year must lie between 2000 and 2200."))
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_sane)]
Plain = Annotated[str, AfterValidator(plain)]  # as every database can keep it


class DraftIn(Schema):
    """A whole post as the author wants it. `tags` by their names, new ones are made; null: as they are."""

    channels: list[UUID] = Field(default_factory=list)
    items: list[ItemShape] = Field(default_factory=list)
    wish_at: Instant | None = None
    note: str = ""
    tags: list[str] | None = None

    def draft(self) -> Draft:
        """As the verbs take it."""
        items = tuple(item.draft() for item in self.items)
        tags = None if self.tags is None else tuple(self.tags)
        return Draft(tuple(self.channels), items, self.wish_at, self.note, tags)


class RevisionIn(DraftIn):
    """A changed post, and the revision the author had before them."""

    revision: int


class DeliveryOut(Schema):
    """One part of a post on its way to one channel. `url` is where it is out, `seen_at` when it was last seen there,
    `gone_at` since when it is not there any more."""

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
    note: str
    delivered_at: datetime | None
    seen_at: datetime | None
    gone_at: datetime | None


class DeliveriesOut(Schema):
    """The deliveries of a post."""

    deliveries: list[DeliveryOut]


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
        reason=translated(delivery.reason),
        url=receipt.get("url", ""),
        note=translated(receipt.get("note", "")),
        delivered_at=delivery.delivered_at,
        seen_at=delivery.seen_at,
        gone_at=delivery.gone_at if delivery.is_gone else None,
    )


def deliveries_out(deliveries: Iterable[Delivery]) -> DeliveriesOut:
    """Several of them, in the order of the thread."""
    return DeliveriesOut(deliveries=[delivery_out(delivery) for delivery in deliveries])
