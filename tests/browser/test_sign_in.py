"""Coming in and going out: password, authenticator app, passkey."""

import re
from time import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD, Open, sign_in, watch_of
from tests.browser.judge import faults
from tests.browser.serving import Server


def register(page: Page, name: str) -> str:
    """Somebody new, with a workspace of their own; their address."""
    address = f"{name.lower()}@example.org"
    page.goto("/accounts/signup/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/workspaces/new")
    page.get_by_label("Name").fill(f"Shop of {name}")
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url("**/calendar")
    return address


def sign_out(page: Page) -> None:
    """Through one's own menu."""
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def prove(page: Page) -> None:
    """Say again who it is, when asked."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def code(secret: str, later: int = 0) -> str:
    """What an authenticator app shows; a code is good once, so the next one is asked for by `later`."""
    return str(format_hotp_value(hotp_value(secret, int(time()) // 30 + later)))


def virtual_key(window: BrowserContext, page: Page) -> None:
    """A platform authenticator that says yes."""
    session = window.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_somebody_signs_out_and_in_again(opened: Open, own: Server) -> None:
    page = opened(own).new_page()
    sign_in(page)
    sign_out(page)
    page.goto("/w/bakery/calendar")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_label("E-mail address").fill("ann@example.org")
    page.get_by_label("Password").fill("wrong, and not by little")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".note.error, .error").first).to_be_visible()
    sign_in(page)
    expect(page).to_have_url(re.compile("/w/bakery/calendar"))


def test_who_guesses_is_held_back_and_told_for_how_long_while_the_browser_at_home_is_not(
    opened: Open, own: Server
) -> None:
    home = opened(own, extra_http_headers={"X-Forwarded-For": "203.0.113.7"}).new_page()
    elsewhere = opened(own, extra_http_headers={"X-Forwarded-For": "198.51.100.9"}).new_page()
    watch_of(elsewhere).forgive("status of 429")
    address = register(home, "Lotte")
    elsewhere.goto("/accounts/login/")
    elsewhere.get_by_label("E-mail address").fill(address)
    for password in [*["a guess, and a wrong one"] * 5, PASSWORD]:
        elsewhere.get_by_label("Password").fill(password)
        with elsewhere.expect_navigation():
            elsewhere.get_by_label("Password").press("Enter")
    expect(elsewhere.get_by_text("Try again in a minute.")).to_be_visible()
    expect(elsewhere.get_by_role("link", name="new password")).to_be_visible()
    sign_out(home)
    sign_in(home, address)
    home.goto("/settings/security/log")
    expect(home.get_by_text("Sign-in held back after too many tries")).to_be_visible()
    expect(home.get_by_text("198.51.100.9").first).to_be_visible()


def test_an_authenticator_app_is_set_up_and_asked_for_at_the_next_sign_in(opened: Open, own: Server) -> None:
    page = opened(own).new_page()
    address = register(page, "Theo")
    page.goto("/settings/security")
    page.get_by_role("link", name="Set up").click()
    prove(page)
    secret = page.locator("#authenticator_secret").inner_text()
    page.locator("main").get_by_label(re.compile("code", re.I)).fill(code(secret))
    page.get_by_role("button", name="Switch on").click()
    page.wait_for_url("**/recovery-codes/**")
    codes = page.locator("#recovery-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    assert faults(page) == []
    page.goto("/settings/security")
    assert faults(page) == []
    sign_out(page)
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    assert faults(page) == []
    page.get_by_label(re.compile("code", re.I)).fill(code(secret, later=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/calendar")


def test_a_passkey_is_added_and_signs_in_without_a_password(opened: Open, own: Server) -> None:
    window = opened(own)
    page = window.new_page()
    register(page, "Petra")
    virtual_key(window, page)
    page.goto("/accounts/2fa/webauthn/add/")
    prove(page)
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/accounts/2fa/webauthn/")
    assert faults(page) == []
    page.goto("/settings/security")
    expect(page.get_by_text("1 key")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/calendar")
