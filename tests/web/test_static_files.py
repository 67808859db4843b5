"""Styles, scripts and signs of the pages: kept for ever by the browser, and never another build's."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.media.stack import Answer, browser, served

pytestmark = pytest.mark.django_db(transaction=True)

MARKED = re.compile(r"(?:href|src)=\"(/static/[\w-]{5}/[^\"]+)\"")
OLD, NEW = b"first();" * 50, b"second();" * 700


@pytest.fixture
def built(tmp_path: Path, transactional_db: None) -> Iterator[Path]:
    """A folder of files that the pages have besides."""
    write(tmp_path, OLD)
    with override_settings(STATICFILES_DIRS=[tmp_path]):
        yield tmp_path


def write(folder: Path, script: bytes) -> None:
    """As a build does: each file whole, in the place of the one before."""
    for name, data in {"tried.js": script, "tried.js.gz": gzip.compress(script)}.items():
        (folder / f".{name}").write_bytes(data)
        (folder / f".{name}").replace(folder / name)


def got(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    return browser(port, None).ask(method, path, **headers)


def named(port: int) -> list[str]:
    """The files that a page names."""
    return MARKED.findall(got(port, "/accounts/login/").body.decode())


def marked(port: int, name: str) -> str:
    """Where a page of this server would name a file."""
    return "/".join([*named(port)[0].split("/")[:3], name])


def test_a_page_names_files_that_are_kept_for_ever_and_come_whole_and_compressed(transactional_db: None) -> None:
    with served() as port:
        paths = named(port)
        assert {path.rsplit("/", 1)[1] for path in paths} >= {"app.js", "app.css", "inter-latin.woff2", "logo.svg"}
        for path in paths:
            answer = got(port, path, Accept_Encoding="gzip, br")
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert int(answer.headers["Content-Length"]) == len(answer.body) > 0
            assert answer.headers["Content-Encoding"] == ("br" if path.endswith(("app.js", "app.css")) else None)


def test_a_file_comes_in_the_way_that_the_browser_takes(built: Path) -> None:
    with served() as port:
        path = marked(port, "tried.js")
        plain, packed = got(port, path), got(port, path, Accept_Encoding="br;q=0.8, gzip")
        refused = got(port, path, Accept_Encoding="gzip;q=0, identity")
        bare = got(port, path, "HEAD", Accept_Encoding="gzip")

    assert plain.body == refused.body == gzip.decompress(packed.body) == OLD
    assert [one.headers["Content-Encoding"] for one in (plain, refused, packed, bare)] == [None, None, "gzip", "gzip"]
    assert {one.headers["Vary"] for one in (plain, refused, packed)} == {"Accept-Encoding"}
    assert {one.headers["Content-Type"] for one in (plain, packed)} == {"text/javascript; charset=utf-8"}
    assert (bare.body, bare.headers["Content-Length"]) == (b"", packed.headers["Content-Length"])


def test_a_build_under_a_running_server_shows_whole_and_with_another_address_after_the_next_start(built: Path) -> None:
    with served() as port:
        old = marked(port, "tried.js")
        write(built, NEW)
        during = [got(port, old), got(port, "/static/tried.js"), got(port, old, Accept_Encoding="gzip")]
        assert marked(port, "tried.js") == old
    with served() as port:
        new, gone = marked(port, "tried.js"), got(port, old)
        after = got(port, new)

    assert [during[0].body, during[1].body, gzip.decompress(during[2].body), after.body] == [OLD, OLD, OLD, NEW]
    assert new != old
    assert gone.status == 404
    assert gone.headers["Cache-Control"] == "no-store"
    assert b"load the page again" in gone.body


def test_an_address_without_a_mark_is_asked_for_anew_each_time(built: Path) -> None:
    with served() as port:
        first = got(port, "/static/tried.js")
        again = got(port, "/static/tried.js", If_None_Match=first.headers["ETag"])
        write(built, NEW)
    with served() as port:
        other = got(port, "/static/tried.js", If_None_Match=first.headers["ETag"])

    assert first.headers["Cache-Control"] == "public, no-cache"
    assert (again.status, again.body) == (304, b"")
    assert (other.status, other.body) == (200, NEW)


@pytest.mark.parametrize("path", [
    "nothing.js", "0123456789abcdef/built/app.js", "built/", "", "built/.made-from", "../x", "%2e%2e/urls.py",
])  # fmt: skip
def test_what_is_no_file_of_the_pages_is_not_there(built: Path, path: str) -> None:
    with served() as port:
        assert got(port, f"/static/{path}").status == 404
