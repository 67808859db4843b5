"""The program in German: its words fit on a phone, and the page says which language it speaks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.judge import WIDE, findings, shown

PAGES = ("calendar", "calendar?view=list", "calendar?view=board", "compose", "attention", "media", "analytics?days=90",
         "inbox", "channels/connect/webhook", "settings/members")


@pytest.fixture
def german(page: Page) -> Iterator[Page]:
    """The demo's window, in German, and afterwards in English again."""
    _speak(page, "de")
    yield page
    _speak(page, "en")


def _speak(page: Page, language: str) -> None:
    page.goto("/settings/profile")
    page.locator("select[name=language]").select_option(language)
    page.locator("form:has(select[name=language]) button[type=submit]").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.timeout(240)
def test_in_german_a_phone_shows_whole_words_and_nothing_scrolls_sideways(
    german: Page, staged: dict[str, str]
) -> None:
    for path in (*PAGES, f"posts/{staged['held']}", f"inbox/{staged['conversation']}"):
        german.goto(f"/w/demo/{path}")
        expect(german.locator("html")).to_have_attribute("lang", "de")
        expect(german.locator("html")).to_have_attribute("dir", "ltr")
        shown(german, 360, "light")
        assert german.evaluate(WIDE) == [], path
        assert findings(german) == [], path
