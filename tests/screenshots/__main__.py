"""The pictures of the documentation, from the full demo: `python -m tests.screenshots` writes docs/img/ anew.

`--all` draws every page at 1440, 768 and 360 px, light and dark, into build/screenshots/ instead: to be looked at.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import settle_in
from tests.browser.judge import THEMES, WIDTHS, shown
from tests.browser.serving import Server

ROOT = Path(__file__).parents[2]
FOLDER, DOCS = ROOT / "build/screenshots", ROOT / "docs/img"
MOST = 150_000  # bytes of a picture in the repository
COLOURS = (256, 192, 128, 96, 64, 48)
FIRST, LAST = "Ten years of bread", "dark rye with caraway"  # a post with everything, and what is written last
PATIENCE = 240  # seconds until the demo is furnished
WIDE, PHONE = (1440, 900), (390, 844)
CALM = "() => document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 900)))"


@dataclass(frozen=True)
class Shot:
    """One picture of the documentation. `{post}` in the address: the post with everything."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    theme: Any = "light"


SHOTS = (
    Shot("calendar", "calendar?view=month"),
    Shot("calendar-dark", "calendar?view=month", theme="dark"),
    Shot("week", "calendar?view=week"),
    Shot("composer", "posts/{post}/edit", (1440, 1000)),
    Shot("library", "media"),
    Shot("attention", "attention"),
    Shot("channels", "channels"),
    Shot("phone", "calendar", PHONE),
    Shot("phone-composer", "posts/{post}/edit", PHONE, "dark"),
)
PAGES = {
    **{f"calendar-{view}": f"/w/demo/calendar?view={view}" for view in ("month", "week", "day", "list", "board")},
    "compose": "/w/demo/compose", "edit": "/w/demo/posts/{post}/edit", "post": "/w/demo/posts/{post}",
    "attention": "/w/demo/attention", "analytics": "/w/demo/analytics", "inbox": "/w/demo/inbox",
    "media": "/w/demo/media", "channels": "/w/demo/channels",
    "connect": "/w/demo/channels/connect", "connect-bluesky": "/w/demo/channels/connect/bluesky",
    "apps": "/w/demo/channels/apps", "app": "/w/demo/channels/apps/x", "settings": "/w/demo/settings",
    "members": "/w/demo/settings/members", "tags": "/w/demo/settings/tags", "profile": "/settings/profile",
    "security": "/settings/security", "offline": "/offline", "instance": "/instance",
}  # fmt: skip
GATES = {"sign-in": "/accounts/login/", "register": "/accounts/signup/", "reset": "/accounts/password/reset/"}


@contextmanager
def demo() -> Iterator[Server]:
    """The full demo, on that morning."""
    with tempfile.TemporaryDirectory(prefix="tidings-screenshots-") as folder:
        server = Server("demo", Path(folder) / "home", program=(sys.executable, "-m", "tests.screenshots.demo")).start()
        try:
            yield server
        finally:
            server.kill()


def found(page: Page, words: str) -> str:
    """The id of the post that has these words, once it is there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = page.request.get(f"/api/v1/workspaces/demo/find?q={quote(words)}")
        posts = [one["id"] for one in json.loads(answer.text()) if one["kind"] == "post"] if answer.ok else []
        if posts:
            return str(posts[0])
        time.sleep(0.5)
    raise AssertionError(f"the demo has no post about {words}")


def opened(browser: Browser, server: Server) -> tuple[Page, str]:
    """A window of the furnished demo, and the post with everything."""
    page = browser.new_page(
        base_url=server.url, locale="en-GB", reduced_motion="reduce", service_workers="block"
    )
    page.goto("/")
    found(page, LAST)
    return page, found(page, FIRST)


def documented(browser: Browser, server: Server) -> None:
    """docs/img/, each picture with as many colours as its size allows."""
    page, post = opened(browser, server)
    DOCS.mkdir(parents=True, exist_ok=True)
    for shot in SHOTS:
        page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
        page.emulate_media(color_scheme=shot.theme)
        page.goto(f"/w/demo/{shot.path.format(post=post)}")
        page.mouse.move(0, 0)
        page.evaluate(CALM)
        raw = small(page.screenshot())
        (DOCS / f"{shot.name}.png").write_bytes(raw)
        sys.stdout.write(f"docs/img/{shot.name}.png: {len(raw) // 1000} kB\n")


def small(raw: bytes) -> bytes:
    """The picture with fewer colours, until it is small enough for a repository."""
    picture, made = Image.open(BytesIO(raw)).convert("RGB"), raw
    for colours in COLOURS:
        kept = BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        made = kept.getvalue()
        if len(made) <= MOST:
            break
    return made


def draw(page: Page, name: str) -> None:
    """This page at every width, light and dark."""
    for width in WIDTHS:
        for theme in THEMES:
            shown(page, width, theme)
            page.evaluate("() => scrollTo(0, 0)")
            page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png", full_page=True)


def everything(browser: Browser, server: Server) -> None:
    """All pages: of the demo, of an instance that nobody has used yet, and of somebody who is not signed in."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    page, post = opened(browser, server)
    for name, path in PAGES.items():
        page.goto(path.format(post=post))
        draw(page, name)
    strangers(browser)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")


def strangers(browser: Browser) -> None:
    """What the first person of an instance sees, and somebody who is not signed in."""
    with tempfile.TemporaryDirectory(prefix="tidings-screenshots-") as folder:
        server = Server("serve", Path(folder) / "home", registration="open").start()
        try:
            page = browser.new_page(base_url=server.url)
            page.goto("/")
            draw(page, "first-run")
            settle_in(page)
            draw(page, "calendar-empty")
            page.context.clear_cookies()
            for name, path in GATES.items():
                page.goto(path)
                draw(page, name)
        finally:
            server.kill()


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description="Draw the pages.")
    parser.add_argument("--all", action="store_true", help="every page, at every width, into build/screenshots/")
    work: Callable[[Browser, Server], None] = everything if parser.parse_args().all else documented
    try:
        chromium.found()
    except chromium.Missing as missing:
        parser.exit(1, f"{missing}\n")
    with sync_playwright() as playwright, demo() as server:
        browser = chromium.launch(playwright)
        work(browser, server)
        browser.close()


if __name__ == "__main__":
    main()
