"""Files that are something else than they say, or too much of it: refused, or harmless before anybody gets them."""

import io
import os
import resource
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from tests.media.films import film
from tests.media.test_pictures import chunk, encoded, taken
from tidings.media import press, refuse
from tidings.media.refuse import Refused
from tidings.media.take import clean_name

MARK = b"<script>alert('mark-in-a-file')</script>"
EXIF = b"Exif\0\0II*\0\x08\0\0\0\0\0"


def picture(form: str, side: int = 40) -> bytes:
    """A plain one."""
    return encoded(Image.effect_noise((side, side), 60).convert("RGB"), form)


def png_with(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG with more in it, before its pixels."""
    whole = picture("PNG")
    return whole[:33] + b"".join(chunk(kind, data) for kind, data in chunks) + whole[33:]


POLYGLOTS = {
    "GIF that is a script": picture("GIF")[:-1] + b"\x21\xfe" + bytes([len(MARK)]) + MARK + b"\0\x3b",
    "page behind a GIF": picture("GIF") + MARK,
    "page behind a PNG": picture("PNG") + MARK,
    "page behind a JPEG": picture("JPEG") + MARK,
    "page behind a WEBP": picture("WEBP") + MARK,
    "archive behind a PNG": picture("PNG") + b"PK\x03\x04" + MARK,
    "page in a PNG's words": png_with((b"tEXt", b"Comment\0" + MARK), (b"zTXt", b"C\0\0" + zlib.compress(MARK))),
    "page in a PNG's EXIF": png_with((b"eXIf", EXIF[6:] + MARK)),
    "page in a PNG's own chunk": png_with((b"prVt", MARK)),
    "page in a JPEG's comment": b"\xff\xd8\xff\xfe" + (len(MARK) + 2).to_bytes(2, "big") + MARK + picture("JPEG")[2:],
    "page in a JPEG's EXIF": b"\xff\xd8\xff\xe1" + (len(EXIF + MARK) + 2).to_bytes(2, "big") + EXIF + MARK
    + picture("JPEG")[2:],
}


@pytest.mark.parametrize("data", POLYGLOTS.values(), ids=POLYGLOTS)
def test_what_hides_in_a_picture_or_behind_it_is_gone(tmp_path: Path, data: bytes) -> None:
    assert MARK in data or zlib.compress(MARK) in data
    seen, after = taken(tmp_path, data)
    assert seen.kind == "picture"
    assert MARK not in after
    assert zlib.compress(MARK) not in after
    assert b"PK\x03\x04" not in after
    Image.open(io.BytesIO(after)).load()


@pytest.mark.parametrize("data", [
    b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><svg/>",
    b"  <html>", b"#!/bin/sh\n", b"\x7fELF", b"MZ\x90", b"PK\x03\x04", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"%PDF-1.7",
    b"II*\0", b"8BPS", b"\0\0\x01\0", b"RIFF\0\0\0\0WAVE", b"OggS", b"ID3\x04", b"FLV\x01", b"#EXTM3U\nhttp://10.0.0.1/x",
    b"ffconcat version 1.0\nfile '/etc/passwd'", b"push graphic-context\n", b"%!PS-Adobe-3.0\n", b"GIF7", b"\x89PNG\n",
], ids=repr)  # fmt: skip
def test_what_is_neither_picture_nor_film_is_refused_whatever_its_name(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        taken(tmp_path, data + b"\0" * 64)
    assert caught.value.reason in (refuse.UNKNOWN, refuse.DAMAGED)


@pytest.mark.parametrize("head", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_page_that_begins_like_a_picture_is_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(Refused) as caught:
        taken(tmp_path, picture(head)[:16] + MARK * 20)
    assert caught.value.reason == refuse.DAMAGED


def _bomb_of_words() -> bytes:
    return png_with((b"zTXt", b"C\0\0" + zlib.compress(bytes(80_000_000))))


def _bomb_of_colours() -> bytes:
    return png_with((b"iCCP", b"p\0\0" + zlib.compress(bytes(80_000_000))))


@pytest.mark.parametrize("bomb", [_bomb_of_words, _bomb_of_colours])
def test_a_bomb_in_what_is_no_pixel_is_not_unfolded(tmp_path: Path, bomb: Callable[[], bytes]) -> None:
    """It is refused, or its chunk is dropped unread."""
    after = b""
    with suppress(Refused):
        _seen, after = taken(tmp_path, bomb())
    assert len(after) < 200_000


def test_a_picture_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    lying = picture("PNG")
    head = (9000).to_bytes(4, "big") * 2 + lying[24:29]
    with pytest.raises(Refused):
        taken(tmp_path, lying[:8] + chunk(b"IHDR", head) + lying[33:])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_where_a_photo_was_taken_is_gone_from_what_goes_out(tmp_path: Path, form: str) -> None:
    where = Image.Exif()
    where.get_ifd(0x8825)[29] = "2026:11:26 mark-of-a-place"
    where[0x010E] = "mark-of-a-place"
    data = encoded(Image.new("RGB", (60, 40), "teal"), form, exif=where)
    assert b"mark-of-a-place" in data
    _seen, after = taken(tmp_path, data)
    assert b"mark-of-a-place" not in after
    assert not Image.open(io.BytesIO(after)).getexif()


@pytest.mark.parametrize("size", [8, 9, 15, 16, 0xFFFFFFFF])
def test_a_film_with_odd_boxes_is_refused_or_stays_a_film(tmp_path: Path, size: int) -> None:
    odd = size.to_bytes(4, "big") + b"free" + b"\0" * max(0, min(size, 64) - 8)
    for data in (film() + odd, film()[:32] + odd + film()[32:]):
        with suppress(Refused):
            seen, after = taken(tmp_path, data)
            assert seen.kind == "film"
            assert len(after) <= len(data) + 64


@pytest.mark.parametrize(("name", "kept"), [
    ("../../etc/passwd", "passwd"), ("..\\..\\boot.ini", "boot.ini"), ("a\0b.png", "ab.png"), ("/", "file"),
    ("photo\u202egnp.exe", "photognp.exe"), ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"), ("\u200b\u2066", "file"),
    ("x" * 300 + ".png", "x" * 255), ("\ud800.png", ".png"), ("..", ".."), ("", "file"),
])  # fmt: skip
def test_a_name_is_one_that_can_be_shown_and_no_way_to_anywhere(name: str, kept: str) -> None:
    assert clean_name(name) == kept


def test_the_press_may_take_no_more_than_it_needs() -> None:
    """What it binds itself to, looked at from within a process of its own."""
    read, write = os.pipe()
    if child := os.fork():
        os.close(write)
        said = os.read(read, 1000).decode()
        os.close(read)
        assert os.waitpid(child, 0)[1] == 0
    else:
        press._bind(30)
        limits = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NOFILE")
        os.write(write, " ".join(str(resource.getrlimit(getattr(resource, name))[1]) for name in limits).encode())
        os._exit(0)
    memory, seconds, core, size, files = map(int, said.split())
    assert (memory, seconds, core) == (press.MEMORY, 30, 0)
    assert 0 < size <= press.FILE
    assert 0 < files <= press.FILES


def test_png_words_are_bounded_in_the_library_that_reads_them() -> None:
    assert PngImagePlugin.MAX_TEXT_MEMORY <= 64 << 20
