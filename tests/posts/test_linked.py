"""What a page says of itself: asked through the door, held small, drawn anew, and nothing of ours goes along."""

import base64
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from tests import people
from tests.media.test_pictures import cornered, encoded
from tidings import outside
from tidings.core.http import Door
from tidings.posts import linked as looking
from tidings.settings import settings

pytestmark = pytest.mark.django_db
HEAD = (
    '<head><title>Plain</title><meta property="og:title" content="A bench\n that &lt;folds&gt;">'
    '<meta name="description" content="Of ash"><meta property="og:image" content="/bench.png"></head>'
)
PAGES = {
    "/bench": ("text/html; charset=utf-8", HEAD.encode()),
    "/bench.png": ("image/png", encoded(cornered(), "PNG")),
    "/bad-picture": ("text/html", b'<meta property="og:image" content="/bench"><title>B</title>'),
    "/file": ("application/pdf", HEAD.encode()),
    "/long": ("text/html", b"<p>" + b"x" * looking.PAGE + HEAD.encode()),
    "/inside": ("text/html", b'<title>T</title><meta property="og:image" content="http://10.0.0.1/x.png">'),
}


class Site(BaseHTTPRequestHandler):
    seen: list[tuple[str, dict[str, str]]] = []

    def do_GET(self) -> None:
        Site.seen.append((self.path, dict(self.headers.items())))
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to"))
            self.end_headers()
            return
        kind, body = PAGES.get(self.path, ("", b""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Silence."""


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"127.0.0.1:{server.server_port}"
    Site.seen.clear()
    cache.clear()
    outside.use(Door([at]))
    yield f"http://{at}"
    outside.use(None)
    server.shutdown()
    server.server_close()


def test_a_page_is_shown_by_what_it_declares_and_its_picture_is_drawn_anew(site: str) -> None:
    found = looking.linked(people.owner(), f"{site}/to/bench")
    assert (found.title, found.description) == ("A bench that <folds>", "Of ash")
    raw = base64.b64decode(found.picture.removeprefix("data:image/webp;base64,"))
    assert Image.open(io.BytesIO(raw)).format == "WEBP"
    assert [path for path, _headers in Site.seen] == ["/to/bench", "/bench", "/bench.png"]
    told = {name for _path, headers in Site.seen for name in headers}
    assert told <= {"Host", "User-Agent", "Accept", "Accept-Encoding"}


def test_a_page_is_asked_once_in_ten_minutes_for_a_workspace(site: str) -> None:
    member = people.owner()
    first = looking.linked(member, f"{site}/bench")
    assert looking.linked(member, f"{site}/bench") == first
    assert len(Site.seen) == 2


@pytest.mark.parametrize("path", ["/file", "/long", "/nothing", "/to/to/to/to/to/bench"])
def test_what_is_no_page_or_says_nothing_early_has_no_card(site: str, path: str) -> None:
    assert looking.linked(people.owner(), f"{site}{path}") == looking.Linked(f"{site}{path}")


@pytest.mark.parametrize("path", ["/bad-picture", "/inside"])
def test_a_picture_that_is_none_or_lies_inside_is_left_out(site: str, path: str) -> None:
    found = looking.linked(people.owner(), f"{site}{path}")
    assert found.title
    assert found.picture == ""


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://169.254.169.254/", "file:///etc/hosts", "http://[", ""])
def test_no_address_inside_and_nothing_but_the_web_is_asked(site: str, url: str) -> None:
    assert looking.linked(people.owner(), url) == looking.Linked(url)
    assert Site.seen == []


def test_an_operator_can_want_none_of_it(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = people.owner()
    client = Client()
    client.force_login(owner.user)
    asked = f"/api/v1/workspaces/{owner.workspace.slug}/links?url={site}/bench"
    assert client.get(asked).json()["title"] == "A bench that <folds>"
    monkeypatch.setattr(settings(), "link_previews", False)
    assert client.get(asked).status_code == 404


def test_nobody_can_have_the_server_ask_without_end(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "OFTEN", looking.Rate(1, looking.OFTEN.per))
    owner = people.owner()
    looking.linked(owner, f"{site}/nothing")
    with pytest.raises(looking.TooOften):
        looking.linked(owner, f"{site}/file")
