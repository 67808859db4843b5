"""People upload and see media as ever when a bucket holds them, through us alone; and a bucket that is away is said."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import people
from tests.media.conftest import empty_folders  # noqa: F401 -- a fixture
from tests.media.library import put
from tests.media.s3 import S3, s3  # noqa: F401 -- a fixture
from tests.media.stack import browser, served
from tests.media.test_fit import limits, noise
from tests.media.test_pictures import encoded
from tidings.core import clock
from tidings.media import fit
from tidings.media.models import Media, Rendition
from tidings.media.remove import remove, sweep
from tidings.settings import settings

pytestmark = pytest.mark.django_db(transaction=True)
STEP = 1 << 20


@pytest.fixture
def port(transactional_db: None, s3: S3) -> Iterator[int]:  # noqa: F811
    """The application over real HTTP, with media in a bucket."""
    with served() as port:
        yield port


def files() -> set[Path]:
    """What is in the folders of media; other tests may have left something there."""
    folders = [settings().home / name for name in ("media", "uploads", "cache")]
    return {found for folder in folders for found in folder.rglob("*") if found.is_file()}


def test_an_upload_becomes_objects_of_the_bucket_and_no_file_here(port: int, s3: S3) -> None:  # noqa: F811
    owner, data = people.owner(), encoded(noise((900, 700)), "PNG")
    who, before = browser(port, owner.user), files()
    where = who.begin(owner, len(data)).headers["Location"]
    assert who.patch(where, 0, data).status == 204
    media = Media.objects.get()
    assert set(s3.objects) == {media.key, media.thumbnail}
    assert files() == before
    got = who.ask("GET", f"/media/{media.id}/original")
    assert (got.status, got.body) == (200, s3.objects[media.key][0])
    assert who.ask("GET", f"/media/{media.id}/thumbnail").body == s3.objects[media.thumbnail][0]
    assert str(s3.port) not in str(got.headers)
    assert "amz" not in str(got.headers).lower()


def test_parts_and_conditions_are_answered_as_from_a_folder(port: int) -> None:
    media, _small = put(owner := people.owner(), encoded(noise((1000, 900)), "PNG"), "noise.png")
    who, at = browser(port, owner.user), f"/media/{media.id}/original"
    whole = who.ask("GET", at)
    data = whole.body
    assert len(data) > 2 * STEP
    for part, body in (("bytes=10-19", data[10:20]), ("bytes=-5", data[-5:]), (f"bytes={STEP - 1}-", data[STEP - 1 :])):
        got = who.ask("GET", at, Range=part)
        assert (got.status, got.body, got.headers["Content-Length"]) == (206, body, str(len(body)))
    assert who.ask("GET", at, Range=f"bytes={len(data)}-").status == 416
    assert data[3:7] in who.ask("GET", at, Range="bytes=0-1, 3-6").body
    head = who.ask("HEAD", at)
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(data)))
    assert who.ask("GET", at, If_None_Match=whole.headers["ETag"]).status == 304
    assert who.ask("GET", at, Range="bytes=1-2", If_Range='"another"').status == 200


def test_nobody_gets_from_the_bucket_what_is_not_theirs(port: int, s3: S3) -> None:  # noqa: F811
    media, _data = put(people.owner())
    before = s3.asked["GET"]
    for who in (None, people.owner().user):
        assert browser(port, who).ask("GET", f"/media/{media.id}/original").status == 404
    assert s3.asked["GET"] == before


def test_a_network_fetches_a_copy_out_of_the_bucket(port: int, s3: S3) -> None:  # noqa: F811
    media, _data = put(people.owner(), encoded(noise((300, 200)), "PNG"), "a.png")
    at = fit.link(media, limits(picture_bytes=20_000)).removeprefix(settings().url)
    copy = Rendition.objects.get()
    got = browser(port, None).ask("GET", at)
    assert (got.status, got.body) == (200, s3.objects[copy.key][0])
    assert browser(port, None).ask("GET", at, Range="bytes=2-4").body == got.body[2:5]
    del s3.objects[copy.key]
    assert browser(port, None).ask("GET", at).status == 410
    s3.down = True
    assert browser(port, None).ask("GET", at).status == 503


def test_while_the_bucket_is_away_it_is_said_and_afterwards_nothing_is_missing(port: int, s3: S3) -> None:  # noqa: F811
    media, _data = put(owner := people.owner())
    who, data = browser(port, owner.user), encoded(noise((300, 200)), "PNG")
    where = who.begin(owner, len(data)).headers["Location"]
    s3.down = True
    shown = who.ask("GET", f"/media/{media.id}/original")
    assert (shown.status, shown.headers["Retry-After"]) == (503, "30")
    last = who.patch(where, 0, data)
    assert (last.status, "does not answer" in json.loads(last.body)["detail"]) == (503, True)
    assert who.ask("HEAD", where).headers["Upload-Offset"] == str(len(data))
    s3.down = False
    assert json.loads(who.ask("GET", where).body)["media"]["width"] == 300
    assert who.ask("GET", f"/media/{media.id}/original").status == 200


def test_what_could_not_be_deleted_is_swept_up_later(port: int, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    media, _data = put(people.owner())
    s3.breaks = "DELETE"
    remove(media)
    assert (Media.objects.count(), len(s3.objects)) == (0, 2)
    s3.breaks = ""
    assert sweep(clock.now()) == 0, "what just came may belong to a row that is being written"
    left = settings().home / "cache" / "left"
    left.parent.mkdir(exist_ok=True)
    left.touch()
    with clock.shifted(fit.public.DAY * 2):
        assert sweep(clock.now()) == 2
    assert (s3.objects, left.exists()) == ({}, False)
