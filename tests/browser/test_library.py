"""The media library: a picture is brought in, described, found and deleted."""

from playwright.sync_api import Page, expect

from tests.browser.composing import picture
from tests.browser.judge import faults

WORDS = "An orange rectangle, waiting for the sun"


def test_a_picture_is_uploaded_described_found_and_deleted(page: Page) -> None:
    page.goto("/w/demo/media")
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Upload", exact=True).click()
    asked.value.set_files(picture("sunrise.png", "orange"))
    shot = page.locator(".grid-media li", has_text="sunrise.png")
    expect(shot).to_contain_text("no description")
    assert faults(page) == []
    shot.get_by_role("link").click()
    page.get_by_label("Description").fill(WORDS)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/media/**")
    assert faults(page) == []
    page.goto("/w/demo/media?q=waiting+for+the+sun")
    page.get_by_alt_text(WORDS).click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/w/demo/media")
    expect(page.locator(".grid-media li", has_text="sunrise.png")).to_have_count(0)
