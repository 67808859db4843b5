"""Downloads straight from the bucket, by an address that it signs for a minute; everything else passes through us."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from tests import people
from tests.media.library import put
from tests.media.s3 import S3, s3  # noqa: F401 -- the bucket, as a fixture
from tests.media.stack import browser
from tidings.core import clock
from tidings.instance import checks
from tidings.media import sign
from tidings.settings import settings
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db(transaction=True)
OFF = "Mend that, or switch TIDINGS_MEDIA_SIGNED off: downloads then pass through Tidings."


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the operator wishes it."""
    monkeypatch.setattr(settings(), "media_signed", True)


def fetched(address: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", address, redirect=False)


def test_a_download_is_sent_to_the_bucket_for_a_minute(port: int, s3: S3, signed: None) -> None:  # noqa: F811
    owner = people.owner()
    media, data = put(owner, name="Brötchen am Morgen.jpg")
    sent = browser(port, owner.user).ask("GET", f"/media/{media.id}/original?download")
    assert (sent.status, sent.body, sent.headers["Cache-Control"]) == (302, b"", "no-store")
    assert sent.headers["Referrer-Policy"] == "no-referrer"
    address = sent.headers["Location"]
    assert parse_qs(urlsplit(address).query)["X-Amz-Expires"] == ["60"]
    got = fetched(address)
    assert (got.status, got.data) == (200, data)
    assert got.headers["Content-Disposition"] == "attachment; filename*=utf-8''Br%C3%B6tchen%20am%20Morgen.jpg"
    assert (got.headers["Content-Type"], got.headers["Cache-Control"]) == ("image/jpeg", "no-store")


def test_whoever_may_not_read_gets_no_address(port: int, s3: S3, signed: None) -> None:  # noqa: F811
    owner = people.owner()
    media, _data = put(owner)
    stranger, at = people.owner().user, f"/media/{media.id}/original?download"
    member = browser(port, owner.user)
    assert member.ask("GET", at).status == 302
    for who in (browser(port, None), browser(port, stranger)):
        refused = who.ask("GET", at)
        assert (refused.status, "Location" in refused.headers) == (404, False)
    Member.objects.filter(pk=owner.pk).delete()
    assert member.ask("GET", at).status == 404


def test_what_a_page_shows_still_passes_through_us(port: int, s3: S3, signed: None) -> None:  # noqa: F811
    owner = people.owner()
    media, data = put(owner)
    who = browser(port, owner.user)
    assert who.ask("GET", f"/media/{media.id}/thumbnail").status == 200
    assert who.ask("GET", f"/media/{media.id}/original").body == data
    head = who.ask("HEAD", f"/media/{media.id}/original?download")  # an address is good for GET alone
    assert (head.status, head.headers["Content-Length"]) == (200, str(len(data)))


def test_without_the_wish_no_address_of_the_bucket_leaves(port: int, s3: S3) -> None:  # noqa: F811
    owner = people.owner()
    media, data = put(owner)
    got = browser(port, owner.user).ask("GET", f"/media/{media.id}/original?download")
    assert (got.status, got.body, "Location" in got.headers) == (200, data, False)


def test_media_in_a_folder_are_downloaded_as_ever(port: int, signed: None) -> None:
    owner = people.owner()
    media, data = put(owner)
    got = browser(port, owner.user).ask("GET", f"/media/{media.id}/original?download")
    assert (got.status, got.body) == (200, data)


def test_an_address_opens_nothing_else_and_ends(
    port: int, s3: S3, signed: None, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    owner = people.owner()
    (media, _one), (other, _two) = put(owner), put(owner, name="other.jpg")
    who = browser(port, owner.user)
    address = who.ask("GET", f"/media/{media.id}/original?download").headers["Location"]
    for wrong in (
        address.replace(media.key, other.key), address.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
        address.replace("attachment", "inline"), re.sub("X-Amz-Signature=.{8}", "X-Amz-Signature=00000000", address),
    ):  # fmt: skip
        assert wrong != address
        assert fetched(wrong).status == 403
    early = clock.now() - timedelta(seconds=sign.SECONDS + 2)
    monkeypatch.setattr(sign.clock, "now", lambda: early)
    late = who.ask("GET", f"/media/{media.id}/original?download").headers["Location"]
    assert fetched(late).status == 403


def said() -> list[tuple[str, str]]:
    """What doctor says of signed addresses."""
    return [(one.level, one.sentence) for one in checks.found() if one.name == "media-signed"]


def test_doctor_tries_an_address_out_and_leaves_nothing(s3: S3, signed: None) -> None:  # noqa: F811
    assert said() == []
    assert s3.objects == {}
    s3.unlent = True
    host = f"127.0.0.1:{s3.port}"
    assert said() == [("error", f"{host} gives no download by an address that it signed: HTTP 403. {OFF}")]
    assert s3.objects == {}


def test_doctor_finds_a_bucket_that_people_s_browsers_cannot_reach(
    s3: S3, signed: None, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    monkeypatch.setattr(settings(), "base_url", "https://social.example.org")
    levels = {sentence.partition(".")[0]: level for level, sentence in said()}
    assert levels == {
        "Browsers refuse downloads that leave HTTPS": "error", "Downloads lead to 127": "warning",
    }  # fmt: skip


def test_doctor_tries_no_address_that_nobody_gets(s3: S3) -> None:  # noqa: F811
    s3.unlent = True
    assert said() == []
