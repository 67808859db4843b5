"""Headless Chromium, found on this machine, quiet towards the outside."""

import shutil

from playwright.sync_api import Browser, Playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


class Missing(Exception):
    """There is no Chromium on this machine."""


def found() -> str:
    """Its path; raises Missing."""
    path = next((path for path in map(shutil.which, NAMES) if path), None)
    if path is None:
        raise Missing("Chromium is missing: run `./test setup`, or install the package chromium, then try again.")
    return path


def launch(playwright: Playwright) -> Browser:
    """A browser; whoever starts it closes it."""
    return playwright.chromium.launch(executable_path=found(), args=list(FLAGS))
