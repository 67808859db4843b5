"""Fit media to what a network takes: renditions, made once for equal limits, when first needed."""

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from tidings.media import bench, public, refuse
from tidings.media.aside import aside
from tidings.media.crop import Box, Crop
from tidings.media.models import Media, Rendition
from tidings.media.order import EXTENSIONS, Fit
from tidings.media.refuse import Refused
from tidings.media.store import store
from tidings.networks import base
from tidings.networks.errors import Rejected

WRITTEN = ("image/jpeg", "image/png", "image/webp")  # what a copy can be


@dataclass(frozen=True)
class Aim:
    """What a copy must be. Bytes and pixels at most; 0: no limit. `box`: of which part; None: of the whole."""

    mime: str
    size: int
    pixels: int
    box: Box | None = None

    @property
    def name(self) -> str:
        """The same for equal aims; what Rendition.fits says."""
        part = f" {self.box}" if self.box else ""
        return hashlib.sha256(f"{self.mime} {self.size} {self.pixels}{part}".encode()).hexdigest()[:16]


def aim(media: Media, limits: base.Limits, crop: Crop | None = None) -> Aim | None:
    """What to make of it for these limits; None: the original fits, or no copy could help."""
    if media.kind != "picture" or not limits.pictures or (crop is None and _fits(media, limits)):
        return None
    box = crop.box(media.width, media.height) if crop else None
    mime = media.mime if box and media.mime in WRITTEN and media.mime in limits.picture_types else None
    return Aim(mime or _type(media, limits.picture_types), limits.picture_bytes, limits.picture_pixels, box)


def _fits(media: Media, limits: base.Limits) -> bool:
    small = not limits.picture_bytes or media.size <= limits.picture_bytes
    few = not limits.picture_pixels or media.width * media.height <= limits.picture_pixels
    return small and few and media.mime in limits.picture_types


def _type(media: Media, types: tuple[str, ...]) -> str:
    """PNG where something shows through; otherwise JPEG, which is smallest for the same look."""
    ranked = ("image/jpeg", "image/png", "image/webp")
    if media.alpha:
        ranked = ("image/png", "image/webp", "image/jpeg")
    return next((mime for mime in ranked if mime in types), "image/jpeg")


def fit(media: Media, limits: base.Limits, crop: Crop | None = None) -> Rendition | None:
    """The rendition for these limits, made now if need be; None: the original goes out. Raises Refused."""
    wanted = aim(media, limits, crop)
    if wanted is None:
        return None
    return media.renditions.filter(fits=wanted.name).first() or _make(media, wanted)


def _make(media: Media, wanted: Aim) -> Rendition:
    with aside() as folder, _local(media.key) as path:
        out = folder / "rendition"
        fitted = bench.fit(Fit(str(path), str(out), media.mime, wanted.mime, wanted.size, wanted.pixels, wanted.box))
        key = store().adopt(out, EXTENSIONS[wanted.mime])
    try:
        with transaction.atomic():
            return media.renditions.create(
                fits=wanted.name, mime=wanted.mime, key=key,
                size=fitted.size, width=fitted.width, height=fitted.height,
            )  # fmt: skip
    except IntegrityError:  # another worker made the same one meanwhile, or the media is gone
        store().delete(key)
        made = media.renditions.filter(fits=wanted.name).first()
        if made is None:
            raise Refused(refuse.GONE) from None
        return made


@contextmanager
def _local(key: str) -> Iterator[Path]:
    try:
        with store().local(key) as path:
            yield path
    except FileNotFoundError:
        raise Refused(refuse.GONE) from None


def piece(media: Media, alt: str, limits: base.Limits, crop: Crop | None = None) -> base.Rendition:
    """What a network gets of it, bytes once it is opened; `size` is at most that until a copy is made."""
    wanted = aim(media, limits, crop)
    made = media.renditions.filter(fits=wanted.name).first() if wanted else None
    mime, size, width, height = media.mime, media.size, media.width, media.height
    if made:
        mime, size, width, height = made.mime, made.size, made.width, made.height
    elif wanted:
        mime, size = wanted.mime, min(media.size, wanted.size or media.size)
        width, height = _measures(wanted, width, height)
    return base.Rendition(
        _kind(media), mime, size, width, height, media.seconds, alt, _name(media, mime), str(media.id),
        partial(_open, media, limits, crop), partial(link, media, limits, crop=crop),
    )  # fmt: skip


def _measures(wanted: Aim, width: int, height: int) -> tuple[int, int]:
    """How wide and high the copy will be at most."""
    if wanted.box:
        left, top, right, bottom = wanted.box
        width, height = right - left, bottom - top
    scale = math.sqrt(min(1.0, wanted.pixels / max(1, width * height))) if wanted.pixels else 1.0
    return int(width * scale), int(height * scale)


def _kind(media: Media) -> base.Kind:
    kinds: dict[str, base.Kind] = {"picture": "picture", "animation": "animation", "film": "film"}
    return kinds[media.kind]


def _name(media: Media, mime: str) -> str:
    return f"{Path(media.name).stem or 'file'}.{EXTENSIONS[mime]}"


def _give_back() -> None:
    """A sender thread has minutes of the network before it: it must not keep a connection of the pool that long."""
    if not connection.in_atomic_block:
        connection.close()


def _open(media: Media, limits: base.Limits, crop: Crop | None = None) -> IO[bytes]:
    """The bytes that go out; what cannot be made is the author's to change, so the delivery is rejected."""
    try:
        copy = fit(media, limits, crop)
        _give_back()
        return store().open(copy.key if copy else media.key)
    except Refused as refused:
        raise Rejected(_(refused.reason)) from refused
    except FileNotFoundError as error:
        raise Rejected(_(refuse.GONE)) from error


def link(
    media: Media, limits: base.Limits, lasts: timedelta | None = public.DAY, crop: Crop | None = None
) -> str:
    """A public address of what goes out, for networks that fetch; None: for as long as there is the medium.

    The copy is made before, so that whoever fetches does not wait. Raises Rejected as opening does.
    """
    with _open(media, limits, crop):
        wanted = aim(media, limits, crop)
    return public.address(media, wanted.name if wanted else "", wanted.mime if wanted else media.mime, lasts)
