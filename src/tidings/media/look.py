"""Look inside a file: its type by content, never by name, and what it measures. Runs in the press."""

import warnings
from pathlib import Path
from typing import Any

import pi_heif
from PIL import Image
from pymediainfo import MediaInfo

from tidings.media import refuse
from tidings.media.order import Seen
from tidings.media.refuse import Refused

MOST_PIXELS = 100_000_000
MOST_BYTES = 200_000_000
_FORMATS = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF",
    "image/webp": "WEBP", "image/heic": "HEIF", "image/avif": "AVIF",
}  # fmt: skip
_STARTS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"))
KNOWN_AS = {"AVC": "H.264", "HEVC": "H.265", "MPEG Audio": "MP3"}
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OLD_MOVIE = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}  # QuickTime before it had a file type box

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
pi_heif.register_heif_opener()


def sniff(path: Path) -> str:
    """The type, from the first bytes; raises Refused for everything that is not published."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused(refuse.EMPTY)
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64]:
        return "video/webm"
    if head[4:8] in _OLD_MOVIE:
        return "video/quicktime"
    found = next((mime for start, mime in _STARTS if head.startswith(start)), None)
    if found is None:
        raise Refused(refuse.UNKNOWN)
    return found


def _by_brand(head: bytes) -> str:
    brand, others = head[8:12], head[16 : min(int.from_bytes(head[:4], "big"), len(head))]
    if brand in (b"avif", b"avis") or (brand in (b"mif1", b"msf1") and b"avif" in others):
        return "image/avif"
    if brand in _HEIF:
        return "image/heic"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def open_picture(path: Path, mime: str) -> Image.Image:
    """The picture with only its head read; raises Refused when it is a bomb or nonsense."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused(refuse.TOO_HEAVY)
    try:
        return Image.open(path, formats=(_FORMATS[mime],))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused(refuse.TOO_MANY_PIXELS) from error


def moves(picture: Image.Image) -> bool:
    """Whether it is an animation; a JPEG or HEIC with several pictures is none."""
    return picture.format in ("GIF", "WEBP", "PNG", "AVIF") and bool(getattr(picture, "is_animated", False))


def look_at_picture(picture: Image.Image, mime: str) -> Seen:
    """What a picture is; decodes it whole, so that what is cut off or broken is found out."""
    picture.load()
    kind = "animation" if moves(picture) else "picture"
    return Seen(kind, mime, picture.width, picture.height, alpha=shows_through(picture))


def shows_through(picture: Image.Image) -> bool:
    """Whether any of its pixels is not opaque."""
    if not picture.has_transparency_data:
        return False
    lowest, _highest = picture.convert("RGBA").getchannel("A").getextrema()
    return isinstance(lowest, int) and lowest < 255


def eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of sixteen bits brought to eight; Pillow's own conversion would cut off instead of scale."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point([v // 256 for v in range(65536)], "L")


def look_at_film(path: Path, mime: str) -> Seen:
    """What a film is, as its own tables say: size as shown (rotated), length in seconds."""
    tracks = MediaInfo.parse(path, mediainfo_options={"File_TestContinuousFileNames": "0"}).tracks
    videos = [track for track in tracks if track.track_type == "Video"]
    if not videos:
        raise Refused(refuse.SOUND_ONLY if any(t.track_type == "Audio" for t in tracks) else refuse.DAMAGED)
    width, height = int(videos[0].width or 0), int(videos[0].height or 0)
    if not width or not height:
        raise Refused(refuse.DAMAGED)
    if round(float(videos[0].rotation or 0)) % 180 == 90:
        width, height = height, width
    return Seen("film", mime, width, height, _seconds(tracks), codecs=_codecs(tracks))


def _codecs(tracks: list[Any]) -> str:
    """What picture and sound are coded in, by the names that people know."""
    found = [str(track.format) for kind in ("Video", "Audio") for track in tracks if track.track_type == kind]
    return ", ".join(dict.fromkeys(KNOWN_AS.get(name, name) for name in found if name != "None"))[:100]


def _seconds(tracks: list[Any]) -> float:
    return max((float(track.duration or 0) for track in tracks), default=0.0) / 1000
