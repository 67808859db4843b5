"""What an author hands in: a draft as frozen values, tidied and held to sane sizes. No database in here."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tidings.media.crop import Crop

ITEMS = 50
TEXT = 100_000  # characters; no network takes more
ALT = 10_000
NOTE = 5_000
MEDIA = 50  # per item
CHANNELS = 100
OPTIONS = 20_000  # characters of JSON, per variant
DELAY = 31 * 24 * 3600  # seconds


class Invalid(Exception):
    """The draft cannot be kept as it is; `fields` says what is wrong where."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True)
class MediaUse:
    """One picture or film in its place, with the words for those who cannot see it, and the part that is used."""

    id: UUID
    alt: str = ""
    crop: Crop | None = None

    def row(self) -> dict[str, Any]:
        """As an item's row keeps it."""
        part = {"crop": self.crop.row()} if self.crop else {}
        return {"id": str(self.id), "alt": self.alt, **part}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "MediaUse":
        """Out of an item's row."""
        return cls(UUID(row["id"]), row.get("alt", ""), Crop.of(row.get("crop")))


@dataclass(frozen=True)
class VariantDraft:
    """How one channel says an item. None: as the item says."""

    channel: UUID
    text: str | None = None
    media: tuple[MediaUse, ...] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemDraft:
    """One part of a thread; `delay` is seconds after the part before."""

    text: str = ""
    media: tuple[MediaUse, ...] = ()
    delay: int = 0
    variants: tuple[VariantDraft, ...] = ()

    def variant(self, channel: UUID) -> VariantDraft | None:
        """The variant of this channel, if it says the item differently."""
        return next((v for v in self.variants if v.channel == channel), None)


@dataclass(frozen=True)
class Draft:
    """A whole post as the author wants it."""

    channels: tuple[UUID, ...] = ()
    items: tuple[ItemDraft, ...] = (ItemDraft(),)
    wish_at: datetime | None = None
    note: str = ""
    tags: tuple[str, ...] | None = None  # names; None: as they are

    def media_ids(self) -> set[UUID]:
        """Every picture and film that is used anywhere in it."""
        variants = [v for item in self.items for v in item.variants]
        lists = [item.media for item in self.items] + [v.media or () for v in variants]
        return {use.id for uses in lists for use in uses}


def tidy(draft: Draft) -> Draft:
    """The draft with its texts normalised and its doubles gone; raises Invalid when a size is not sane."""
    items = tuple(_tidy_item(item) for item in draft.items) or (ItemDraft(),)
    clean = replace(draft, channels=tuple(dict.fromkeys(draft.channels)), items=items, note=plain(draft.note))
    problems = dict(_problems(clean))
    if problems:
        raise Invalid(problems)
    return replace(clean, wish_at=clean.wish_at and clean.wish_at.astimezone(UTC))


def plain(text: str) -> str:
    """One way to write it: NFC, line feeds only, no NUL and no lone surrogates (neither can be stored)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())


def _tidy_item(item: ItemDraft) -> ItemDraft:
    variants = {v.channel: _tidy_variant(v) for v in item.variants}
    return replace(item, text=plain(item.text), media=_tidy_media(item.media), variants=tuple(variants.values()))


def _tidy_variant(variant: VariantDraft) -> VariantDraft:
    text = None if variant.text is None else plain(variant.text)
    media = None if variant.media is None else _tidy_media(variant.media)
    return replace(variant, text=text, media=media)


def _tidy_media(uses: tuple[MediaUse, ...]) -> tuple[MediaUse, ...]:
    return tuple(replace(use, alt=plain(use.alt), crop=use.crop and use.crop.tidy()) for use in uses)


def _problems(draft: Draft) -> Iterator[tuple[str, str]]:
    if len(draft.channels) > CHANNELS:
        yield "channels", _("A post goes to at most %(most)d channels.") % {"most": CHANNELS}
    if len(draft.items) > ITEMS:
        yield "items", _("A thread has at most %(most)d parts.") % {"most": ITEMS}
    if len(draft.note) > NOTE:
        yield "note", _("A note has at most %(most)d characters.") % {"most": NOTE}
    if draft.wish_at and draft.wish_at.tzinfo is None:
        yield "wish_at", _("The time needs its offset from UTC.")
    for place, item in enumerate(draft.items):
        yield from _item_problems(f"items.{place}", item)


def _item_problems(where: str, item: ItemDraft) -> Iterator[tuple[str, str]]:
    if not 0 <= item.delay <= DELAY:
        yield f"{where}.delay", _("A part follows the one before within 31 days.")
    yield from _said_problems(where, item.text, item.media)
    for variant in item.variants:
        at = f"{where}.variants.{variant.channel}"
        yield from _said_problems(at, variant.text or "", variant.media or ())
        if len(json.dumps(dict(variant.options), default=str)) > OPTIONS:
            yield f"{at}.options", _("These options are too large.")
        if not _storable(variant.options):
            yield f"{at}.options", _("These options hold something that cannot be kept.")


def _storable(options: Mapping[str, Any]) -> bool:
    """Whether every database can keep it: neither NUL, nor lone surrogates, nor numbers that are none."""
    try:
        text = json.dumps(dict(options), default=str, allow_nan=False, ensure_ascii=False)
        text.encode()
    except ValueError:
        return False
    return "\\u0000" not in text


def _said_problems(where: str, text: str, media: tuple[MediaUse, ...]) -> Iterator[tuple[str, str]]:
    if len(text) > TEXT:
        yield f"{where}.text", _("A text has at most %(most)d characters.") % {"most": TEXT}
    if len(media) > MEDIA:
        yield f"{where}.media", _("A part has at most %(most)d pictures and films.") % {"most": MEDIA}
    if len({use.id for use in media}) != len(media):
        yield f"{where}.media", _("The same picture or film is there twice.")
    if any(use.crop and not use.crop.sane for use in media):
        yield f"{where}.media", _("What is cut out of a picture has to lie within it.")
    if any(len(use.alt) > ALT for use in media):
        yield f"{where}.media", _("A description has at most %(most)d characters.") % {"most": ALT}
