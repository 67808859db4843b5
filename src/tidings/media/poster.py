"""The frame that stands for a film: chosen by a person, cut out by the press."""

import math
import shutil
from pathlib import Path

from tidings.media import bench, refuse
from tidings.media.aside import aside
from tidings.media.models import Media
from tidings.media.order import Frame
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
    before = media.thumbnail
    with aside() as folder:
        small = folder / "thumbnail.webp"
        _cut(media, small, at)
        media.thumbnail_size = small.stat().st_size
        media.thumbnail, media.poster_at = store().adopt(small, "webp"), at
    media.save(update_fields=("thumbnail", "thumbnail_size", "poster_at"))
    if before:
        store().delete(before)
    return media


def possible() -> bool:
    """Whether ffmpeg is at hand."""
    return shutil.which("ffmpeg") is not None


def _cut(media: Media, small: Path, at: float) -> None:
    try:
        with store().local(media.key) as path:
            seen = bench.frame(Frame(str(path), str(small), media.mime, min(at, max(0.0, media.seconds - 0.1))))
    except FileNotFoundError:
        raise Refused(refuse.GONE) from None
    if not seen:
        raise Refused(refuse.NO_FRAME)
