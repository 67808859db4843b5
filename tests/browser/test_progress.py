"""What becomes of a post that goes out now: told by the server, asked for again and again only where it cannot tell."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.composing import compose
from tests.browser.conftest import watch_of

ASKED = re.compile(r"/posts/[^/]+/deliveries$")


def published(page: Page, text: str) -> list[str]:
    """Send it to two channels, until both have it; how often was asked how far it is."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ASKED.search(request.url) else None)
    compose(page, text, channels=("Mastodon", "Bluesky"))
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("heading", name="All out")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="See it there")).to_have_count(2)
    expect(page.locator(".progress progress")).to_have_js_property("value", 2)
    return asked


def test_the_server_tells_how_far_a_post_is(page: Page) -> None:
    with page.expect_request("**/w/demo/live") as heard:
        published(page, "Told while it goes out.")
    assert heard.value.resource_type == "eventsource"


def test_where_the_server_cannot_tell_it_is_asked(page: Page) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=404)

    watch_of(page).forgive("status of 404")
    page.route("**/live*", refuse)
    assert published(page, "Asked for while it goes out.")
