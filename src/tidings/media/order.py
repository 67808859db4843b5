"""What is said between the program and the press: orders going in, findings coming out. No Django in here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """What a file is, found by looking inside. `seconds` of films only; `alpha`: something shows through."""

    kind: str
    mime: str
    width: int
    height: int
    seconds: float = 0.0
    alpha: bool = False
    thumbnail: bool = False
    codecs: str = ""


@dataclass(frozen=True)
class Take:
    """Look inside, clean the file in its place, and put a thumbnail beside it."""

    path: str
    thumbnail: str


@dataclass(frozen=True)
class Frame:
    """Put the frame of a film at so many seconds where the thumbnail is to be."""

    path: str
    thumbnail: str
    mime: str
    at: float


@dataclass(frozen=True)
class Fit:
    """Make a copy of type `mime` at `out`, at most `size` bytes and `pixels` pixels (0: no limit)."""

    path: str
    out: str
    source: str  # the original's type
    mime: str
    size: int
    pixels: int
    box: tuple[int, int, int, int] | None = None  # the part to take: left, top, right, bottom


@dataclass(frozen=True)
class Fitted:
    """What came of a Fit."""

    width: int
    height: int
    size: int


EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}
