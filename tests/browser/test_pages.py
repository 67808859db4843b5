"""Every page at 1440, 768 and 360 px, light and dark: axe finds nothing, nothing leaves, nothing scrolls sideways."""

import gzip
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.composing import picture
from tests.browser.conftest import PASSWORD, ROOT, Open, watch_of
from tests.browser.judge import faults
from tests.browser.serving import Server

COOKIES = {"session", "csrf"}
BUILT = ROOT / "src/tidings/web/static/built"
BUDGETS = {"app.js": 30_000, "composer.js": 70_000, "calendar.js": 10_000, "app.css": 25_000}

WORKSPACE = {
    "calendar by month": "calendar?view=month",
    "calendar by week": "calendar?view=week",
    "calendar by day": "calendar?view=day",
    "calendar as a list": "calendar?view=list",
    "calendar as a board": "calendar?view=board",
    "calendar narrowed": "calendar?view=month&state=failed&state=published&text=bread",
    "views": "views",
    "calendar link": "calendar/link",
    "an empty calendar": "calendar?view=list&day=2031-01-01",
    "needs attention": "attention",
    "inbox": "inbox",
    "inbox, all of it": "inbox?whose=every&q=s",
    "an inbox with nothing that fits": "inbox?q=zeppelin",
    "analytics": "analytics?days=90",
    "links to reports": "analytics/shared",
    "reports by mail": "analytics/mails",
    "media library": "media",
    "channels": "channels",
    "invite by link": "channels/links",
    "connect": "channels/connect",
    "connect Mastodon": "channels/connect/mastodon",
    "connect Bluesky": "channels/connect/bluesky",
    "connect X": "channels/connect/x",
    "app credentials": "channels/apps",
    "app credentials for X": "channels/apps/x",
    "public address": "channels/reach",
    "composer": "compose",
    "workspace settings": "settings",
    "members": "settings/members",
    "tags": "settings/tags",
    "templates": "settings/snippets",
    "API keys": "settings/keys",
    "audit log": "settings/audit",
}
INSTANCE = ("", "queue", "failed", "users", "apps", "privacy", "storage", "log")
PERSON = {
    **{f"the instance: {name or 'overview'}": f"/instance/{name}".rstrip("/") for name in INSTANCE},
    "profile": "/settings/profile", "security": "/settings/security", "notifications": "/notifications",
    "how I am told": "/settings/notifications", "found a workspace": "/workspaces/new",
    "sign-ins": "/settings/security/log", "my export": "/settings/export", "my privacy": "/settings/privacy",
}
GATES = {
    "sign in": "/accounts/login/", "register": "/accounts/signup/", "reset": "/accounts/password/reset/",
    "reset sent": "/accounts/password/reset/done/", "bad reset link": "/accounts/password/reset/key/1-no/",
    "bad invitation": "/join/nothing", "bad connect link": "/connect-with/nothing", "privacy policy": "/privacy",
    "bad link out of the mails": "/notifications/off/nothing", "bad link to a report": "/reports/nothing",
    "offline": "/offline",
}
SECURITY = {
    "change address": "/accounts/email/", "change password": "/accounts/password/change/",
    "authenticator app": "/accounts/2fa/totp/activate/", "add a key": "/accounts/2fa/webauthn/add/",
    "browsers": "/accounts/sessions/", "sign out": "/accounts/logout/",
}


def judged(page: Page) -> None:
    """The page as it stands is sound."""
    expect(page.locator("#composer > p")).to_have_count(0)
    assert faults(page) == []


@pytest.mark.parametrize("path", WORKSPACE.values(), ids=WORKSPACE)
def test_a_page_of_a_workspace_is_sound(page: Page, staged: dict[str, str], path: str) -> None:
    page.goto(f"/w/demo/{path}")
    judged(page)
    assert {cookie.get("name") for cookie in page.context.cookies()} == COOKIES


@pytest.mark.parametrize("path", PERSON.values(), ids=PERSON)
def test_a_page_of_a_person_is_sound(page: Page, path: str) -> None:
    page.goto(path)
    judged(page)


def test_an_invitation_to_a_long_address_scrolls_nothing_sideways(page: Page) -> None:
    page.goto("/w/demo/settings/members")
    address = f"somebody.with.a.long.name@{'department-' * 4}of-a-company.example.org"
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Invite", exact=True).click()
    invited = page.locator(".row", has_text=address)
    expect(invited).to_be_visible()
    judged(page)
    invited.get_by_role("button", name="Withdraw").click()
    expect(invited).to_have_count(0)


def test_the_page_that_says_there_is_no_such_page_is_sound(page: Page) -> None:
    watch_of(page).forgive("status of 404")
    page.goto("/w/demo/nowhere")
    judged(page)


@pytest.mark.parametrize("name", ["unsure", "failed", "partly out", "held", "cancelled", "half way", "gone"])
def test_a_posts_page_is_sound_whatever_became_of_it(page: Page, staged: dict[str, str], name: str) -> None:
    page.goto(f"/w/demo/posts/{staged[name]}")
    for attempts in page.locator("summary", has_text="attempt").all():
        attempts.click()
    judged(page)


