"""The picture that stands for a film: one of its frames, cut out by the press, or one that a person brings."""

import io
import math
import shutil
from pathlib import Path
from typing import IO

from tidings.media import bench, refuse
from tidings.media.aside import aside
from tidings.media.models import Media
from tidings.media.order import Frame
from tidings.media.portray import LARGEST, small
from tidings.media.refuse import Refused
from tidings.media.store import store
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require


def choose(member: Member, media: Media, at: float) -> Media:
    """The frame `at` so many seconds is the film's thumbnail from now on; raises Refused."""
    require(member, "write")
    if media.kind != "film" or not math.isfinite(at) or not 0 <= at <= media.seconds + 1:
        raise Refused(refuse.NO_FRAME)
    if not possible():
        raise Refused(refuse.NO_FFMPEG)
    with aside() as folder:
        made = folder / "thumbnail.webp"
        _cut(media, made, at)
        size = made.stat().st_size
        return _kept(media, store().adopt(made, "webp"), size, at)


def bring(member: Member, media: Media, file: IO[bytes]) -> Media:
    """The picture that the stream gives is the film's thumbnail from now on; raises Refused."""
    require(member, "write")
    if media.kind != "film":
        raise Refused(refuse.NO_FILM)
    picture = small(file, LARGEST)
    if not picture:
        raise Refused(refuse.NO_PICTURE)
    return _kept(media, store().put(io.BytesIO(picture), "webp"), len(picture), None)


def lend(member: Member, media: Media, picture: Media) -> Media:
    """The same of a picture that is in the library: a small copy of it, which stays when that one goes."""
    if picture.kind == "film" or not picture.thumbnail:
        raise Refused(refuse.NO_PICTURE)
    try:
        with store().open(picture.thumbnail) as file:
            return bring(member, media, file)
    except FileNotFoundError:
        raise Refused(refuse.GONE) from None


def _kept(media: Media, key: str, size: int, at: float | None) -> Media:
    before = media.thumbnail
    media.thumbnail, media.thumbnail_size, media.poster_at = key, size, at
    media.save(update_fields=("thumbnail", "thumbnail_size", "poster_at"))
    if before:
        store().delete(before)
    return media


def possible() -> bool:
    """Whether ffmpeg is at hand."""
    return shutil.which("ffmpeg") is not None


def _cut(media: Media, made: Path, at: float) -> None:
    try:
        with store().local(media.key) as path:
            seen = bench.frame(Frame(str(path), str(made), media.mime, min(at, max(0.0, media.seconds - 0.1))))
    except FileNotFoundError:
        raise Refused(refuse.GONE) from None
    if not seen:
        raise Refused(refuse.NO_FRAME)
