"""Films: looked inside, places blanked in the file, nothing encoded anew."""

import struct
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from PIL import Image

from tests.media.films import PLACE, box, ffmpeg, film, full, keys, user_data, webm
from tidings.media import bench, blank, refuse
from tidings.media.look import look_at_film
from tidings.media.order import Seen, Take
from tidings.media.refuse import Refused


def taken(folder: Path, data: bytes) -> tuple[Seen, bytes]:
    path = folder / "film"
    path.write_bytes(data)
    return bench.take(Take(str(path), str(folder / "thumbnail.webp"))), path.read_bytes()


def test_a_film_is_measured_by_its_own_tables(tmp_path: Path) -> None:
    seen, _data = taken(tmp_path, film())
    assert (seen.kind, seen.mime, seen.width, seen.height) == ("film", "video/mp4", 320, 180)
    assert seen.seconds == pytest.approx(2.0)


def test_a_film_held_upright_is_measured_as_it_is_shown(tmp_path: Path) -> None:
    seen, _data = taken(tmp_path, film(rotated=True))
    assert (seen.width, seen.height) == (180, 320)


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
@pytest.mark.parametrize("place", [user_data, keys])
def test_a_place_in_a_film_is_gone_and_everything_else_stays(tmp_path: Path, brand: bytes, place: object) -> None:
    before = film(place(), brand=brand)  # type: ignore[operator]
    seen, after = taken(tmp_path, before)
    assert PLACE in before
    assert PLACE not in after
    assert b"ISO6709" not in after
    assert len(after) == len(before)
    assert after[: -len(place())] == before[: -len(place())]  # type: ignore[operator]
    assert seen.seconds == pytest.approx(2.0)


def test_a_place_beside_the_movie_is_gone(tmp_path: Path) -> None:
    hidden = box(b"uuid", bytes(16), PLACE) + box(b"free", PLACE) + full(b"meta", PLACE)
    _seen, after = taken(tmp_path, film(top=hidden))
    assert PLACE not in after


def test_a_track_of_places_is_gone_with_its_samples(tmp_path: Path) -> None:
    before = film(data_track=True)
    seen, after = taken(tmp_path, before)
    assert PLACE in before
    assert PLACE not in after
    assert b"\x65" * 40 in after
    assert (seen.width, seen.height) == (320, 180)


def test_a_film_in_fragments_with_a_data_track_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        taken(tmp_path, film(data_track=True, top=box(b"moof", full(b"mfhd", bytes(4)))))
    assert caught.value.reason == refuse.DATA_TRACK


@pytest.mark.parametrize("open_end", [False, True])
def test_a_place_in_a_webm_is_gone(tmp_path: Path, open_end: bool) -> None:
    before = webm(open_end)
    seen, after = taken(tmp_path, before)
    assert PLACE in before
    assert PLACE not in after
    assert len(after) == len(before)
    assert (seen.mime, seen.width, seen.height) == ("video/webm", 320, 180)


@pytest.mark.parametrize("data", [film()[:-30], film()[:60], webm()[:-5]])
def test_a_film_cut_off_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        taken(tmp_path, data)
    assert caught.value.reason == refuse.DAMAGED


def test_a_film_without_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        taken(tmp_path, box(b"ftyp", b"M4A ", bytes(4)) + box(b"moov", full(b"mvhd", bytes(96))) + box(b"mdat"))


_boxes = st.recursive(
    st.binary(max_size=40),
    lambda inner: st.builds(
        lambda kind, parts, lie: struct.pack(">I", (8 + len(b"".join(parts)) + lie) % 2**32) + kind + b"".join(parts),
        st.sampled_from([b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz", b"stsc", b"stco", b"hdlr", b"mdat",
                         b"udta", b"moof", b"traf", b"free"]),
        st.lists(inner, max_size=4),
        st.sampled_from([0, 0, 0, 0, 1, -1, 7, -8, 2**31]),
    ),
    max_leaves=20,
)  # fmt: skip


@trying(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is not a wrong film
@example(film(user_data(), data_track=True))
@example(struct.pack(">I", 1) + b"moov" + bytes(8))
@given(st.lists(_boxes, max_size=4).map(b"".join) | st.binary(max_size=200))
def test_no_garbage_breaks_the_walk_over_a_film_or_makes_it_grow(tmp_path_factory: object, data: bytes) -> None:
    walked(tmp_path_factory, data, "video/mp4")


@example(webm())
@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: webm()[:40] + tail))
def test_no_garbage_breaks_the_walk_over_a_webm_or_makes_it_grow(tmp_path_factory: object, data: bytes) -> None:
    walked(tmp_path_factory, data, "video/webm")


def walked(factory: object, data: bytes, mime: str) -> None:
    path = factory.mktemp("walk") / "film"  # type: ignore[attr-defined]
    path.write_bytes(data)
    with suppress(Refused):
        blank.blank(path, mime)
    assert path.stat().st_size == len(data)


@ffmpeg
@pytest.mark.parametrize(("name", "place"), [("film.mp4", b"loci"), ("film.mov", PLACE), ("film.webm", PLACE)])
def test_a_real_film_loses_its_place_keeps_playing_and_gets_a_poster(
    tmp_path: Path, name: str, place: bytes
) -> None:
    path = tmp_path / name
    call = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=640x360:duration=2:rate=10",
            "-metadata", f"location={PLACE.decode()}", str(path)]  # fmt: skip
    subprocess.run(call, check=True)
    assert place in path.read_bytes()
    seen = bench.take(Take(str(path), str(tmp_path / "poster.webp")))
    assert seen.mime == ("video/webm" if name == "film.webm" else "video/mp4")
    assert place not in path.read_bytes()
    assert seen.thumbnail
    assert Image.open(tmp_path / "poster.webp").size == (480, 270)
    assert look_at_film(path, seen.mime).seconds == pytest.approx(2.0, abs=0.2)
    played = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "null", "-"], capture_output=True)
    assert played.stderr == b""


def test_without_ffmpeg_a_film_has_no_poster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    seen, _data = taken(tmp_path, film())
    assert not seen.thumbnail
