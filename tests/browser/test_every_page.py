"""Through every page of the program with one browser: cookies exactly as declared, nobody else asked, policy kept.

The pages come from the address patterns, so a page that is added is visited; tests/browser/watch.py looks on.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, Response

from tests.browser.conftest import Open, watch_of
from tests.browser.serving import Server
from tests.journeys.hostile import pages
from tidings.media.public import PROBE
from tidings.privacy import cookies

API = "/api/v1/workspaces/demo"
MOST_WAITING = 60  # seconds a cookie may have grown older than it was declared, and no more


def visited(page: Page, named: dict[str, str]) -> dict[str, int]:
    """Every address that answers a GET with HTML, opened in the window; the status of each."""
    seen: dict[str, int] = {}
    for address in sorted({pattern.format_map(named) for pattern in pages()}):
        if address.startswith("/api/"):
            continue
        asked = page.request.get(address, max_redirects=0)
        if not asked.body() or "text/html" not in asked.headers.get("content-type", ""):
            continue  # only for POST, leads on to another page of the list, or no page
        answer = page.goto(address, wait_until="load")
        assert answer, address
        seen[address] = answer.status
        strict(answer)
    return seen


def strict(answer: Response) -> None:
    """The page's policy lets nothing in from elsewhere, and nothing run that stands in the page."""
    policy = answer.headers["content-security-policy"]
    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy.split("; ")), answer.url
    assert not {word for word in policy.split() if word.startswith(("'unsafe", "http", "*", "'nonce", "'sha"))}


def kept(page: Page) -> Iterator[tuple[str, Any]]:
    """What the browser keeps of each cookie, in the words of the list."""
    for cookie in page.context.cookies():
        said = [f"Path={cookie.get('path')}", f"SameSite={cookie.get('sameSite')}"]
        flags = (("Secure", cookie.get("secure")), ("HttpOnly", cookie.get("httpOnly")))
        left = cookie.get("expires", 0) - time.time()
        yield cookie.get("name", ""), (cookie.get("domain"), *said, *(word for word, yes in flags if yes), left)


def assert_declared(page: Page, host: str, every: bool) -> None:
    """The browser keeps the cookies of the list, as the list says, and no other."""
    declared = {cookie.name: cookie for cookie in cookies.EVERY}
    there = dict(kept(page))
    assert set(there) == set(declared) if every else set(there) <= set(declared)
    for name, (domain, *said, left) in there.items():
        assert (domain, tuple(said)) == (host, declared[name].attributes)
        assert -1 < declared[name].seconds - left < MOST_WAITING
    assert page.evaluate("document.cookie").count("=") == sum(not cookie.unseen for cookie in cookies.EVERY)


def named(page: Page, post: str, conversation: str) -> dict[str, str]:
    """Something of everything in the demo."""
    page.goto("/w/demo/media")
    token = next(each["value"] for each in page.context.cookies() if each["name"] == cookies.CSRF.name)
    picture: Any = {"name": "a boat.jpg", "mimeType": "image/jpeg", "buffer": PROBE.read_bytes()}
    page.request.post("/w/demo/media/upload", headers={"X-CSRFToken": token}, multipart={"file": picture})
    asked = ("channels", f"posts/{post}/deliveries", "media")
    channels, deliveries, media = (page.request.get(f"{API}/{at}").json() for at in asked)
    channel, delivery, piece = channels[0]["id"], deliveries["deliveries"][0]["id"], media["media"][0]["id"]
    known = {"slug": "demo", "name": "language", "token": "nothing", "network": "mastodon"}
    there = {"inbox": conversation, "deliveries": delivery, "media": piece, "channels": channel, "portraits": channel}
    return defaultdict(lambda: post, known | there)  # whatever else is named by an id: one that is not there


def test_no_page_sets_another_cookie_asks_anybody_else_or_breaks_its_policy(
    page: Page, opened: Open, demo: Server, staged: dict[str, str]
) -> None:
    watch_of(page).forgive("status of 40[0345]")
    inside = visited(page, named(page, staged["unsure"], staged["conversation"]))
    assert sum(status == 200 for status in inside.values()) > 30
    assert set(inside.values()) <= {200, 400, 403, 404, 405}
    assert_declared(page, "127.0.0.1", every=True)

    stranger = opened(demo).new_page()
    watch_of(stranger).forgive("status of 40[0345]")
    for address in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/join/nothing", "/nowhere"):
        answer = stranger.goto(address)
        assert answer
        strict(answer)
    assert_declared(stranger, "127.0.0.1", every=False)
