"""Blank in a film's file what tells more than picture and sound: places, names, data tracks.

In place, streaming, nothing encoded anew: a box not needed to play becomes zeroed space.
ISO base media (MP4, MOV) per ISO/IEC 14496-12; WEBM per RFC 8794 and RFC 9559.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tidings.media import refuse
from tidings.media.refuse import Refused

_TOP = {b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp", b"ssix", b"pdin"}
_NEEDED = {
    b"moov": {b"mvhd", b"trak", b"mvex", b"iods"},
    b"trak": {b"tkhd", b"tref", b"edts", b"load", b"clip", b"matt", b"tapt", b"trgr", b"mdia"},
    b"mdia": {b"mdhd", b"hdlr", b"minf", b"elng"},
    b"moof": {b"mfhd", b"traf"},
    b"traf": {b"tfhd", b"trun", b"tfdt", b"saiz", b"saio", b"sbgp", b"sgpd", b"senc", b"subs"},
}
_PLAYS = {b"vide", b"soun", b"tmcd", b"clcp"}  # other tracks carry GPS (mebx, camm, GoPro, DJI subtitles)
_MOST_BOXES = 2_000_000
_PIECE = 1 << 20


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    body: int
    end: int


@dataclass
class _Film:
    """A film being cleaned; counts its boxes, so that a file of nothing but boxes ends too."""

    file: IO[bytes]
    boxes: int = 0

    def read(self, at: int, size: int) -> bytes:
        self.file.seek(at)
        data = self.file.read(size)
        if len(data) != size:
            raise Refused(refuse.DAMAGED)
        return data

    def inside(self, start: int, end: int) -> Iterator[_Box]:
        """The boxes between two offsets; QuickTime may close a list with fewer than eight odd bytes."""
        while end - start >= 8:
            self.boxes += 1
            head = self.read(start, 8)
            size, body = int.from_bytes(head[:4], "big"), start + 8
            if size == 1:
                size, body = int.from_bytes(self.read(body, 8), "big"), body + 8
            elif size == 0:
                size = end - start
            if self.boxes > _MOST_BOXES or start + size > end or body > start + size:
                raise Refused(refuse.DAMAGED)
            yield _Box(head[4:], start, body, start + size)
            start += size

    def zero(self, start: int, end: int) -> None:
        self.file.seek(start)
        while start < end:
            start += self.file.write(bytes(min(_PIECE, end - start)))

    def free(self, box: _Box) -> None:
        self.zero(box.body, box.end)
        self.file.seek(box.start + 4)
        self.file.write(b"free")


def blank(path: Path, mime: str) -> None:
    """Clean this film in its place; it keeps its size. Raises Refused when its boxes do not add up."""
    end = path.stat().st_size
    with path.open("r+b") as file:
        film = _Film(file)
        if mime == "video/webm":
            _webm(film, 0, end)
        else:
            _movie(film, end)
        file.flush()
        os.fsync(file.fileno())


def _movie(film: _Film, end: int) -> None:
    top = list(film.inside(0, end))
    fragments = any(box.kind == b"moof" for box in top)
    samples = [box for box in top if box.kind == b"mdat"]
    for box in top:
        if box.kind not in _TOP:
            film.free(box)
        elif box.kind in _NEEDED:
            _within(film, box, samples, fragments)


def _within(film: _Film, outer: _Box, samples: list[_Box], fragments: bool) -> None:
    for box in list(film.inside(outer.body, outer.end)):
        if box.kind == b"trak" and not _plays(film, box):
            if fragments:
                raise Refused(refuse.DATA_TRACK)
            _zero_samples(film, box, samples)
            film.free(box)
        elif box.kind not in _NEEDED[outer.kind]:
            film.free(box)
        elif box.kind in _NEEDED:
            _within(film, box, samples, fragments)


def _plays(film: _Film, track: _Box) -> bool:
    handler = _find(film, track, b"mdia", b"hdlr")
    return handler is not None and film.read(handler.body, 12)[8:] in _PLAYS


def _find(film: _Film, outer: _Box, *kinds: bytes) -> _Box | None:
    found = next((box for box in film.inside(outer.body, outer.end) if box.kind == kinds[0]), None)
    return found if found is None or len(kinds) == 1 else _find(film, found, *kinds[1:])


def _zero_samples(film: _Film, track: _Box, places: list[_Box]) -> None:
    """Zero what a data track points at, chunk by chunk, and only inside the film's media data."""
    table = _find(film, track, b"mdia", b"minf", b"stbl")
    if table is None:
        return
    for start, end in _merged(_chunks(film, table)):
        for place in places:
            film.zero(max(start, place.body), min(end, place.end))


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _chunks(film: _Film, table: _Box) -> Iterator[tuple[int, int]]:
    """Where each chunk of samples is, from the tables stco or co64, stsc and stsz."""
    boxes = {box.kind: box for box in film.inside(table.body, table.end)}
    offsets = _numbers(film, boxes.get(b"stco"), 8, 4) or _numbers(film, boxes.get(b"co64"), 8, 8)
    runs = _numbers(film, boxes.get(b"stsc"), 8, 4)
    firsts = dict(zip(runs[::3], runs[1::3], strict=False))  # first chunk -> samples per chunk from there on
    size, count = [*_numbers(film, boxes.get(b"stsz"), 4, 4), 0, 0][:2]
    sizes = _numbers(film, boxes.get(b"stsz"), 12, 4)
    sample = per_chunk = 0
    for number, offset in enumerate(offsets, 1):
        per_chunk = firsts.get(number, per_chunk)
        length = size * min(per_chunk, count) if size else sum(sizes[sample : sample + per_chunk])
        yield offset, offset + length
        sample += per_chunk


