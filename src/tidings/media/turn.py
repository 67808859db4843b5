"""Turn what few can show into what everybody takes, and pictures the way their camera was held. Runs in the press.

HEIC and AVIF become JPEG (PNG where something shows through), a moving WEBP or PNG becomes GIF, and with ffmpeg at
hand a QuickTime film is put into an MP4, its picture and sound untouched.
"""

import shutil
import subprocess
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence, JpegImagePlugin

from tidings.media import refuse
from tidings.media.look import MOST_PIXELS, look_at_film, moves, open_picture, shows_through
from tidings.media.order import Seen
from tidings.media.refuse import Refused

_ORIENTATION = 0x0112


def turn(path: Path, mime: str) -> str:
    """Turn the picture in its place where that is needed; its type from now on."""
    with open_picture(path, mime) as picture:
        if moves(picture):
            return _moving(picture, path, mime)
        if mime not in ("image/heic", "image/avif"):
            if picture.getexif().get(_ORIENTATION, 1) in range(2, 9):
                _save(ImageOps.exif_transpose(picture), path, mime, picture)
            return mime
        picture.load()
        mime = "image/png" if shows_through(picture) else "image/jpeg"
        upright = ImageOps.exif_transpose(picture)
        _save(upright if mime == "image/png" else upright.convert("RGB"), path, mime, picture)
        return mime


def _save(picture: Image.Image, path: Path, mime: str, before: Image.Image) -> None:
    profile = before.info.get("icc_profile")
    if mime == "image/jpeg":
        known = isinstance(before, JpegImagePlugin.JpegImageFile)
        sampling = JpegImagePlugin.get_sampling(before) if known else 0
        picture.save(path, "JPEG", quality=95, subsampling=max(sampling, 0), icc_profile=profile)
    elif mime == "image/webp":
        picture.save(path, "WEBP", quality=95, icc_profile=profile)
    else:
        picture.save(path, "PNG", icc_profile=profile)


def _moving(picture: Image.Image, path: Path, mime: str) -> str:
    if mime == "image/avif":
        raise Refused(refuse.MOVING_AVIF)
    if mime == "image/gif":
        return mime
    if picture.width * picture.height * getattr(picture, "n_frames", 1) > 4 * MOST_PIXELS:
        raise Refused(refuse.TOO_MANY_PIXELS)
    frames, lasting = [], []
    for frame in ImageSequence.Iterator(picture):
        frames.append(frame.convert("RGBA"))
        lasting.append(int(frame.info.get("duration") or 100))
    rest = frames[1:]
    frames[0].save(path, "GIF", save_all=True, append_images=rest, duration=lasting, loop=0, disposal=2)
    return "image/gif"


def repack(path: Path) -> bool:
    """Put a QuickTime film into an MP4 in its place; False, and nothing done, where that cannot be."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return False
    out = path.with_name(f"{path.name}.mp4")
    call = [ffmpeg, "-v", "error", "-nostdin", "-protocol_whitelist", "file", "-f", "mov", "-i", str(path)]
    call += ["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-map_metadata", "-1", "-movflags", "+faststart"]
    try:
        subprocess.run([*call, "-f", "mp4", "-y", str(out)], check=True, capture_output=True)  # noqa: S603
        if not _same(look_at_film(path, "video/quicktime"), look_at_film(out, "video/mp4")):
            return False
        out.replace(path)
    except (OSError, subprocess.CalledProcessError, Refused):
        return False
    finally:
        out.unlink(missing_ok=True)
    return True


def _same(before: Seen, after: Seen) -> bool:
    size = (before.width, before.height) == (after.width, after.height)
    return size and abs(before.seconds - after.seconds) < 0.5
