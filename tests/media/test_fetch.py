"""A picture or film fetched from an address: what arrives, what is refused and why, and that nothing half is kept."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests import people
from tests.media.test_pictures import cornered, encoded
from tidings import outside
from tidings.core.http import Door
from tidings.media import fetch, refuse, upload
from tidings.media.models import Media, Upload
from tidings.settings import settings
from tidings.workspaces.models import Member
from tidings.workspaces.rates import Rate

pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = encoded(cornered(), "PNG")
HELD = threading.Event()


class There(BaseHTTPRequestHandler):
    """A server out there with a picture, and every kind of trouble."""

    def do_GET(self) -> None:
        getattr(self, f"_{self.path.strip('/').partition('/')[0]}")()

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _picture(self) -> None:
        self._say(200, PICTURE, Content_Type="image/png", Content_Length=str(len(PICTURE)))

    def _page(self) -> None:
        self._say(200, b"<h1>A gallery</h1>", Content_Type="text/html; charset=utf-8")

    def _words(self) -> None:
        self._say(200, b"no picture at all", Content_Type="image/png")

    def _gone(self) -> None:
        self._say(404, b"")

    def _led(self) -> None:
        self._say(302, b"", Location="/picture/of%20the%20sea.png")

    def _round(self) -> None:
        self._say(301, b"", Location="/round")

    def _inward(self) -> None:
        self._say(302, b"", Location="http://169.254.169.254/latest/meta-data")

    def _large(self) -> None:
        self._say(200, b"", Content_Length=str(10**13))

    def _endless(self) -> None:
        self._say(200, bytes(3_000_000))

    def _cut(self) -> None:
        self._say(200, PICTURE[:50], Content_Length=str(len(PICTURE)))

    def _held(self) -> None:
        self._say(200, PICTURE[:50])
        HELD.wait(20)

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@contextmanager
def out_there() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), There)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    outside.use(Door([f"127.0.0.1:{server.server_port}"]))
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        HELD.set()
        server.shutdown()
        outside.use(None)
        HELD.clear()


@pytest.fixture
def there() -> Iterator[str]:
    with out_there() as url:
        yield url


def begun(of: Member, url: str, **more: Any) -> Any:
    said = json.dumps({"url": url, **more})
    return people.signed_in(of).post(f"{people.api(of)}/imports", said, "application/json")


def ended(of: Member, answer: Any) -> Any:
    """What the API says of the import once it is over."""
    assert answer.status_code == 202, answer.content
    at = f"{people.api(of)}/imports/{answer.json()['id']}"
    for _try in range(1000):
        said = people.signed_in(of).get(at).json()
        if said["media"] or said["problem"]:
            return said
        time.sleep(0.01)
    raise AssertionError(said)


@pytest.mark.parametrize("path", ["/picture/of%20the%20sea.png?size=large", "/led"])
def test_a_picture_is_fetched_looked_into_and_kept_under_its_name(there: str, path: str) -> None:
    owner = people.owner()
    said = ended(owner, begun(owner, there + path))
    assert (said["source"], said["problem"]) == ("127.0.0.1", "")
    media = Media.objects.get(id=said["media"]["id"])
    assert (media.mime, media.by) == ("image/png", owner.user)
    assert media.name == ("of the sea.png" if "picture" in path else "led")
    assert list(upload.arrivals()) == []


@pytest.mark.parametrize(("path", "why"), [
    ("/page", refuse.A_PAGE), ("/words", refuse.UNKNOWN), ("/gone", refuse.NOT_THERE), ("/round", refuse.LEADS_ON),
    ("/inward", refuse.NO_WAY), ("/large", refuse.TOO_LARGE), ("/cut", refuse.NO_ANSWER),
])
def test_what_cannot_be_had_is_told_in_a_sentence_and_nothing_is_kept(there: str, path: str, why: str) -> None:
    owner = people.owner()
    assert ended(owner, begun(owner, there + path))["problem"] == why
    assert not Media.objects.exists()
    assert list(upload.arrivals()) == []


def test_a_body_without_an_end_is_cut_off_at_the_limit(there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "media_limit", 2_000_000)
    owner = people.owner()
    assert ended(owner, begun(owner, f"{there}/endless"))["problem"] == refuse.TOO_LARGE


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a.png", "http://10.0.0.1/a.png", "https://[::1]/a.png"])
def test_nothing_is_fetched_from_inside(url: str) -> None:
    owner = people.owner()
    assert ended(owner, begun(owner, url))["problem"] == refuse.NO_WAY


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "picture.png", "https://user:word@example.org/a.png"])
def test_what_is_no_address_of_a_file_is_refused_at_once(url: str) -> None:
    owner = people.owner()
    assert begun(owner, url).status_code == 422
    assert not Upload.objects.exists()


def test_an_import_is_stopped_by_deleting_it_and_one_whose_process_ended_says_so(there: str) -> None:
    owner = people.owner()
    answer = begun(owner, f"{there}/held")
    at = f"{people.api(owner)}/imports/{answer.json()['id']}"
    client = people.signed_in(owner)
    assert client.get(at).json()["problem"] == ""
    assert people.signed_in(people.member(owner, "editor")).get(at).status_code == 404
    assert client.delete(at).status_code == 204
    left = upload.begin(owner, "a.png", 0, source="example.org")  # nobody is at it
    assert fetch.look(left).problem == refuse.CUT_OFF
    HELD.set()
    for _try in range(500):
        if not list(upload.arrivals()):
            break
        time.sleep(0.01)
    assert not Media.objects.exists()


def test_somebody_who_fetches_all_day_is_asked_to_wait(there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "OFTEN", Rate(1, fetch.OFTEN.per))
    owner = people.owner()
    ended(owner, begun(owner, f"{there}/gone"))
    assert begun(owner, f"{there}/gone").status_code == 429
