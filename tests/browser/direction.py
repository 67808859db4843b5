"""A demo that a test directs (tests/browser/directed.py), and windows of it as wide as a desk, a tablet and a phone."""

import json
import sys
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.browser.judge import HEIGHTS, THEMES, faults
from tests.browser.serving import Server
from tidings.simulators import free_port

SCREENS = {"1440 light": (1440, "light"), "768 dark": (768, "dark"), "360 light": (360, "light")}
WIDE = 1440  # px: what is narrower is used by finger, too


class Directed(Server):
    """The demo, and its director's ear."""

    def __init__(self, home: Path) -> None:
        self.director = free_port()
        program = (sys.executable, "-m", "tests.browser.directed", str(self.director))
        super().__init__("demo --small", home, program=program)

    def furnished(self) -> "Directed":
        """Started, and its last channel connected."""
        self.start()
        self.wait_for("/w/demo/channels", 'networks/x.svg"')
        return self

    def time(self) -> datetime:
        """What its clock shows."""
        return datetime.fromisoformat(self._ask("time"))

    def forward(self, to: datetime) -> None:
        """Put its clock forward."""
        self._ask("forward", to=to.isoformat())

    def later(self, by: timedelta) -> None:
        """Let so much time pass."""
        self._ask("later", seconds=str(by.total_seconds()))

    def lose(self, network: str, where: str) -> None:
        """The network does what the next such request asks, and the answer is lost."""
        self._ask(f"lose/{network}", where=where)

    def lock_out(self, network: str) -> None:
        """The network ends all access."""
        self._ask(f"lock-out/{network}")

    def drop(self, network: str) -> None:
        """Nothing is there any more."""
        self._ask(f"drop/{network}")

    def posts(self, network: str) -> list[str]:
        """The ids of what is there, the latest last."""
        found: list[str] = self._ask(f"posts/{network}")
        return found

    def _ask(self, act: str, **said: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.director}/{act}?{urlencode(said)}") as answer:
            return json.load(answer)


def as_screen(width: int, theme: str) -> dict[str, Any]:
    """A window's options."""
    return {"viewport": {"width": width, "height": HEIGHTS[width]}, "color_scheme": theme,
            "has_touch": width < WIDE}


def amiss(page: Page, width: int, theme: str) -> list[str]:
    """What is wrong with the page as it stands in its window, in the other theme and in its own."""
    return faults(page, (width,), [*(other for other in THEMES if other != theme), theme])
