"""The first person opens a fresh instance."""

from playwright.sync_api import expect

from tests.browser.conftest import Open, settle_in
from tests.browser.judge import faults
from tests.browser.serving import Server


def test_an_empty_instance_welcomes_its_first_person_and_shows_the_next_step(opened: Open, fresh: Server) -> None:
    page = opened(fresh, timezone_id="Asia/Tokyo").new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    assert faults(page) == []
    settle_in(page)
    assert faults(page) == []
    expect(page.get_by_text("Times are in Asia/Tokyo.").first).to_be_visible()
    page.locator("main").get_by_role("link", name="Connect a channel").click()
    expect(page.get_by_role("heading", name="Connect a channel")).to_be_visible()
