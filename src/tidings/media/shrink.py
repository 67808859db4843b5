"""Make a picture fit: another type, fewer pixels, fewer bytes. Runs in the press."""

import io
import math
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageCms

from tidings.media import refuse
from tidings.media.look import eight_bits, open_picture
from tidings.media.order import Fit, Fitted
from tidings.media.refuse import Refused

QUALITIES = (92, 85, 78)  # tried in turn before the picture itself becomes smaller
SMALLEST = 64  # pixels of the shorter side; below that a picture says nothing


def shrink(order: Fit) -> Fitted:
    """Write the copy the order asks for; raises Refused when nothing recognisable fits."""
    with open_picture(Path(order.path), order.source) as picture:
        for size, data in _tries(picture, order):
            if not order.size or len(data) <= order.size:
                Path(order.out).write_bytes(data)
                return Fitted(*size, len(data))
    raise Refused(refuse.CANNOT_FIT)


def _tries(picture: Image.Image, order: Fit) -> Iterator[tuple[tuple[int, int], bytes]]:
    whole, profile = _plain(picture, keep_alpha=order.mime != "image/jpeg")
    if order.box:
        whole = whole.crop(order.box)
    scale = min(1.0, math.sqrt(order.pixels / (whole.width * whole.height))) if order.pixels else 1.0
    while True:
        small = _scaled(whole, scale)
        data = b""
        for quality in (0,) if order.mime == "image/png" else QUALITIES:
            data = _encoded(small, order.mime, quality, profile)
            yield small.size, data
        if min(small.size) <= SMALLEST:
            return
        scale *= max(0.5, min(0.9, math.sqrt(order.size / len(data)) * 0.97))


def _plain(picture: Image.Image, keep_alpha: bool) -> tuple[Image.Image, bytes | None]:
    """The picture in RGB or RGBA, and its profile where that still fits; what shows through becomes white."""
    profile = picture.info.get("icc_profile")
    picture = eight_bits(picture)
    if picture.mode in ("CMYK", "LAB"):
        return _to_srgb(picture, profile), None
    if picture.mode not in ("RGB", "RGBA", "P"):  # a grey picture's profile is of no use to a coloured one
        profile = None
    if not picture.has_transparency_data:
        return picture.convert("RGB"), profile
    layers = picture.convert("RGBA")
    if keep_alpha:
        return layers, profile
    white = Image.new("RGBA", layers.size, "white")
    white.alpha_composite(layers)
    return white.convert("RGB"), profile


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            theirs, ours = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(picture, theirs, ours, outputMode="RGB")
        except ImageCms.PyCMSError:
            turned = None
        if turned is not None:
            return turned
    return picture.convert("RGB")


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    if scale >= 1:
        return picture
    size = max(1, int(picture.width * scale)), max(1, int(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, mime: str, quality: int, profile: bytes | None) -> bytes:
    out = io.BytesIO()
    if mime == "image/png":
        picture.save(out, "PNG", optimize=True, icc_profile=profile)
    elif mime == "image/webp":
        picture.save(out, "WEBP", quality=quality, icc_profile=profile)
    else:
        picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True, icc_profile=profile)
    return out.getvalue()
