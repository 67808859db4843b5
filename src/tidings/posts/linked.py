"""What a page says of itself, for the card that a network will make of a link: its title, description and picture.

Only the page itself is asked, for what anybody may read there; the request carries nothing but its address. What comes
back is never passed on as it is: the words are plain text, and the picture is drawn anew by the press, small.
"""

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import structlog
from django.core.cache import cache

from tidings import outside
from tidings.core.addresses import spelt
from tidings.core.http import NoAnswer, Request
from tidings.media import bench
from tidings.media.aside import aside
from tidings.media.order import Take
from tidings.media.refuse import Refused
from tidings.workspaces.models import Member
from tidings.workspaces.rates import Rate, knock

log = structlog.get_logger(__name__)

OFTEN = Rate(120, timedelta(minutes=10))  # pages for one person
AT_ONCE = threading.BoundedSemaphore(4)  # in this process
KEPT = 600  # seconds, in this process's memory, for a workspace
PAGE, PICTURE = 512_000, 2_000_000  # bytes read of each
SECONDS = 5.0
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST = 300  # characters of a title or description
NAMES = {
    "title": ("og:title", "twitter:title"),
    "description": ("og:description", "twitter:description", "description"),
}
PICTURES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image")


class TooOften(Exception):
    """Come again after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True)
class Linked:
    """The card of a page; empty where the page says nothing. `picture` is a data: address of a small WEBP."""

    url: str
    title: str = ""
    description: str = ""
    picture: str = ""


def linked(member: Member, url: str) -> Linked:
    """What the page at this address says of itself; raises TooOften. A page that cannot be read says nothing."""
    name = f"linked:{member.workspace_id}:{hashlib.sha256(url.encode()).hexdigest()}"
    if kept := cache.get(name):
        return Linked(**kept)
    if wait := knock(OFTEN, "linked", str(member.user_id)):
        raise TooOften(wait)
    if not AT_ONCE.acquire(blocking=False):
        return Linked(url)
    try:
        found = _asked(url)
    finally:
        AT_ONCE.release()
    cache.set(name, asdict(found), KEPT)
    return found


def _asked(url: str) -> Linked:
    until = time.monotonic() + SECONDS
    try:
        at, kind, body = _read(url, "text/html", PAGE, until)
        if not kind.startswith(("text/html", "application/xhtml")):
            return Linked(url)
        page = Page(_decoded(body, kind))
        found = replace(page.card(url), picture="")
        return replace(found, picture=_picture(urljoin(at, page.picture), until + SECONDS)) if page.picture else found
    except (NoAnswer, Refused, ValueError) as reason:
        log.info("no card", reason=type(reason).__name__)
        return Linked(url)


def _read(url: str, accept: str, most: int, until: float) -> tuple[str, str, bytes]:
    """Where it is in the end, of what type, and its first bytes; from https never back to http."""
    for _redirect in range(MOST_REDIRECTS + 1):
        if spelt(url)[0].scheme not in ("http", "https"):
            raise ValueError("no page")
        with outside.door().flow(Request("GET", url, "preview", {"Accept": accept}, seconds=SECONDS)) as flow:
            if flow.status not in REDIRECTS:
                if flow.status != 200:
                    raise ValueError("no page")
                return url, flow.headers.get("content-type", "").lower(), b"".join(_pieces(flow.pieces, most, until))
            led = urljoin(url, flow.headers.get("location", ""))
        if url.startswith("https:") and urlsplit(led).scheme != "https":
            raise ValueError("no page")
        url = led
    raise ValueError("it leads on and on")


def _pieces(coming: Iterator[bytes], most: int, until: float) -> Iterator[bytes]:
    arrived = 0
    for piece in coming:
        yield piece[: most - arrived]
        arrived += len(piece)
        if arrived >= most or time.monotonic() > until:
            return


def _decoded(body: bytes, kind: str) -> str:
    """By the charset that was said, else as nearly every page is written."""
    _type, _, said = kind.partition("charset=")
    with suppress(LookupError):
        return body.decode(said.split(";")[0].strip(" \"'") or "utf-8", "replace")
    return body.decode("utf-8", "replace")


def _picture(url: str, until: float) -> str:
    """Drawn anew and small; nothing when it is too heavy, or none."""
    try:
        _at, _kind, raw = _read(url, "image/*", PICTURE, until)
        if len(raw) == PICTURE:
            return ""
        with aside() as folder:
            path, small = folder / "picture", folder / "small"
            path.write_bytes(raw)
            if not bench.take(Take(str(path), str(small))).thumbnail:
                return ""
            return f"data:image/webp;base64,{base64.b64encode(small.read_bytes()).decode()}"
    except (NoAnswer, Refused, ValueError, OSError):
        return ""


class Page(HTMLParser):
    """The words in a page's head."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self._title: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A <meta> says something, a <title> begins."""
        here = dict(attrs)
        if tag == "meta" and (name := (here.get("property") or here.get("name") or "").lower()):
            self.said.setdefault(name, here.get("content") or "")
        elif tag == "title" and "title" not in self.said:
            self._title = []

    def handle_data(self, data: str) -> None:
        """Part of the title, perhaps."""
        if self._title is not None:
            self._title.append(data)

    def handle_endtag(self, tag: str) -> None:
        """The title ends."""
        if tag == "title" and self._title is not None:
            self.said["title"] = "".join(self._title)
            self._title = None

    @property
    def picture(self) -> str:
        """Where its picture is."""
        return next((self.said[name] for name in PICTURES if self.said.get(name)), "")

    def card(self, url: str) -> Linked:
        """Its words, on one line and not too long."""
        words = {
            name: next((said for one in (*ones, name) if (said := " ".join(self.said.get(one, "").split()))), "")
            for name, ones in NAMES.items()
        }
        return Linked(url, **{name: said[:LONGEST] for name, said in words.items()})
