"""Pictures: type by content, what they tell is gone, what they show stays; hostile files do no harm."""

import base64
import io
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from tidings.media import bench, refuse
from tidings.media.order import Seen, Take
from tidings.media.refuse import Refused
from tidings.media.strip import strip

SECRET = "SecretCamera"
# 48 × 64 after its rotation (it was 64 × 48, blue in the upper left quarter), with a camera's name and a place.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAADYAAgAAAAACIgABAAAAAAAAALAAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq"
    "5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xh"
    "cAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEA"
    "AQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAO5tZGF0AAAAMigBrxmA94RJf/N7iOUN3YM1eK+wqbT8avyLJrLS"
    "swUbI8cphX76PPb2p9LxSJpkAB/AAAAABkV4aWYAAE1NACoAAAAIAAMBDwACAAAADQAAADIBEgADAAAAAQAGAACIJQAEAAAAAQAA"
    "AEAAAAAAU2VjcmV0Q2FtZXJhAAAABAABAAIAAAACTgAAAAACAAUAAAADAAAAdgADAAIAAAACRQAAAAAEAAUAAAADAAAAjgAAAAAA"
    "AAAvAAAAAQAAAB4AAAABAAAAAAAAAAEAAAAIAAAAAQAAAB4AAAABAAAAAAAAAAE="
)


def exif(orientation: int = 1) -> bytes:
    """A camera's name, a place, and how it was held."""
    made = Image.Exif()
    made[0x010F], made[0x0112] = SECRET, orientation
    place = made.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (47.0, 22.0, 36.0), "E", (8.0, 32.0, 30.0)
    return made.tobytes()


