"""Options are drawn from what a network declares: choices that are looked up there, tags, what is needed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.composing import choose, compose, field, post_id, saved
from tests.browser.judge import faults
from tests.browser.test_channels import row_of


def connected(page: Page, network: str, label: str) -> None:
    page.goto(f"/w/demo/channels/connect/{network}")
    page.get_by_role("button", name="Connect", exact=True).first.click()
    page.wait_for_url(f"**/simulators/{network}/**")
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/w/demo/channels**")
    if page.url.endswith("/pick"):
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Connect", exact=True).click()
    expect(row_of(page, label).first).to_contain_text("Live")


def ended(page: Page, label: str) -> None:
    """The other tests write to all channels there are."""
    page.goto("/w/demo/channels")
    row_of(page, label).locator(".channel-name a").first.click()
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(row_of(page, label)).to_have_count(0)


@pytest.fixture
def board(page: Page) -> Iterator[Page]:
    """A window with a channel whose network wants a board, which is looked up."""
    connected(page, "pinterest", "Pinterest")
    yield page
    ended(page, "Pinterest")


def test_a_choice_is_looked_up_on_the_network_and_keeps_its_name(board: Page) -> None:
    page = board
    compose(page, "A harbour.", channels=("Pinterest",))
    expect(page.get_by_text("Pinterest needs this before a post can go there: Board.")).to_be_visible()
    expect(page.get_by_role("button", name="Add to the thread")).to_be_disabled()
    expect(page.get_by_text("Pinterest takes one part only.")).to_be_visible()
    look = page.get_by_role("combobox", name="Board")
    look.focus()
    found = page.get_by_role("listbox", name="Board")
    expect(found.get_by_role("option").first).to_be_visible()
    assert faults(page) == []
    label = found.get_by_role("option").first.inner_text()
    look.press_sequentially(label[:3])
    expect(found.get_by_role("option").first).to_have_text(label)
    look.press("Enter")
    expect(look).to_have_value(label)
    expect(page.get_by_text("needs this before a post")).to_have_count(0)
    saved(page)
    post = post_id(page)
    page.evaluate("localStorage.clear()")  # another browser: the name comes from the network
    page.goto(f"/w/demo/posts/{post}/edit")
    expect(page.get_by_role("combobox", name="Board")).to_have_value(label)


def test_a_look_up_says_that_nothing_was_found_and_takes_what_was_typed(board: Page) -> None:
    page = board
    compose(page, "A harbour.", channels=("Pinterest",))
    look = page.get_by_role("combobox", name="Board")
    look.fill("zzzz")
    expect(page.get_by_role("option")).to_have_text("Use “zzzz” as it is")
    look.press("Escape")
    expect(look).to_have_value("")
    look.fill("zzzz")
    page.get_by_role("option").click()
    expect(look).to_have_value("zzzz")
    page.get_by_role("button", name="Clear Board").click()
    expect(look).to_have_value("")


def test_whom_to_mention_is_looked_up_while_writing_for_one_channel(page: Page) -> None:
    connected(page, "linkedin_page", "LinkedIn page")
    try:
        page.goto("/w/demo/compose")
        choose(page, "LinkedIn page")
        text = field(page)
        text.press_sequentially("With @harbour-bakery")
        people = page.get_by_role("listbox", name="People on LinkedIn page")
        expect(people.get_by_role("option").first).to_be_visible()
        assert faults(page) == []
        text.press("Enter")
        expect(people).to_have_count(0)
        expect(text).to_have_value("With @[Harbour Bakery](urn:li:organization:1001) ")
        expect(text).to_be_focused()
    finally:
        ended(page, "LinkedIn page")
