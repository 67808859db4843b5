"""A channel is connected through the network's own page, and disconnected."""

import pytest
from playwright.sync_api import Locator, Page, expect


def row_of(page: Page, network: str) -> Locator:
    """The line of this network's channel."""
    return page.locator(".rows > li", has=page.get_by_alt_text(network, exact=True))


def disconnect(page: Page, network: str) -> None:
    """End the channel, on the page of channels: the other tests write to all there are."""
    row_of(page, network).locator(".channel-name a").first.click()
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()


def test_a_channel_is_disconnected_and_connected_again_through_the_networks_own_page(page: Page) -> None:
    page.goto("/w/demo/channels")
    row = row_of(page, "Mastodon")
    expect(row).to_contain_text("Live")
    disconnect(page, "Mastodon")
    expect(row).to_contain_text("Disconnected")
    row.get_by_role("link", name="Connect again").click()
    leave(page, "mastodon")
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/w/demo/channels**")
    expect(row_of(page, "Mastodon")).to_contain_text("Live")


@pytest.mark.parametrize("network", ["mastodon"])
def test_somebody_who_says_no_on_the_networks_page_comes_back_to_a_sentence(page: Page, network: str) -> None:
    page.goto(f"/w/demo/channels/connect/{network}")
    leave(page, network)
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url("**/w/demo/channels**")
    expect(page.locator(".note").first).to_be_visible()


def test_the_demo_has_filled_in_what_a_network_takes_even_one_that_speaks_on_a_socket(page: Page) -> None:
    page.goto("/w/demo/channels/connect/nostr")
    page.get_by_role("button", name="Connect", exact=True).click()
    page.wait_for_url("**/w/demo/channels")
    expect(row_of(page, "Nostr")).to_contain_text("Live")
    disconnect(page, "Nostr")


def test_a_code_is_carried_over_to_the_simulators_page_and_connects(page: Page) -> None:
    page.goto("/w/demo/channels/connect/telegram")
    with page.context.expect_page() as there:
        page.get_by_role("link", name="Open the simulator").click()
    there.value.get_by_label("Message").fill(page.locator("code").inner_text())
    there.value.get_by_role("button", name="Post").click()
    page.get_by_role("button", name="Connect", exact=True).click()
    page.wait_for_url("**/w/demo/channels")
    expect(row_of(page, "Telegram")).to_contain_text("Live")
    disconnect(page, "Telegram")


def leave(page: Page, network: str) -> None:
    """Press "Connect", and wait for the network's consent page."""
    server = page.get_by_label("Server")
    if server.count():
        origin = page.evaluate("location.origin")
        server.fill(f"{origin}/simulators/{network}")
    page.get_by_role("button", name="Connect", exact=True).first.click()
    page.wait_for_url(f"**/simulators/{network}/**")


def test_an_app_password_connects_without_leaving(page: Page) -> None:
    page.goto("/w/demo/channels/connect/bluesky")
    form = page.locator("section", has=page.get_by_label("App password"))
    form.get_by_label("App password").fill("not-the-one-it-is")
    form.locator("input:not([type=hidden]):not([type=password])").first.fill("demo")
    form.get_by_role("button", name="Connect").click()
    expect(page.locator(".error, .note.error").first).to_be_visible()
