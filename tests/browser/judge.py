"""What every page must stand at every width, light and dark: axe, the policy, no sideways scrolling."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
WIDTHS = (360, 768, 1440)  # the widest last, so that a journey goes on there
HEIGHTS = {1440: 900, 768: 1024, 360: 740}
THEMES = ("dark", "light")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # the only rules that a theme can break
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDE = """() => {
  const room = innerWidth;
  if (document.scrollingElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > room + 1)
    .map((element) => `${element.tagName.toLowerCase()}.${element.className}`).slice(0, 5);
  return wide.length ? wide : ["what stands in an element that is not wide itself"];
}"""


@cache
def _axe() -> str:
    assert AXE.exists(), "axe-core is missing: run `npm ci` in frontend/, or ./run once."
    return AXE.read_text()


def shown(page: Page, width: int, theme: Any) -> None:
    """Show the page at this width and in this theme, and wait until it is drawn so."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.evaluate(SETTLED)


def findings(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds, by all rules or only by these."""
    if not page.evaluate("() => !!window.axe"):
        page.evaluate(_axe())
    rules = {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}
    options = json.dumps({"runOnly": rules, "resultTypes": ["violations"], "preload": False})
    found = page.evaluate(f"async () => (await axe.run(document, {options})).violations")
    return [
        f"{rule['id']}: {node['html'][:200]} {node.get('failureSummary', '').splitlines()[1:2]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


def faults(page: Page, widths: Sequence[int] = WIDTHS, themes: Sequence[str] = THEMES) -> list[str]:
    """Everything wrong with the page as it stands, at these widths, in these themes; it stays as the last of them."""
    page.wait_for_load_state("load")
    wrong: list[str] = []
    for width in widths:
        for theme in themes:
            shown(page, width, theme)
            where = f"{width} {theme}"
            wrong += [f"{where}: wider than the screen: {what}" for what in page.evaluate(WIDE)]
            wrong += [f"{where}: {what}" for what in findings(page, OF_COLOUR if theme == "dark" else None)]
    return wrong
