"""Draw the icons of the installed program from static/logo.svg: `python -m tests.screenshots.icons`."""

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium

STATIC = Path(__file__).parents[2] / "src/tidings/web/static"
BLUE = "#2451d1"
DRAWN = (
    ("icon-192", 192, 1.0, "transparent"), ("icon-512", 512, 1.0, "transparent"), ("maskable-512", 512, 0.72, BLUE),
)  # fmt: skip


def draw(browser: Browser, name: str, side: int, part: float, ground: str) -> None:
    """The logo in the middle; a maskable one leaves room for what a telephone cuts off."""
    page = browser.new_page(viewport={"width": side, "height": side})
    page.set_content(
        f"<style>*{{margin:0}}body{{background:{ground};display:grid;place-items:center;height:100vh}}"
        f"svg{{width:{side * part}px}}</style>{(STATIC / 'logo.svg').read_text()}"
    )
    page.screenshot(path=STATIC / f"app/{name}.png", omit_background=True)
    page.close()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for wish in DRAWN:
            draw(browser, *wish)
        browser.close()
