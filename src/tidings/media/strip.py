"""Take out of a picture what it tells beyond its pixels (EXIF, XMP, IPTC, comments, hidden second pictures).

Works on the file's own blocks, nothing is encoded anew; kept is what draws, and the colour profile.
"""

import re
from collections.abc import Iterator

from tidings.media import refuse
from tidings.media.refuse import Refused

_PNG = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP",
    b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_WEBP_TELLS = 0x08 | 0x04  # VP8X flags: EXIF, XMP
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_JPEG_NEXT = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # not stuffing (00), not a restart (D0–D7)


def strip(data: bytes, mime: str) -> bytes:
    """The same picture without what it tells; raises Refused when its blocks do not add up."""
    walk = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif}[mime]
    try:
        return b"".join(walk(data))
    except IndexError as error:
        raise Refused(refuse.DAMAGED) from error


def _cut(data: bytes, start: int, size: int) -> bytes:
    """Exactly these bytes; IndexError when the file ends before."""
    if start + size > len(data):
        raise IndexError(start)
    return data[start : start + size]


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield _cut(data, 0, 2)
    at = 2
    while True:
        while _cut(data, at, 2) == b"\xff\xff":  # fill bytes
            at += 1
        marker = data[at + 1]
        if data[at] != 0xFF:
            raise IndexError(at)
        if marker == 0xD9:  # what follows is no part of this picture
            yield b"\xff\xd9"
            return
        end = at + 2 + int.from_bytes(_cut(data, at + 2, 2), "big")
        segment = _cut(data, at, end - at)
        if marker == 0xDA:  # start of scan: coded data follow
            found = _JPEG_NEXT.search(data, end)
            end = found.start() if found else len(data)
            yield data[at:end]
        elif _draws(marker, segment[4:]):
            yield segment
        at = end


def _draws(marker: int, payload: bytes) -> bool:
    """Whether a JPEG segment draws: tables, frames, JFIF, the colour profile, Adobe's transform."""
    if 0xE0 <= marker <= 0xEF or marker == 0xFE:
        starts = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
        return marker in starts and payload.startswith(starts[marker])
    return 0xC0 <= marker <= 0xDF


def _png(data: bytes) -> Iterator[bytes]:
    yield _cut(data, 0, 8)
    at = 8
    kind = b""
    while kind != b"IEND":
        kind = _cut(data, at, 8)[4:]
        size = 12 + int.from_bytes(data[at : at + 4], "big")
        if kind in _PNG:
            yield _cut(data, at, size)
        at += size


def _webp(data: bytes) -> Iterator[bytes]:
    end = 8 + int.from_bytes(_cut(data, 4, 4), "little")
    chunks = []
    at = 12
    while at < end:
        kind = _cut(data, at, 8)[:4]
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = _cut(data, at, 8 + size) + b"\0" * (size % 2)
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([_cut(chunk, 8, 1)[0] & ~_WEBP_TELLS]) + chunk[9:]
        if kind in _WEBP:
            chunks.append(chunk)
        at += 8 + size + size % 2
    yield b"RIFF" + (4 + sum(map(len, chunks))).to_bytes(4, "little") + b"WEBP"
    yield from chunks


def _gif(data: bytes) -> Iterator[bytes]:
    at = 13 + _colours(_cut(data, 10, 1)[0])
    yield _cut(data, 0, at)
    while data[at] != 0x3B:
        start, keep = at, True
        if data[at] == 0x2C:
            at = _after_blocks(data, at + 11 + _colours(data[at + 9]))
        elif data[at] == 0x21:
            keep = data[at + 1] == 0xF9 or (data[at + 1] == 0xFF and data[at + 3 : at + 14] in _GIF_LOOPS)
            at = _after_blocks(data, at + 2)
        else:
            raise IndexError(at)
        if keep:
            yield data[start:at]
    yield b"\x3b"


def _colours(packed: int) -> int:
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while size := data[at]:
        at += 1 + size
    return at + 1
