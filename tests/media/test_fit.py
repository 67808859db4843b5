"""Renditions: what a network takes, made once, when it is needed."""

import io

import pytest
from PIL import Image

from tests import people
from tests.media.films import film
from tests.media.library import put
from tests.media.test_pictures import cornered, encoded
from tidings.media import bench, refuse
from tidings.media.fit import fit, piece
from tidings.media.models import Media, Rendition
from tidings.media.remove import remove
from tidings.media.store import store
from tidings.networks.base import Limits
from tidings.networks.errors import Rejected

pytestmark = pytest.mark.django_db

WIDE = Limits(text=1, pictures=4, animations=1, films=1, animation_bytes=5_000_000, picture_bytes=10_000_000)


def limits(**fields: object) -> Limits:
    return Limits(text=1, pictures=4, **fields)  # type: ignore[arg-type]


def noise(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    made = Image.merge("RGB", [Image.effect_noise(size, 60)] * 3)
    if mode == "RGBA":
        made.putalpha(Image.linear_gradient("L").resize(size))
    return made


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_what_fits_goes_out_as_it_is() -> None:
    media, data = put(people.owner())
    said = piece(media, "A corner", WIDE)
    assert fit(media, WIDE) is None
    assert (said.mime, said.size, said.width, said.height, said.alt) == ("image/jpeg", len(data), 64, 48, "A corner")
    assert said.read() == data


def test_a_type_that_is_not_taken_becomes_a_jpeg() -> None:
    media, _data = put(people.owner(), encoded(cornered(), "WEBP"), "corner.webp")
    said = piece(media, "", WIDE)
    assert (said.mime, said.name) == ("image/jpeg", "corner.jpg")
    assert shown(said.read()).format == "JPEG"


@pytest.mark.parametrize("most", [300_000, 60_000, 8_000])
def test_too_many_bytes_are_made_fewer_and_the_shape_stays(most: int) -> None:
    media, data = put(people.owner(), encoded(noise((1200, 800)), "JPEG", quality=95))
    assert len(data) > most
    said = piece(media, "", limits(picture_bytes=most))
    fitted = said.read()
    assert len(fitted) <= most
    assert said.size <= most
    small = shown(fitted)
    assert small.width / small.height == pytest.approx(1.5, rel=0.02)


def test_too_many_pixels_are_made_fewer() -> None:
    media, _data = put(people.owner(), encoded(noise((1200, 800)), "JPEG"))
    said = piece(media, "", limits(picture_pixels=240_000))
    small = shown(said.read())
    assert small.width * small.height <= 240_000
    assert small.width >= 590
    assert (said.width, said.height) == small.size


def test_what_shows_through_stays_where_png_is_taken_and_becomes_white_elsewhere() -> None:
    media, data = put(people.owner(), encoded(noise((600, 400), "RGBA"), "PNG"), "glass.png")
    kept = piece(media, "", limits(picture_bytes=len(data) // 2))
    assert kept.mime == "image/png"
    small = shown(kept.read())
    assert small.getchannel("A").getextrema()[0] < 10
    flat = piece(media, "", limits(picture_types=("image/jpeg",)))
    assert shown(flat.read()).convert("L").getpixel((300, 2)) > 240  # type: ignore[operator]


def test_a_film_goes_out_as_it_is() -> None:
    media, data = put(people.owner(), film(), "film.mp4")
    said = piece(media, "", WIDE)
    assert (said.kind, said.mime, said.size, said.seconds) == ("film", "video/mp4", len(data), 2.0)
    assert said.read() == data


def test_nothing_is_made_before_somebody_reads_and_equal_limits_share_it() -> None:
    media, _data = put(people.owner(), encoded(noise((300, 200)), "PNG"), "a.png")
    some, same = limits(picture_bytes=20_000), limits(picture_bytes=20_000, alt=7, films=3)
    described = piece(media, "", some)
    assert Rendition.objects.count() == 0
    fitted = described.read()
    assert piece(media, "", same).read() == fitted
    row = Rendition.objects.get()
    again = piece(media, "", same)
    assert (again.size, again.width, again.height) == (len(fitted), *shown(fitted).size)
    assert row.size == len(fitted)
    piece(media, "", limits(picture_bytes=10_000)).read()
    assert Rendition.objects.count() == 2


def test_two_workers_that_make_the_same_rendition_keep_one(monkeypatch: pytest.MonkeyPatch) -> None:
    media, _data = put(people.owner(), encoded(noise((300, 200)), "PNG"), "a.png")
    some, real = limits(picture_bytes=20_000), bench.fit

    def slow(order: object) -> object:
        monkeypatch.setattr(bench, "fit", real)
        fit(media, some)  # the other worker is done first
        return real(order)  # type: ignore[arg-type]

    monkeypatch.setattr(bench, "fit", slow)
    made = fit(media, some)
    assert made == Rendition.objects.get()
    assert len(list(store().kept())) == 3


def test_what_cannot_be_made_small_enough_is_the_authors_to_change() -> None:
    media, _data = put(people.owner(), encoded(noise((300, 200)), "PNG"), "a.png")
    with pytest.raises(Rejected) as caught:
        piece(media, "", limits(picture_bytes=100)).read()
    assert caught.value.reason == refuse.CANNOT_FIT


def test_media_deleted_meanwhile_is_rejected_with_a_reason() -> None:
    owner = people.owner()
    for wanted in (WIDE, limits(picture_pixels=100)):
        media, _data = put(owner)
        said = piece(media, "", wanted)
        remove(Media.objects.get(id=media.id))
        with pytest.raises(Rejected) as caught:
            said.read()
        assert caught.value.reason == refuse.GONE
