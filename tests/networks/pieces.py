"""Media for the tests of networks: small and real, and declared as large, wide or long as a refusal needs them.

What is declared stays true as far as it is cheap: a picture of up to 4 megapixels has its size in pixels, and a file of
up to 64 MB its size in bytes (zeros at its end). Beyond that the bytes are those of a small one, and only the
declaration is large; so a network that looks refuses by what it is told.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from PIL import Image

from tests.media import films
from tidings.networks.base import Kind, Rendition
from tidings.simulators import _shapes
from tidings.simulators.base import Simulator

MOST_PIXELS, MOST_BYTES = 4_000_000, 64_000_000
FORMATS = {
    "image/jpeg": ("JPEG", "jpg"), "image/png": ("PNG", "png"), "image/webp": ("WEBP", "webp"),
    "image/gif": ("GIF", "gif"),
}
FILMS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "video/mp4": (films.film, "mp4"), "video/quicktime": (lambda: films.film(brand=b"qt  "), "mov"),
    "video/webm": (films.webm, "webm"),
}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def picture(
    width: int = 64, height: int = 48, mime: str = "image/jpeg", size: int = 0, *, alt: str = "A blue field",
    name: str = "", public: str = "",
) -> Rendition:
    """One picture; `public` is the address where a network that fetches will find it."""
    as_, ending = FORMATS.get(mime, ("JPEG", mime.rpartition("/")[2]))
    drawn = (width, height) if width * height <= MOST_PIXELS else (64, 48)
    data = _drawn(*drawn, as_, 1)
    return _piece("picture", mime, data, size, name or f"blue.{ending}", public, width=width, height=height, alt=alt)


def animation(
    width: int = 64, height: int = 48, size: int = 0, *, seconds: float = 1.0, alt: str = "A field that blinks",
    name: str = "blink.gif", public: str = "",
) -> Rendition:
    """A GIF of two pictures."""
    told = {"width": width, "height": height, "seconds": seconds, "alt": alt}
    return _piece("animation", "image/gif", _drawn(64, 48, "GIF", 2), size, name, public, **told)


def film(
    seconds: float = 12.0, size: int = 0, width: int = 640, height: int = 360, mime: str = "video/mp4", *,
    alt: str = "Waves", name: str = "", public: str = "",
) -> Rendition:
    """A film; whatever is declared, its bytes are two seconds of 320 × 180."""
    make, ending = FILMS.get(mime, (films.film, mime.rpartition("/")[2]))
    told = {"width": width, "height": height, "seconds": seconds, "alt": alt}
    return _piece("film", mime, make(), size, name or f"waves.{ending}", public, **told)


def document(
    mime: str = "application/pdf", size: int = 0, *, alt: str = "", name: str = "plan.pdf", public: str = ""
) -> Rendition:
    """A page of nothing."""
    return _piece("document", mime, PDF, size, name, public, alt=alt)


def sound(seconds: float = 3.0, size: int = 0, mime: str = "audio/mpeg", *, name: str = "song.mp3") -> Rendition:
    """Something to be refused: nothing takes it in here."""
    return _piece("sound", mime, b"ID3" + bytes(61), size, name, "", seconds=seconds)


def served(simulator: Simulator, piece: Rendition) -> Rendition:
    """The same, at an address where a network that fetches finds its very bytes."""
    name = f"{piece.size}-{piece.name}"
    _shapes.files()[name] = (piece.mime, piece.read())
    return replace(piece, public=lambda lasts=None: simulator.sample(name))


@cache
def _drawn(width: int, height: int, as_: str, frames: int) -> bytes:
    raw, colours = io.BytesIO(), ((30, 90, 160), (160, 90, 30))
    first, *more = [Image.new("RGB", (width, height), colour) for colour in colours[:frames]]
    first.save(raw, as_, **({"save_all": True, "append_images": more} if more else {}))
    return raw.getvalue()


def _piece(kind: Kind, mime: str, data: bytes, size: int, name: str, public: str, **told: Any) -> Rendition:
    more = size - len(data) if len(data) < size <= MOST_BYTES else 0
    if public:
        told["public"] = lambda lasts=None: public
    return Rendition(kind, mime, size or len(data), name=name, open=lambda: io.BytesIO(data + bytes(more)), **told)
