"""In a real browser: the first run, every security page, and a passkey, under the strict content policy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.web.people import ANN, PASSWORD
from tidings.workspaces.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"]
QUIET = ["--disable-background-networking", "--disable-component-update"]


@pytest.fixture
def window(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    """A browser in Tokyo, pointed at a running server."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        path = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS + QUIET)
        yield browser.new_context(base_url=live_server.url, timezone_id="Asia/Tokyo", locale="en-GB")
        browser.close()


def watched(window: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what its console complains of."""
    page, complaints = window.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def settle_in(page: Page) -> None:
    """Be the first person."""
    page.goto("/")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("E-mail address").fill(ANN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name of your workspace").fill("Bakery")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/w/bakery/calendar")


def prove(page: Page) -> None:
    """Say again who it is."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def virtual_key(window: BrowserContext, page: Page) -> None:
    """A platform authenticator that says yes."""
    session = window.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_the_first_run_takes_the_zone_of_the_browser(window: BrowserContext) -> None:
    page, complaints = watched(window)
    page.goto("/")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    settle_in(page)
    assert User.objects.get().zone == "Asia/Tokyo"
    assert not [said for said in complaints if "Content Security Policy" in said]


def test_a_passkey_is_added_and_signs_in_without_a_password(window: BrowserContext) -> None:
    page, complaints = watched(window)
    settle_in(page)
    virtual_key(window, page)
    page.goto("/accounts/2fa/webauthn/add/")
    prove(page)
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/settings/security")
    expect(page.get_by_text("1 key")).to_be_visible()
    window.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/w/bakery/calendar")
    assert not [said for said in complaints if "Content Security Policy" in said]