def _numbers(film: _Film, box: _Box | None, skip: int, width: int) -> list[int]:
    if box is None or box.body + skip > box.end:
        return []
    data = film.read(box.body + skip, box.end - box.body - skip)
    return [int.from_bytes(data[i : i + width], "big") for i in range(0, len(data) - width + 1, width)]


_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_HEADER = 0x1A45DFA3
_SEGMENT_NEEDS = {0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, _CLUSTER, 0xEC}
_CLUSTER_NEEDS = {0xE7, 0xA3, 0xA0, 0xAB, 0xA7, 0x5854}  # met when a recorder left a cluster open


def _webm(film: _Film, start: int, end: int) -> None:
    while start < end:
        film.boxes += 1
        if film.boxes > _MOST_BOXES:
            raise Refused(refuse.DAMAGED)
        name, body, size = _element(film, start)
        if name == _SEGMENT or (name == _CLUSTER and size is None):
            start = body  # its children come next
            continue
        if size is None or body + size > end:
            raise Refused(refuse.DAMAGED)
        if name not in _SEGMENT_NEEDS | _CLUSTER_NEEDS | {_HEADER}:
            _void(film, start, body + size)
        start = body + size


def _element(film: _Film, at: int) -> tuple[int, int, int | None]:
    """Name, start of the body, and size of the body; None: open until something higher begins."""
    first = film.read(at, 1)[0]
    length = 9 - first.bit_length()
    name = int.from_bytes(film.read(at, length), "big")
    at += length
    first = film.read(at, 1)[0]
    width = 9 - first.bit_length()
    if length > 4 or width > 8:
        raise Refused(refuse.DAMAGED)
    size = int.from_bytes(film.read(at, width), "big") & ((1 << 7 * width) - 1)
    return name, at + width, None if size == (1 << 7 * width) - 1 else size


def _void(film: _Film, start: int, end: int) -> None:
    """Write one Void element over this span of at least two bytes."""
    width = min(8, end - start - 1)
    film.file.seek(start)
    size = end - start - 1 - width
    film.file.write(b"\xec" + (size | 1 << 7 * width).to_bytes(width, "big"))
    film.zero(start + 1 + width, end)
