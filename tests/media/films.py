"""Tiny films built box by box, so that tests know every byte of them."""

import shutil
import struct

import pytest

ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not on this machine: ./test setup")
PLACE = b"+47.3769+008.5417/"


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def full(kind: bytes, *parts: bytes) -> bytes:
    return box(kind, bytes(4), *parts)


def matrix(rotated: bool) -> bytes:
    one, minus = 0x10000, -0x10000
    turn = (0, one, 0, minus, 0, 0, 0, 0, 0x40000000) if rotated else (one, 0, 0, 0, one, 0, 0, 0, 0x40000000)
    return struct.pack(">9i", *turn)


def track(handler: bytes, number: int, chunk: int, samples: list[int], rotated: bool = False) -> bytes:
    if handler == b"vide":
        entry = box(b"avc1", bytes(6), b"\0\1", bytes(16), struct.pack(">HH", 320, 180),
                    struct.pack(">IIIH", 0x480000, 0x480000, 0, 1), bytes(32), struct.pack(">Hh", 24, -1))
    else:
        entry = box(b"mebx", bytes(6), b"\0\1")
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stts", struct.pack(">III", 1, len(samples), 1000)),
        full(b"stsc", struct.pack(">IIII", 1, 1, len(samples), 1)),
        full(b"stsz", struct.pack(">II", 0, len(samples)), *(struct.pack(">I", s) for s in samples)),
        full(b"stco", struct.pack(">II", 1, chunk)),
    )
    header = full(b"vmhd", bytes(8)) if handler == b"vide" else full(b"nmhd")
    media = box(
        b"mdia",
        full(b"mdhd", struct.pack(">IIIIHH", 0, 0, 1000, 2000, 0x55C4, 0)),
        full(b"hdlr", bytes(4), handler, bytes(12), b"\0"),
        box(b"minf", header, box(b"dinf", full(b"dref", struct.pack(">I", 1), box(b"url ", b"\0\0\0\1"))), table),
    )
    place = struct.pack(">III", 0, 0, number)
    tkhd = full(b"tkhd", place, struct.pack(">II", 0, 2000), bytes(16), matrix(rotated),
                struct.pack(">II", 320 << 16, 180 << 16))
    return box(b"trak", tkhd, media)


def film(*more: bytes, brand: bytes = b"isom", rotated: bool = False, data_track: bool = False,
         top: bytes = b"") -> bytes:
    """Two seconds of 320 × 180; `more` goes into moov, `top` before it. A data track says PLACE in its sample."""
    start = box(b"ftyp", brand, bytes(4), brand)
    picture, telling = b"\x65" * 40, b"GPS " + PLACE
    first = len(start) + 8
    movie = full(b"mvhd", struct.pack(">IIII", 0, 0, 1000, 2000), struct.pack(">IH", 0x10000, 0x100), bytes(10),
                 matrix(False), bytes(24), struct.pack(">I", 3))
    tracks = [track(b"vide", 1, first, [20, 20], rotated)]
    if data_track:
        tracks.append(track(b"meta", 2, first + len(picture), [len(telling)]))
    return start + box(b"mdat", picture, telling if data_track else b"") + top + box(b"moov", movie, *tracks, *more)


def user_data() -> bytes:
    """A place the way phones write it: ©xyz and loci in udta."""
    xyz = struct.pack(">HH", len(PLACE), 0x15C7) + PLACE
    loci = full(b"loci", b"\x15\xc7", PLACE + b"\0", bytes(13))
    return box(b"udta", box(b"\xa9xyz", xyz), loci)


def keys() -> bytes:
    """A place the way iPhones write it: com.apple.quicktime.location.ISO6709 in meta."""
    name = b"com.apple.quicktime.location.ISO6709"
    return box(
        b"meta",
        full(b"hdlr", bytes(4), b"mdta", bytes(13)),
        full(b"keys", struct.pack(">I", 1), box(b"mdta", name)),
        box(b"ilst", box(b"\0\0\0\1", box(b"data", struct.pack(">II", 1, 0), PLACE))),
    )


def element(name: int, body: bytes, open_end: bool = False) -> bytes:
    """One element of a WEBM; `open_end`: a live recorder's, that did not know its size."""
    head = name.to_bytes((name.bit_length() + 7) // 8, "big")
    size = b"\x01" + b"\xff" * 7 if open_end else (len(body) | 1 << 56).to_bytes(8, "big")
    return head + size + body


def webm(open_end: bool = False) -> bytes:
    """A WEBM of 320 × 180 whose tags and attachment tell PLACE."""
    header = element(0x1A45DFA3, element(0x4282, b"webm"))
    video = element(0xE0, element(0xB0, b"\x01\x40") + element(0xBA, b"\xb4"))
    entry = element(0xAE, element(0xD7, b"\1") + element(0x83, b"\1") + element(0x86, b"V_VP8") + video)
    info = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40") + element(0x4489, struct.pack(">d", 2000.0)))
    tags = element(0x1254C367, element(0x7373, element(0x67C8, element(0x45A3, b"LOCATION") + element(0x4487, PLACE))))
    cluster = element(0x1F43B675, element(0xE7, b"\0") + element(0xA3, b"\x81\0\0\x80" + b"\x10" * 12), open_end)
    attached = element(0x1941A469, PLACE)
    return header + element(0x18538067, info + element(0x1654AE6B, entry) + tags + attached + cluster, open_end)
