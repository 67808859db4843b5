"""The shell around the pages: the palette and the keys, being offline, and pages that read from right to left."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, watch_of
from tests.browser.judge import WIDE, findings, shown
from tests.browser.serving import Server

CONTROLLED = """() => new Promise((done) => navigator.serviceWorker.controller
  ? done(true) : navigator.serviceWorker.addEventListener("controllerchange", () => done(true)))"""
KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) kept.push(...(await (await caches.open(name)).keys()));
  return kept.map((request) => new URL(request.url).pathname);
}"""

WRITTEN = """() => { for (const [name, days] of [["old", 31], ["fresh", 29]])
  localStorage.setItem(`tidings:draft:demo:${name}`, JSON.stringify({ at: Date.now() - days * 86_400_000 })) }"""
DRAFTS = """() => Object.keys(localStorage).filter((name) => name.startsWith("tidings:draft:"))"""
GONE = """async () => {
  const gone = async () => !(await caches.keys()).length && !(await navigator.serviceWorker.getRegistrations()).length;
  for (let tries = 0; tries < 100 && !(await gone()); tries++) await new Promise((done) => setTimeout(done, 50));
  return gone();
}"""


def test_everything_is_reached_by_keys_and_letters_never_act_while_somebody_writes(page: Page) -> None:
    page.goto("/w/demo/channels")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="What are you looking for?")
    expect(page.get_by_role("option", name="New post", exact=True)).to_be_visible()
    assert findings(page) == []
    field.press_sequentially("gm")  # is written, and leads nowhere
    expect(page.locator("#palette [role=status]")).to_contain_text("Nothing has these words")
    field.fill("a thread")
    option = page.get_by_role("option", name="A thread, for tomorrow at nine")
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    page.wait_for_url("**/posts/*")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert findings(page) == []
    page.get_by_label("Keys of one letter").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.get_by_role("button", name="Find or do").press("Enter")
    page.keyboard.press("Escape")
    page.reload()
    page.evaluate("() => document.body.dataset.letters === 'off' || Promise.reject('it was forgotten')")
    page.goto("/settings/profile")
    page.get_by_label("Keys of one letter lead").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/media")


def test_offline_a_page_says_so_and_nothing_of_anybody_s_is_kept(opened: Open, demo: Server, demo_state: Any) -> None:
    page = opened(demo, storage_state=demo_state, service_workers="allow").new_page()
    watch_of(page).forgive("ERR_INTERNET_DISCONNECTED")
    page.goto("/w/demo/calendar")
    assert page.evaluate(CONTROLLED)
    page.context.set_offline(True)
    page.goto("/w/demo/media")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.querySelector('.card')).borderRadius") != "0px"
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Media")).to_be_visible()
    kept = page.evaluate(KEPT)
    assert kept[0] == "/offline"
    assert [path for path in kept[1:] if not path.startswith("/static/")] == []

    page.goto("/settings/profile")
    page.locator("[data-offline]").uncheck()
    assert page.evaluate(GONE)


@pytest.mark.parametrize("path", ["calendar?view=list", "compose", "channels"])
def test_a_page_that_reads_from_right_to_left_does_not_scroll_sideways(page: Page, path: str) -> None:
    page.goto(f"/w/demo/{path}")
    page.evaluate("() => { document.documentElement.dir = 'rtl' }")
    shown(page, 360, "light")
    assert page.evaluate(WIDE) == []
    assert page.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth")


def test_what_the_browser_keeps_goes_when_somebody_else_comes_with_time_and_at_the_end(
    opened: Open, demo: Server, demo_state: Any
) -> None:
    page = opened(demo, storage_state=demo_state).new_page()
    page.goto("/w/demo/channels")
    page.evaluate(WRITTEN)
    page.reload()
    assert page.evaluate(DRAFTS) == ["tidings:draft:demo:fresh"], "a month is over for the other"
    page.evaluate("() => localStorage.setItem('tidings:whose', 'somebody else')")
    page.reload()
    assert page.evaluate(DRAFTS) == []
    page.evaluate(WRITTEN)
    page.goto("/accounts/logout/")
    page.route("**/accounts/logout/", lambda route: route.fulfill(body="<p>Signed out</p>", content_type="text/html"))
    page.get_by_role("main").get_by_role("button", name="Sign out").click()  # a browser that knows no Clear-Site-Data
    expect(page.get_by_text("Signed out")).to_be_visible()
    assert page.evaluate("() => Object.keys(localStorage)") == []
