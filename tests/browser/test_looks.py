"""The composer's previews, and what is done to a picture and a text by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.composing import choose, compose, field, picture, saved
from tests.browser.judge import faults

LONG = "The harbour at dawn, and the boats come home one by one. " * 6


@pytest.mark.timeout(240)
def test_a_preview_cuts_crops_and_orders_as_the_network_and_the_author_want(page: Page) -> None:
    compose(page, LONG, channels=("X",))
    there = page.locator(".mock").filter(has=page.get_by_alt_text("X", exact=True))
    expect(there.locator(".said-text")).not_to_contain_text(LONG.strip())
    there.get_by_role("button", name="Show more").click()
    expect(there.locator(".said-text")).to_contain_text(LONG.strip())
    field(page).fill("Two pictures.")
    page.locator("input[type=file]").set_input_files([picture("teal.png"), picture("red.png", "red")])
    expect(there.locator(".said-piece img")).to_have_count(2)
    page.get_by_role("button", name="Crop media 1").press("Enter")
    page.get_by_role("button", name="1:1", exact=True).press("Enter")
    page.get_by_role("button", name="Bottom right corner").press("Shift+ArrowUp")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("380 × 380 pixels")
    assert faults(page) == []
    page.get_by_role("button", name="Keep this").press("Enter")
    expect(there.locator("svg.shot-cut")).to_have_attribute("viewBox", "120 0 380 380")
    page.locator(".piece-open").first.press("Alt+ArrowRight")
    expect(page.get_by_text("Media 1 is now in place 2 of 2.")).to_be_attached()
    expect(page.locator(".piece-open").nth(1)).to_be_focused()
    saved(page)
    page.reload()
    expect(there.locator(".said-piece").nth(1).locator("svg.shot-cut")).to_have_attribute("viewBox", "120 0 380 380")


@pytest.mark.timeout(240)
def test_an_emoji_is_found_by_its_name_and_put_where_the_caret_is(page: Page) -> None:
    compose(page, "Fresh today: from the oven", channels=("Mastodon",))
    choose(page, "Bluesky")
    words = field(page)
    words.press("Home")
    for _letter in "Fresh today: ":
        words.press("ArrowRight")
    page.get_by_role("button", name="Emoji").press("Enter")
    page.get_by_label("Search emoji").fill("croiss")
    expect(page.get_by_role("button", name="croissant")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="croissant")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(words).to_have_value("Fresh today: \N{CROISSANT}from the oven")
    expect(words).to_be_focused()
    page.get_by_role("button", name="Emoji").press("Enter")
    expect(page.get_by_role("region", name="Used lately").get_by_role("button")).to_have_count(1)
