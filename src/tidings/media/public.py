"""Addresses from which networks fetch pictures and films: signed, each for one file, and only for a while.

Whoever has the address has the file, and nobody can make one, or turn one into another file's. Medium, copy and end
stand in it and are signed, so nothing is kept about it, and there is nothing to list.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.core.signing import BadSignature, Signer

from tidings.core import clock
from tidings.media.models import Media, Rendition
from tidings.media.order import EXTENSIONS
from tidings.media.storage import Held
from tidings.media.store import store
from tidings.settings import settings

DAY = timedelta(days=1)
PROBE = Path(__file__).with_name("probe.jpg")  # belongs to nobody: anybody may see it
_PROBE = "probe"


class Unknown(Exception):
    """No address that we gave."""


class Over(Exception):
    """We gave it, but its time is over, or its medium was deleted."""


@dataclass(frozen=True)
class Shown:
    """A file for everybody who has its address, until `ends` (None: as long as there is the medium)."""

    held: Held
    mime: str
    name: str
    ends: datetime | None


def address(media: Media, fits: str, mime: str, lasts: timedelta | None = DAY) -> str:
    """Where anybody can fetch the copy that `fits` (empty: the original), which is there. It does not tell the file's
    own name."""
    return _signed(f"{media.id.hex}.{fits}", f"{media.kind}.{EXTENSIONS[mime]}", lasts)


def probe(lasts: timedelta = timedelta(hours=1)) -> str:
    """A fresh address of a picture that the program brings along, to see whether it can be fetched."""
    return _signed(f"{_PROBE}.{secrets.token_hex(8)}", "picture.jpg", lasts)


def _signer() -> Signer:
    return Signer(sep=".", salt="tidings.media.public")


def _signed(what: str, name: str, lasts: timedelta | None) -> str:
    ends = "" if lasts is None else int((clock.now() + lasts).timestamp())
    return f"{settings().url}/m/{_signer().sign(f'{what}.{ends}')}/{name}"


def opened(token: str, name: str) -> Shown:
    """The file behind an address; raises Unknown or Over."""
    try:
        what, part, end = _signer().unsign(token).split(".")
    except BadSignature:
        raise Unknown from None
    ends = datetime.fromtimestamp(int(end), UTC) if end else None
    if ends and clock.now() >= ends:
        raise Over
    shown = _brought(ends) if what == _PROBE else _kept(UUID(what), part, ends)
    if name != shown.name:
        raise Unknown
    return shown


def _brought(ends: datetime | None) -> Shown:
    found = PROBE.stat()
    return Shown(Held(found.st_size, found.st_mtime, PROBE), "image/jpeg", "picture.jpg", ends)


def _kept(id: UUID, fits: str, ends: datetime | None) -> Shown:
    media = Media.objects.filter(id=id).first()
    copy: Media | Rendition | None = media.renditions.filter(fits=fits).first() if media and fits else media
    if media is None or copy is None:
        raise Over
    try:
        held = store().look(copy.key)
    except FileNotFoundError:
        raise Over from None
    return Shown(held, copy.mime, f"{media.kind}.{EXTENSIONS[copy.mime]}", ends)
