"""Draw the pages at 1440, 768 and 360 px, light and dark, into build/screenshots/: `python -m tests.screenshots`.

`--readme` draws docs/img/calendar.png and docs/img/composer.png instead, small enough for a repository.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.composing import choose, write
from tests.browser.conftest import settle_in
from tests.browser.judge import THEMES, WIDTHS, shown
from tests.browser.serving import Server

ROOT = Path(__file__).parents[2]
FOLDER, DOCS = ROOT / "build/screenshots", ROOT / "docs/img"
COLOURS = 256  # of a picture in the documentation
STATES = [
    "Fresh bread from six. The first ten get a coffee.=waiting,waiting,waiting",
    "We are looking for somebody who likes early mornings.=delivered,delivered,delivered",
    "Closed on Monday: the oven gets a new floor.=unsure,delivered,delivered",
    "Rye, spelt, and a little patience: how our sourdough is made.=waiting,waiting",
    "The new oven is here!=delivered,delivered",
    "What should we bake for the harbour festival?=waiting,waiting,waiting",
    "Plum cake is back.=delivered,failed,delivered",
    "Ten years of bread. Thank you.=waiting,waiting",
    "A day in the bakery, in four pictures.=delivered,delivered,delivered",
    "Last loaves of the day, half price after five.=held",
    "Behind the counter: meet the night shift.=delivered",
]
PAGES = {
    "calendar-month": "/w/demo/calendar?view=month",
    "calendar-week": "/w/demo/calendar?view=week",
    "calendar-list": "/w/demo/calendar?view=list",
    "calendar-day": "/w/demo/calendar?view=day",
    "calendar-board": "/w/demo/calendar?view=board",
    "calendar-link": "/w/demo/calendar/link",
    "views": "/w/demo/views",
    "compose": "/w/demo/compose",
    "attention": "/w/demo/attention",
    "media": "/w/demo/media",
    "channels": "/w/demo/channels",
    "connect": "/w/demo/channels/connect",
    "connect-bluesky": "/w/demo/channels/connect/bluesky",
    "apps": "/w/demo/channels/apps",
    "app": "/w/demo/channels/apps/x",
    "settings": "/w/demo/settings",
    "members": "/w/demo/settings/members",
    "profile": "/settings/profile",
    "security": "/settings/security",
}
GATES = {"sign-in": "/accounts/login/", "register": "/accounts/signup/", "reset": "/accounts/password/reset/"}


@contextmanager
def demo() -> Iterator[Server]:
    """A furnished demo with a few posts that need a person."""
    with tempfile.TemporaryDirectory(prefix="tidings-screenshots-") as folder:
        server = Server("demo", Path(folder) / "home").start()
        try:
            server.wait_for("/w/demo/calendar?view=list", "A draft. Change it")
            environment = server.environment | {"TIDINGS_HOME": str(server.home / "demo"), "TIDINGS_DEMO": "true"}
            words = [sys.executable, "-m", "tests.browser.stage", *STATES]
            subprocess.run(words, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            yield server
        finally:
            server.kill()


def fill_composer(page: Page) -> None:
    """A thread with a picture, for all channels."""
    page.goto("/w/demo/compose")
    choose(page)
    write(page, "The harbour wakes up before anybody else does.", "Coffee from six. Bring your own cup, pay half.")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Media", exact=True).first.click()
    chooser.value.set_files(harbour())
    expect(page.locator(".piece:not(.uploading)")).to_be_visible()
    page.locator(".piece button").first.click()
    page.get_by_label("What is to be seen?").fill("The harbour at dawn")
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator(".save-state")).to_have_text("Saved")
    expect(page.locator(".counters .count-of")).to_have_count(6)


def harbour() -> FilePayload:
    """A drawing: dawn over the sea, and one boat."""
    image = Image.linear_gradient("L").resize((1200, 800)).rotate(180)
    image = ImageOps.colorize(image, "#f9c784", "#27496d", mid="#e07a5f")
    pen = ImageDraw.Draw(image)
    pen.ellipse((520, 400, 720, 600), fill="#ffe8b8")
    pen.rectangle((0, 520, 1200, 800), fill="#1d3557")
    for line, half in enumerate((150, 110, 130, 70, 90)):
        pen.rounded_rectangle((620 - half, 550 + 45 * line, 620 + half, 558 + 45 * line), 4, fill="#e9a66f")
    pen.polygon(((830, 600), (1010, 600), (980, 650), (860, 650)), fill="#12202f")
    pen.polygon(((915, 590), (915, 430), (1000, 590)), fill="#f4f1de")
    raw = BytesIO()
    image.save(raw, "PNG")
    return {"name": "harbour.png", "mimeType": "image/png", "buffer": raw.getvalue()}


def draw(page: Page, name: str) -> None:
    """This page at every width, light and dark."""
    for width in WIDTHS:
        for theme in THEMES:
            shown(page, width, theme)
            page.evaluate("() => scrollTo(0, 0)")
            page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png", full_page=True)


def everything(browser: Browser, server: Server) -> None:
    """All pages of the demo."""
    page = browser.new_page(base_url=server.url, locale="en-GB", reduced_motion="reduce")
    page.goto("/")
    fill_composer(page)
    draw(page, "composer")
    for name, path in PAGES.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        draw(page, name)
    for words in ("A thread, for tomorrow", "Hello! This is out", "Closed on Monday", "Plum cake"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto("/w/demo/calendar?view=list")
        card = page.locator(".chip", has_text=words).locator("a")
        if not card.count():  # before the thirty days of the list
            page.get_by_label("Earlier").click()
        card.click()
        page.wait_for_url("**/posts/*")
        draw(page, f"post-{words.split()[-1].lower()}")


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


def readme(browser: Browser, server: Server) -> None:
    """The two pictures of the documentation: few colours, so that a clone stays light."""
    DOCS.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(
        base_url=server.url, locale="en-GB", reduced_motion="reduce", viewport={"width": 1280, "height": 800}
    )
    page.goto("/")
    page.goto("/w/demo/calendar?view=month")
    page.screenshot(path=DOCS / "calendar.png")
    fill_composer(page)
    page.mouse.move(0, 0)
    page.screenshot(path=DOCS / "composer.png")
    for path in (DOCS / "calendar.png", DOCS / "composer.png"):
        Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB\n")


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description="Draw the pages.")
    parser.add_argument("--readme", action="store_true", help="the pictures of the documentation, in docs/img/")
    wish = parser.parse_args()
    try:
        chromium.found()
    except chromium.Missing as missing:
        parser.exit(1, f"{missing}\n")
    with sync_playwright() as playwright, demo() as server:
        browser = chromium.launch(playwright)
        if wish.readme:
            readme(browser, server)
        else:
            FOLDER.mkdir(parents=True, exist_ok=True)
            for old in FOLDER.glob("*.png"):
                old.unlink()
            everything(browser, server)
            strangers(browser)
            sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")
        browser.close()


if __name__ == "__main__":
    main()