def cornered(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Red with its upper left quarter blue, so that turning shows."""
    made = Image.new(mode, size, "red")
    made.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    return made


def encoded(picture: Image.Image, format: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **how)
    return out.getvalue()


def taken(folder: Path, data: bytes) -> tuple[Seen, bytes]:
    path = folder / "picture"
    path.write_bytes(data)
    seen = bench.take(Take(str(path), str(folder / "thumbnail.webp")))
    return seen, path.read_bytes()


def is_blue(data: bytes, x: int, y: int) -> bool:
    red, _green, blue = Image.open(io.BytesIO(data)).convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return bool(blue > 200 and red < 60)


@pytest.mark.parametrize(("format", "mime"), [("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("PNG", "image/png")])
def test_what_a_camera_wrote_is_gone_and_the_pixels_are_the_same(tmp_path: Path, format: str, mime: str) -> None:
    before = encoded(cornered(), format, exif=exif(), xmp=b"<x>" + SECRET.encode() + b"</x>")
    assert SECRET.encode() in before
    seen, after = taken(tmp_path, before)
    assert (seen.kind, seen.mime, seen.width, seen.height) == ("picture", mime, 64, 48)
    assert SECRET.encode() not in after
    assert not Image.open(io.BytesIO(after)).getexif()
    assert format != "WEBP" or after[20] & 0x0C == 0  # its head announces neither EXIF nor XMP
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(before)).tobytes()


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "PNG"])
def test_a_picture_taken_sideways_stands_upright(tmp_path: Path, format: str) -> None:
    seen, after = taken(tmp_path, encoded(cornered(), format, exif=exif(orientation=6)))
    assert (seen.width, seen.height) == (48, 64)
    assert Image.open(io.BytesIO(after)).size == (48, 64)
    assert is_blue(after, 40, 8)
    assert not is_blue(after, 8, 8)
    assert SECRET.encode() not in after


def test_a_heic_becomes_an_upright_jpeg_that_tells_nothing(tmp_path: Path) -> None:
    assert SECRET.encode() in HEIC
    seen, after = taken(tmp_path, HEIC)
    assert (seen.mime, seen.width, seen.height) == ("image/jpeg", 48, 64)
    assert is_blue(after, 40, 8)
    assert SECRET.encode() not in after


def test_an_avif_becomes_a_jpeg_or_a_png_when_something_shows_through(tmp_path: Path) -> None:
    seen, after = taken(tmp_path, encoded(cornered(), "AVIF", exif=exif()))
    assert seen.mime == "image/jpeg"
    assert SECRET.encode() not in after
    glass = Image.new("RGBA", (64, 48), (0, 0, 255, 100))
    seen, _after = taken(tmp_path, encoded(glass, "AVIF"))
    assert (seen.mime, seen.alpha) == ("image/png", True)


def test_a_colour_profile_stays(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for format in ("JPEG", "PNG", "WEBP"):
        for orientation in (1, 8):
            data = encoded(cornered(), format, icc_profile=profile, exif=exif(orientation))
            _seen, after = taken(tmp_path, data)
            assert Image.open(io.BytesIO(after)).info["icc_profile"] == profile


def test_comments_and_a_second_picture_behind_the_first_are_gone(tmp_path: Path) -> None:
    _seen, after = taken(tmp_path, encoded(cornered(), "JPEG", comment=SECRET) + b"\xff\xd8" + SECRET.encode())
    assert SECRET.encode() not in after
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    text.add_itxt("XML:com.adobe.xmp", SECRET)
    _seen, after = taken(tmp_path, encoded(cornered(), "PNG", pnginfo=text) + SECRET.encode())
    assert SECRET.encode() not in after


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_an_animation_becomes_or_stays_a_gif_with_all_its_frames_and_no_comment(tmp_path: Path, format: str) -> None:
    frames = [cornered().rotate(90 * n) for n in range(3)]
    how = {"comment": SECRET.encode()} if format == "GIF" else {"exif": exif()}
    before = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=80, loop=0, **how)
    assert SECRET.encode() in before
    seen, after = taken(tmp_path, before)
    kept = Image.open(io.BytesIO(after))
    assert (seen.kind, seen.mime, kept.format) == ("animation", "image/gif", "GIF")
    assert (kept.n_frames, kept.info["loop"], kept.info["duration"]) == (3, 0, 80)  # type: ignore[attr-defined]
    assert SECRET.encode() not in after


def test_a_still_gif_is_a_picture(tmp_path: Path) -> None:
    seen, _after = taken(tmp_path, encoded(cornered(), "GIF"))
    assert (seen.kind, seen.mime) == ("picture", "image/gif")


@pytest.mark.parametrize("mode", ["CMYK", "L", "LA", "P", "1", "I;16", "RGBA"])
def test_every_kind_of_colour_gets_a_thumbnail(tmp_path: Path, mode: str) -> None:
    picture = Image.new("I;16", (600, 300), 40_000) if mode == "I;16" else cornered(size=(600, 300)).convert(mode)
    seen, _after = taken(tmp_path, encoded(picture, "JPEG" if mode == "CMYK" else "PNG"))
    assert (seen.width, seen.height, seen.thumbnail) == (600, 300, True)
    thumbnail = Image.open(tmp_path / "thumbnail.webp")
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (480, 240))


def test_sixteen_bits_of_grey_are_scaled_not_cut(tmp_path: Path) -> None:
    taken(tmp_path, encoded(Image.new("I;16", (50, 50), 32_768), "PNG"))
    middle = Image.open(tmp_path / "thumbnail.webp").convert("L").getpixel((25, 25))
    assert middle == pytest.approx(128, abs=6)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"MZ",
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska",
        b"BM" + bytes(60),
    ],
)
def test_what_is_no_picture_and_no_film_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        taken(tmp_path, data)
    assert caught.value.reason == refuse.UNKNOWN


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        taken(tmp_path, b"")
    assert caught.value.reason == refuse.EMPTY


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_picture_cut_off_is_refused(tmp_path: Path, format: str, part: float) -> None:
    whole = encoded(Image.effect_noise((200, 200), 90).convert("RGB"), format)
    with pytest.raises(Refused) as caught:
        taken(tmp_path, whole[: int(len(whole) * part)])
    assert caught.value.reason == refuse.DAMAGED


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def test_an_image_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    side = 20_000
    head = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    bomb += chunk(b"IEND", b"")
    with pytest.raises(Refused) as caught:
        taken(tmp_path, bomb)
    assert caught.value.reason == refuse.TOO_MANY_PIXELS


def test_a_press_that_hangs_is_ended_and_the_file_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SECONDS", 0)
    with pytest.raises(Refused) as caught:
        taken(tmp_path, encoded(cornered(), "JPEG"))
    assert caught.value.reason == refuse.GAVE_UP


def test_a_press_that_dies_means_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.sys, "executable", "/bin/false")
    with pytest.raises(Refused) as caught:
        taken(tmp_path, encoded(cornered(), "JPEG"))
    assert caught.value.reason == refuse.GAVE_UP


def test_the_press_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_SECRET_KEY", "do-not-tell")
    assert "do-not-tell" not in bench._environment().values()


@given(st.sampled_from(["image/jpeg", "image/png", "image/webp", "image/gif"]), st.binary(max_size=300))
def test_no_garbage_breaks_the_walk_over_a_picture(mime: str, data: bytes) -> None:
    start = {"image/jpeg": b"\xff\xd8", "image/png": b"\x89PNG\r\n\x1a\n", "image/gif": b"GIF89a"}.get(mime, b"RIFF")
    try:
        clean = strip(start + data, mime)
    except Refused:
        return
    assert len(clean) <= len(start + data) + 12