def test_a_conversation_is_sound(page: Page, staged: dict[str, str]) -> None:
    page.goto(f"/w/demo/inbox/{staged['conversation']}")
    page.get_by_label("Answer @somebody").fill("a harbour and a boat " * 30)
    expect(page.locator("#length .wrong")).to_be_visible()
    judged(page)


def test_a_draft_a_scheduled_and_a_published_post_have_sound_pages(page: Page) -> None:
    for words in ("A draft.", "A thread", "Hello! This is out"):
        page.goto("/w/demo/calendar?view=list")
        page.locator(".chip", has_text=words).locator("a").click()
        page.wait_for_url("**/posts/**")
        judged(page)


def test_a_full_composer_is_sound(page: Page) -> None:
    page.goto("/w/demo/calendar?view=list")
    page.locator(".chip", has_text="A draft.").locator("a").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Text", exact=True).fill("Too long for most: " + "a harbour, a boat and the long way home. " * 16)
    page.get_by_role("button", name="Add to the thread").click()
    expect(page.locator(".problem").first).to_be_visible()
    page.get_by_role("tab").nth(1).click()
    for group in page.locator("details.option-group:not([open]) > summary").all():
        group.click()
    judged(page)


def test_dialogs_and_the_menu_of_a_phone_are_sound(page: Page, staged: dict[str, str]) -> None:
    page.goto(f"/w/demo/posts/{staged['held']}")
    for button in page.locator("[data-dialog], [data-move]").all():
        if button.is_visible():
            button.click()
            judged(page)
            page.keyboard.press("Escape")
    page.goto("/w/demo/calendar")
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    judged(page)


def test_the_pages_of_one_thing_each_are_sound(page: Page, staged: dict[str, str]) -> None:
    for place, link in (("channels", ".channel-name a"), ("media", ".grid-media li a")):
        page.goto(f"/w/demo/{place}")
        if place == "media":
            with page.expect_file_chooser() as asked:
                page.get_by_role("button", name="Upload", exact=True).click()
            asked.value.set_files(picture("one thing.png", "navy"))
        page.locator(f"main {link}").first.click()
        page.wait_for_url(f"**/{place}/*-*")
        judged(page)
    for path in (f"posts/{staged['held']}/history", "attention/held"):
        page.goto(f"/w/demo/{path}")
        judged(page)
    page.goto("/instance/users")
    page.locator("main a[href^='/instance/users/']").first.click()
    judged(page)


def test_a_view_is_kept_and_its_pages_are_sound(page: Page) -> None:
    page.goto("/w/demo/calendar?view=list&state=failed")
    page.locator("summary", has_text="Views").click()
    page.get_by_label("Name of this view").fill("What failed")
    judged(page)
    page.locator(".save-view").get_by_role("button", name="Save").click()
    page.goto("/w/demo/views")
    expect(page.get_by_label("Name of “What failed”")).to_have_value("What failed")
    judged(page)


def test_a_link_is_made_and_the_client_who_has_it_needs_no_login(page: Page, opened: Open, demo: Server) -> None:
    page.goto("/w/demo/channels/links")
    page.locator("main form [name=name]").fill("Harbour Café")
    page.get_by_role("button", name="Make a link").click()
    address = page.locator("#address").inner_text()
    judged(page)
    client = opened(demo).new_page()
    client.goto(address)
    judged(client)
    client.get_by_role("link", name="Mastodon", exact=True).click()
    client.wait_for_url("**/mastodon")
    judged(client)
    client.get_by_label("Server").fill(f"{demo.url}/simulators/mastodon")
    client.get_by_role("button", name="Go on").first.click()
    client.get_by_role("button", name="Deny").click()
    expect(client).not_to_have_url(re.compile("/simulators/"))
    judged(client)


@pytest.mark.parametrize("path", GATES.values(), ids=GATES)
def test_a_page_for_strangers_is_sound(opened: Open, own: Server, path: str) -> None:
    page = opened(own).new_page()
    watch_of(page).forgive("status of 404")
    page.goto(path)
    judged(page)


def test_a_form_with_mistakes_is_sound(opened: Open, own: Server) -> None:
    page = opened(own).new_page()
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("somebody@example.org")
    page.get_by_label("Password").fill("short")
    page.locator("form.form").evaluate("(form) => { form.noValidate = true; }")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("at least 10 characters").first).to_be_visible()
    judged(page)


@pytest.mark.parametrize("path", SECURITY.values(), ids=SECURITY)
def test_a_security_page_is_sound(opened: Open, own: Server, own_state: Any, path: str) -> None:
    page = opened(own, storage_state=own_state).new_page()
    page.goto(path)
    if "reauthenticate" in page.url:
        judged(page)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_url(re.compile(re.escape(path)))
    judged(page)


def test_scripts_and_styles_keep_their_budgets() -> None:
    sizes = {name: len(gzip.compress((BUILT / name).read_bytes())) for name in BUDGETS}
    assert {name: size for name, size in sizes.items() if size > BUDGETS[name]} == {}
