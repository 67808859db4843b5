"""Files as a browser asks for them: in parts, kept for a day, harmless, and only for members."""

import pytest
from django.contrib.sessions.models import Session

from tests import people
from tests.media.library import put
from tests.media.stack import browser
from tidings.core import clock
from tidings.settings import settings
from tidings.web.middleware import LIFETIME, SEEN
from tidings.workspaces.sessions import SessionStore

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_part_of_a_file_is_answered_with_that_part(port: int) -> None:
    owner = people.owner()
    media, data = put(owner)
    who, at = browser(port, owner.user), f"/media/{media.id}/original"
    whole = who.ask("GET", at)
    assert (whole.status, whole.body, whole.headers["Accept-Ranges"]) == (200, data, "bytes")
    part = who.ask("GET", at, Range="bytes=10-19")
    assert (part.status, part.body) == (206, data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(data)}"
    assert who.ask("GET", at, Range="bytes=-5").body == data[-5:]
    assert who.ask("GET", at, Range=f"bytes={len(data)}-").status == 416
    head = who.ask("HEAD", at)
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(data)))


def test_a_part_is_only_given_of_the_same_file(port: int) -> None:
    owner = people.owner()
    media, data = put(owner)
    who, at = browser(port, owner.user), f"/media/{media.id}/original"
    etag = who.ask("HEAD", at).headers["ETag"]
    assert who.ask("GET", at, Range="bytes=0-4", If_Range=etag).body == data[:5]
    assert who.ask("GET", at, Range="bytes=0-4", If_Range='"another"').body == data
    assert who.ask("GET", at, If_None_Match=etag).status == 304


def test_a_file_can_do_nothing_in_a_browser_and_is_kept_by_nobody_else(port: int) -> None:
    owner = people.owner()
    media, _data = put(owner, name='a"b\r\nSet-Cookie: x=1.jpg')
    who = browser(port, owner.user)
    got = who.ask("GET", f"/media/{media.id}/original").headers
    assert got["Content-Type"] == "image/jpeg"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got["Cache-Control"].startswith("private")
    assert got["Content-Disposition"].startswith("inline")
    assert "Set-Cookie" not in got
    saved = who.ask("GET", f"/media/{media.id}/original?download").headers
    assert saved["Content-Disposition"].startswith("attachment")


def test_a_thumbnail_is_a_small_webp(port: int) -> None:
    owner = people.owner()
    media, _data = put(owner)
    got = browser(port, owner.user).ask("GET", f"/media/{media.id}/thumbnail")
    assert (got.status, got.headers["Content-Type"], got.body[8:12]) == (200, "image/webp", b"WEBP")


def test_strangers_learn_nothing_of_a_file(port: int) -> None:
    owner, other = people.owner(), people.owner()
    media, data = put(owner)
    at = f"/media/{media.id}/original"
    assert browser(port, people.member(owner, "client").user).ask("GET", at).body == data
    for who in (browser(port, None), browser(port, other.user)):
        for method in ("GET", "HEAD"):
            got = who.ask(method, at)
            assert (got.status, got.body) == (404, b"")


def test_a_session_that_ended_opens_nothing(port: int) -> None:
    owner = people.owner()
    media, _data = put(owner)
    who = browser(port, owner.user)
    owner.user.set_password("another correct horse")
    owner.user.save()
    assert who.ask("GET", f"/media/{media.id}/original").status == 404


def test_a_sign_in_of_more_than_a_month_ago_opens_nothing(port: int) -> None:
    owner = people.owner()
    media, _data = put(owner)
    who, now = browser(port, owner.user), clock.now().timestamp()
    session = SessionStore(Session.objects.get().pk)
    for since, status in ((now - LIFETIME + 60, 200), (now - LIFETIME - 60, 404)):
        session[SEEN] = (session.session_key, now, since)
        session.save()
        assert who.ask("GET", f"/media/{media.id}/original").status == status


def test_whoever_has_not_set_up_the_second_factor_that_all_must_have_gets_no_file(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = people.owner()
    media, _data = put(owner)
    monkeypatch.setattr(settings(), "second_factor", "required")
    assert browser(port, owner.user).ask("GET", f"/media/{media.id}/original").status == 404


def test_there_are_no_other_files(port: int) -> None:
    owner = people.owner()
    media, _data = put(owner)
    who = browser(port, owner.user)
    assert who.ask("GET", f"/media/{media.id}/keys").status == 404
    assert who.ask("GET", "/media/..%2f..%2fkeys.json/original").status == 404
