"""`python -m tidings.media.press`: one order on standard input, what came of it on standard output.

A process with little memory and time, so that a hostile file takes down nothing else. No Django in here.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from PIL import Image

from tidings.media import blank, look, refuse
from tidings.media.order import Fit, Frame, Seen, Take
from tidings.media.refuse import Refused
from tidings.media.shrink import shrink
from tidings.media.strip import strip
from tidings.media.turn import repack, turn

MEMORY = 3 << 30
FILE, FILES = 1 << 30, 128  # bytes of a file beside what came in, and files that are open at once
THUMBNAIL = (480, 480)
TELLING = "thumbnail=20,"  # of so many frames the one that differs least from the others


def take(order: Take) -> Seen:
    """Clean the file in its place, look inside it, and leave a thumbnail where the order says."""
    path, thumbnail = Path(order.path), Path(order.thumbnail)
    mime = look.sniff(path)
    if mime.startswith("video/"):
        blank.blank(path, mime)
        if mime == "video/quicktime" and repack(path):
            mime = "video/mp4"
            blank.blank(path, mime)
        seen = look.look_at_film(path, mime)
        return replace(seen, thumbnail=_poster(path, mime, thumbnail))
    mime = turn(path, mime)
    path.write_bytes(strip(path.read_bytes(), mime))
    with look.open_picture(path, mime) as picture:
        seen = look.look_at_picture(picture, mime)
        _thumbnail(picture, thumbnail)
    return replace(seen, thumbnail=True)


def frame(order: Frame) -> bool:
    """Put the frame where the order says; whether there is one."""
    return _poster(Path(order.path), order.mime, Path(order.thumbnail), order.at)


def _thumbnail(picture: Image.Image, to: Path) -> None:
    small = look.eight_bits(picture).convert("RGBA" if picture.has_transparency_data else "RGB")
    small.thumbnail(THUMBNAIL)
    profile = picture.info.get("icc_profile") if picture.mode in ("RGB", "RGBA", "P") else None
    small.save(to, "WEBP", quality=80, icc_profile=profile)


def _poster(path: Path, mime: str, to: Path, at: float | None = None) -> bool:
    """A frame (None: a telling one near the start), when ffmpeg is there; without one a film is a plain tile."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return False
    kind = "matroska" if mime == "video/webm" else "mov"
    frame = to.with_suffix(".png")
    call = [ffmpeg, "-v", "error", "-nostdin", "-protocol_whitelist", "file", "-f", kind, "-threads", "1"]
    call += [*(() if at is None else ("-ss", f"{at:.3f}")), "-i", str(path), "-an", "-sn", "-dn"]
    call += ["-vf", f"{TELLING if at is None else ''}scale=960:960:force_original_aspect_ratio=decrease"]
    call += ["-frames:v", "1", "-threads", "1", "-y", str(frame)]
    try:
        subprocess.run(call, timeout=30, check=True, capture_output=True)  # noqa: S603
        with Image.open(frame, formats=("PNG",)) as picture:
            _thumbnail(picture, to)
    except (OSError, subprocess.SubprocessError):
        return False
    finally:
        frame.unlink(missing_ok=True)
    return True


def _work(order: dict[str, Any]) -> dict[str, Any]:
    verb, said = order["verb"], order["order"]
    try:
        return {"done": _VERBS[verb](said)}
    except Refused as refused:
        return {"refused": refused.reason}
    except MemoryError:
        return {"refused": refuse.GAVE_UP}
    except Exception as error:  # whatever a decoder says of a broken file
        return {"refused": refuse.DAMAGED, "because": f"{type(error).__name__}: {error}"}


_VERBS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "take": lambda said: asdict(take(Take(**said))),
    "fit": lambda said: asdict(shrink(Fit(**said))),
    "frame": lambda said: frame(Frame(**said)),
}


def _bind(seconds: int, came: int = 0) -> None:
    """Take away memory, time, disk and core dumps. Not every system lets us; the caller's own time-out stays."""
    limits = (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, FILE + 2 * came), (resource.RLIMIT_NOFILE, FILES),
    )  # fmt: skip
    for what, most in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _size(said: dict[str, Any]) -> int:
    """How large the file is that came in."""
    with suppress(OSError, KeyError):
        return os.stat(said["path"]).st_size
    return 0


def main() -> None:
    """Do the one order."""
    order = json.load(sys.stdin)
    _bind(int(order["seconds"]), _size(order["order"]))
    answer = json.dumps(_work(order))
    os.write(sys.__stdout__.fileno(), b"\n" + answer.encode())  # type: ignore[union-attr]  # it has one


if __name__ == "__main__":
    main()
