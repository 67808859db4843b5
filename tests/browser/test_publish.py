"""The main job: write once, say it differently where needed, and see it go out."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.composing import compose, field, picture, post_id, saved, set_time, soon, tab_to

MINUTES = 120_000  # ms: it was scheduled for the next minute
SHADOW = "A teal rectangle, as calm as the harbour"


@pytest.mark.timeout(240)
def test_a_thread_with_a_picture_and_a_variant_goes_out_on_time_and_is_seen_there(page: Page) -> None:
    compose(page, "The harbour at dawn.", "And the boats come home.")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Media", exact=True).first.click()
    chooser.value.set_files(picture())
    page.locator(".piece:not(.uploading) button").first.click()
    page.get_by_label("What is to be seen?").fill(SHADOW)
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("tab").filter(has=page.get_by_alt_text("X", exact=True)).click()
    field(page, 0, 2).fill("Dawn, in fewer words.")
    page.get_by_role("tab", name="Everyone").click()
    expect(field(page, 0, 2)).to_have_value("The harbour at dawn.")
    saved(page)
    post = post_id(page)
    set_time(page, soon())
    page.get_by_role("button", name="Schedule for").click()
    page.wait_for_url(re.compile(rf"/calendar\?day=|/posts/{post}$"))  # what is due within a minute is watched
    page.goto("/w/demo/calendar?view=list")  # a day of the month shows its first four
    page.locator(f".chip[data-post='{post}'] a").click()
    expect(page.locator("#progress")).to_have_attribute("data-face", "scheduled")
    expect(page.locator("#progress")).to_have_attribute("data-face", "published", timeout=MINUTES)
    receipts = page.locator("section", has_text="Part 1 of 2").get_by_role("link", name="Open on")
    expect(receipts).to_have_count(3)
    for network, words in (("Mastodon", "The harbour at dawn."), ("Bluesky", SHADOW), ("X", "Dawn, in fewer words.")):
        with page.expect_popup() as there:
            receipts.filter(has_text=f"Open on {network}").click()
        expect(there.value.locator("body")).to_contain_text(words)
        there.value.close()
    page.goto("/w/demo/media")
    expect(page.get_by_alt_text(SHADOW)).to_be_visible()  # the library keeps what was said of the picture


def test_publish_now_sends_at_once_and_shows_the_receipts(page: Page) -> None:
    compose(page, "Out at once.", channels=("Mastodon", "Bluesky"))
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("heading", name="All out")).to_be_visible(timeout=30_000)
    expect(page.locator(".progress").get_by_role("status")).to_have_text("2 of 2 channels have it.")
    expect(page.get_by_role("link", name="See it there")).to_have_count(2)
    page.reload()  # the post's own page goes on from there
    expect(page.locator("#progress")).to_have_attribute("data-face", "published", timeout=30_000)
    expect(page.get_by_role("link", name="Open on")).to_have_count(2)


def test_a_post_is_composed_and_scheduled_without_a_mouse(page: Page) -> None:
    page.goto("/w/demo/calendar")
    tab_to(page, "a.nav-compose")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compose")
    expect(page.locator(".pick").first).to_be_visible()
    tab_to(page, ".pick-all")
    page.keyboard.press("Enter")
    tab_to(page, "textarea.words")
    page.keyboard.type("Written with ten fingers and no mouse.")
    saved(page)
    post = post_id(page)
    expect(page.locator(".finish-main")).to_be_enabled()
    tab_to(page, ".finish-main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar?day=*")
    expect(page.locator(f".chip[data-post='{post}']")).to_have_attribute("data-state", "scheduled")
