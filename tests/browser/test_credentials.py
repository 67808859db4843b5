"""Whoever runs the instance is guided to app credentials, and told whether they work."""

from playwright.sync_api import Page, expect

from tests.browser.judge import faults

GUIDE = "/w/demo/channels/apps/linkedin"


def test_the_guide_leads_from_the_developer_pages_to_credentials_that_are_known_to_work(page: Page) -> None:
    page.goto("/w/demo/channels/connect")
    page.get_by_role("link", name="App credentials").click()
    page.get_by_role("link", name="LinkedIn", exact=True).click()
    page.wait_for_url(f"**{GUIDE}")
    expect(page.get_by_role("link", name="Open the developer pages")).to_have_attribute("target", "_blank")
    expect(page.locator("#redirect")).to_have_text(f"{page.evaluate('location.origin')}/connect/callback")
    assert faults(page) == []
    page.get_by_role("button", name="Test these credentials").click()
    expect(page.get_by_text("LinkedIn knows these credentials.")).to_be_visible()
    expect(page.locator(".state")).to_have_text("Works")


def test_the_redirect_url_is_copied_by_its_button(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(GUIDE)
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#redirect").inner_text()


def test_a_wrong_secret_is_found_and_put_right_again(page: Page) -> None:
    page.goto("/w/demo/channels/apps/tumblr")
    page.get_by_label("OAuth consumer key").fill("somebody else's key")
    page.get_by_label("OAuth consumer secret").fill("a secret that opens nothing")
    page.get_by_label("For every workspace of this instance").uncheck()
    page.get_by_role("button", name="Save credentials").click()
    own = page.locator("section", has=page.get_by_role("heading", name="For this workspace"))
    own.get_by_role("button", name="Test these credentials").click()
    expect(own.locator(".note.error")).to_contain_text("does not know this OAuth consumer key")
    expect(own.locator(".state")).to_have_text("Needs a look")
    assert faults(page) == []
    own.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The app credentials are removed.")).to_be_visible()
    expect(own).to_have_count(0)


def test_networks_are_found_while_somebody_types(page: Page) -> None:
    page.goto("/w/demo/channels/connect")
    cards = page.locator(".net-card")
    everything = cards.count()
    page.get_by_label("Search networks").press_sequentially("masto")
    expect(cards).to_have_count(1)
    expect(page).to_have_url("/w/demo/channels/connect?q=masto")
    page.get_by_label("Search networks").fill("")
    expect(cards).to_have_count(everything)
