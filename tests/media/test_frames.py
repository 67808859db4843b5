"""The frame that stands for a film: chosen on its page, cut out by a real ffmpeg."""

import io
import json
import subprocess
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import people
from tests.media.films import ffmpeg
from tests.media.library import put
from tests.media.stack import Browser, browser
from tidings.media.models import Media
from tidings.media.store import store

pytestmark = [ffmpeg, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    """One second of red, one of green, one of blue."""
    path = tmp_path / "film.mp4"
    colours = [f"color={colour}:size=320x180:duration=1:rate=25" for colour in ("red", "lime", "blue")]
    inputs = [word for colour in colours for word in ("-f", "lavfi", "-i", colour)]
    call = ["ffmpeg", "-v", "error", *inputs, "-filter_complex", "concat=n=3", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(call, check=True)
    return path.read_bytes()


def colour(who: Browser, media: Media) -> str:
    """What the picture of the film mostly is."""
    answer = who.ask("GET", f"/media/{media.id}/thumbnail")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
    pixel = Image.open(io.BytesIO(answer.body)).convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return ("red", "green", "blue")[pixel.index(max(pixel))]


def test_a_person_chooses_the_frame_and_sees_that_one(port: int, film: bytes) -> None:
    owner = people.owner()
    media, _data = put(owner, film, "film.mp4")
    who, page = browser(port, owner.user), f"{people.home(owner)}/media/{media.id}"
    assert media.seconds == pytest.approx(3, abs=0.1)
    assert b"data-frame" in who.ask("GET", page).body
    former = who.ask("GET", f"/media/{media.id}/thumbnail").headers["ETag"]
    for at, seen in ((1.5, "green"), (2.9, "blue"), (media.seconds, "blue"), (0.2, "red")):
        sent = who.ask("POST", f"{page}/frame", f"at={at}", Content_Type="application/x-www-form-urlencoded")
        assert sent.status == 302
        assert colour(who, media) == seen
    again = who.ask("GET", f"/media/{media.id}/thumbnail", If_None_Match=former)
    assert (again.status, "no-cache" in again.headers["Cache-Control"]) == (200, True)


def test_a_program_chooses_the_frame_and_no_moment_beyond_the_film(film: bytes) -> None:
    owner = people.owner()
    media, _data = put(owner, film, "film.mp4")
    client, address = people.signed_in(owner), f"{people.api(owner)}/media/{media.id}"
    before = media.thumbnail
    for at, status in ((-1, 422), (60, 422), (2.5, 200)):
        assert client.patch(address, json.dumps({"poster_at": at}), "application/json").status_code == status
    media.refresh_from_db()
    assert media.poster_at == 2.5
    assert media.thumbnail not in ("", before)


def test_a_picture_of_ones_own_stands_for_a_film(film: bytes) -> None:
    owner = people.owner()
    media, _data = put(owner, film, "film.mp4")
    client, page = people.signed_in(owner), f"{people.home(owner)}/media/{media.id}"
    former = media.thumbnail
    blue = io.BytesIO()
    Image.new("RGB", (640, 360), "blue").save(blue, "PNG")
    brought = SimpleUploadedFile("blue.png", blue.getvalue(), "image/png")
    assert client.post(f"{page}/frame", {"picture": brought}).status_code == 302
    media.refresh_from_db()
    assert media.thumbnail not in ("", former)
    assert shown(media) == (0, 0, 255)
    client.post(f"{page}/frame", {"picture": SimpleUploadedFile("no.png", b"no picture at all", "image/png")})
    assert shown(media) == (0, 0, 255)


def test_a_program_lends_a_film_a_picture_of_the_library_and_none_of_elsewhere(film: bytes) -> None:
    owner, stranger = people.owner(), people.owner()
    media, _data = put(owner, film, "film.mp4")
    green = io.BytesIO()
    Image.new("RGB", (640, 360), "lime").save(green, "PNG")
    picture, foreign = put(owner, green.getvalue(), "g.png")[0], put(stranger, green.getvalue(), "g.png")[0]
    client, api = people.signed_in(owner), f"{people.api(owner)}/media"
    for film_id, poster, status in (
        (media.id, foreign.id, 404), (media.id, media.id, 422), (picture.id, picture.id, 422),
        (media.id, picture.id, 200),
    ):  # fmt: skip
        sent = client.patch(f"{api}/{film_id}", json.dumps({"poster": str(poster)}), "application/json")
        assert sent.status_code == status, sent.content
    assert client.delete(f"{api}/{picture.id}").status_code == 204
    media.refresh_from_db()
    assert shown(media)[1] > 200


def shown(media: Media) -> tuple[int, int, int]:
    """The colour in the middle of what stands for it."""
    media.refresh_from_db()
    with store().open(media.thumbnail) as file:
        picture = Image.open(file).convert("RGB")
    red, green, blue = (picture.getchannel(band).getpixel((picture.width // 2, picture.height // 2)) for band in "RGB")
    near = [round(float(str(one)) / 255) * 255 for one in (red, green, blue)]
    return near[0], near[1], near[2]
