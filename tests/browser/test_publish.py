"""A post that goes out at once."""

from playwright.sync_api import Page, expect

from tests.browser.composing import compose


def test_publish_now_sends_at_once_and_shows_the_receipts(page: Page) -> None:
    compose(page, "Out at once.", channels=("Mastodon", "Bluesky"))
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("heading", name="All out")).to_be_visible(timeout=30_000)
    expect(page.locator(".progress").get_by_role("status")).to_have_text("2 of 2 channels have it.")
    expect(page.get_by_role("link", name="See it there")).to_have_count(2)
    page.reload()  # the post's own page goes on from there
    expect(page.locator("#progress")).to_have_attribute("data-face", "published", timeout=30_000)
    expect(page.get_by_role("link", name="Open on")).to_have_count(2)
