"""A person at the running program, with nothing but HTTP: pages, their forms, and the API as the composer uses it."""

import base64
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from html import unescape
from http.cookiejar import CookieJar
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

T = TypeVar("T")
TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


class Visitor:
    """One browser: cookies, the address it stands at, and what it sees there."""

    def __init__(self, url: str) -> None:
        self.url, self.at = url, url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def look(self, path: str) -> str:
        """A page, redirects followed; fails the test unless it is there."""
        return self._ask("GET", path)[1].decode()

    def submit(self, path: str, **fields: str) -> str:
        """Open the page, fill its form in and send it; the page after that."""
        self.look(path)
        body = urlencode({**fields, "csrfmiddlewaretoken": self._token()}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", urlsplit(self.at).path, body, kind)[1].decode()

    def press(self, path: str) -> str:
        """Press a button that asks for nothing more; the page after that."""
        return self._ask("POST", path, b"")[1].decode()

    def api(self, method: str, path: str, wish: Any = None) -> Any:
        """What the API says to this wish."""
        body = None if wish is None else json.dumps(wish).encode()
        said = self._ask(method, path, body, {"Content-Type": "application/json"})[1]
        return json.loads(said) if said else None

    def upload(self, uploads: str, name: str, data: bytes) -> Any:
        """Bring a file in two pieces, as a line that broke would; what the library made of it."""
        half = len(data) // 2
        named = f"filename {base64.b64encode(name.encode()).decode()}"
        about = {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": named}
        made = self._ask("POST", uploads, data[:half], about)[0]
        place = urlsplit(made["Location"]).path
        self._ask("PATCH", place, data[half:], {**TUS, "Upload-Offset": made["Upload-Offset"]})
        return until(lambda: self.api("GET", place)["media"], 30)

    def _token(self) -> str:
        return next((cookie.value or "" for cookie in self.cookies if cookie.name == "csrf"), "")

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[Any, bytes]:
        proof = {"X-CSRFToken": self._token(), "Referer": self.at} if method != "GET" else {}
        request = urllib.request.Request(self.url + path, body, {**(headers or {}), **proof}, method=method)
        try:
            with self.opener.open(request, timeout=30) as answer:
                self.at = answer.url
                return answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()[-600:]}") from error


def until(look: Callable[[], T | None], seconds: float) -> T:
    """What `look` gives once it gives something; fails the test when patience ends first."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.3)
    return found


def leads_to(page: str) -> str:
    """Where the page that says goodbye leads."""
    found = re.search(r'http-equiv="refresh" content="\d+;url=([^"]+)"', page)
    assert found, page[-600:]
    return unescape(found[1])
