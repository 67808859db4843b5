"""Counters, problems, and that what is written is never lost."""

import re

from playwright.sync_api import Page, expect

from tests.browser.composing import compose, counter, field, post_id, saved
from tests.browser.conftest import Open, settle_in, sign_in, watch_of
from tests.browser.serving import Server
from tidings.core import clock

FAMILY = "\N{WOMAN}\u200d\N{WOMAN}\u200d\N{GIRL}\u200d\N{BOY}"
LINK = "https://example.org/a/rather/long/path/to/a/harbour"
LINE_CUT = r"ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)"


def test_x_is_counted_by_weight_and_bluesky_by_what_people_see_as_a_character(page: Page) -> None:
    compose(page, f"{FAMILY} 日本 e\u0301")
    expect(counter(page, "X")).to_contain_text("9 of 280")  # 2 + 1 + 2 · 2 + 1 + 1
    expect(counter(page, "Bluesky")).to_contain_text("6 of 300")
    field(page).fill(f"{FAMILY} {LINK}")
    expect(counter(page, "X")).to_contain_text("26 of 280")  # 2 + 1 + 23
    expect(counter(page, "Mastodon")).to_contain_text("25 of 500")  # 1 + 1 + 23
    expect(counter(page, "Bluesky")).to_contain_text(f"{2 + len(LINK)} of 300")


def test_a_problem_leads_to_the_field_that_has_it(page: Page) -> None:
    compose(page, "Short.", "Long. " * 60)
    problem = page.locator(".problem.error").first
    expect(problem).to_contain_text("Part 2")
    expect(page.locator(".finish-main")).to_be_disabled()
    expect(page.locator("#finish-why")).to_have_text("Mend what is wrong first.")
    problem.click()
    expect(field(page, 1, 2)).to_be_focused()
    field(page, 1, 2).fill("Short, too.")
    expect(page.locator(".problem.error")).to_have_count(0)
    tab = page.get_by_role("tab").filter(has=page.get_by_alt_text("X", exact=True))
    tab.click()
    field(page, 0, 2).fill("Long. " * 60)
    page.get_by_role("tab", name="Everyone").click()
    page.locator(".problem.error").first.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(field(page, 0, 2)).to_be_focused()


def test_a_draft_survives_a_closed_tab(page: Page) -> None:
    compose(page, "Written, and the tab is closed at once.", channels=("Mastodon",))
    page.close()
    again = page.context.new_page()
    again.goto("/w/demo/compose")
    expect(again.get_by_text("This is what you had written here before")).to_be_visible()
    expect(field(again)).to_have_value("Written, and the tab is closed at once.")
    saved(again)
    post = post_id(again)
    again.close()
    later = page.context.new_page()
    later.goto(f"/w/demo/posts/{post}/edit")
    expect(field(later)).to_have_value("Written, and the tab is closed at once.")


def test_a_text_survives_a_server_that_is_killed_while_it_is_written(opened: Open, fresh: Server) -> None:
    page = opened(fresh).new_page()
    watch_of(page).forgive(LINE_CUT)
    settle_in(page)
    page.goto("/w/bakery/compose")
    field(page).fill("Before the power cut.")
    saved(page)
    fresh.kill()
    field(page).fill("Before the power cut, and during it.")
    page.get_by_label("Add a tag").fill("Storm")
    page.get_by_label("Add a tag").press("Enter")
    expect(page.locator(".save-state")).to_contain_text("Kept in this browser")
    address = page.url
    fresh.start()
    expect(page.locator(".save-state")).to_have_text("Saved")
    fresh.kill()
    field(page).fill("Before the power cut, during it, and in a tab that was closed.")
    expect(page.locator(".save-state")).to_contain_text("Kept in this browser")
    page.close()
    fresh.start()
    again = page.context.new_page()
    again.goto(address)
    expect(field(again)).to_have_value("Before the power cut, during it, and in a tab that was closed.")
    saved(again)
    again.reload()
    expect(field(again)).to_have_value("Before the power cut, during it, and in a tab that was closed.")
    expect(again.locator(".post-tags .chip-one")).to_have_text("Storm")
    expect(again.get_by_text("This is what you had written here before")).to_have_count(0)


def test_an_expired_session_keeps_the_text_and_says_so(opened: Open, own: Server) -> None:
    window = opened(own)
    page = window.new_page()
    watch_of(page).forgive("status of 401")
    sign_in(page)
    page.goto("/w/bakery/compose")
    field(page).fill("Still signed in.")
    saved(page)
    window.clear_cookies(name="session")
    field(page).fill("Signed out by now.")
    expect(page.get_by_text("You have been signed out. Nothing is lost")).to_be_visible()
    expect(field(page)).to_have_value("Signed out by now.")
    with page.expect_popup() as popup:
        page.get_by_role("alert").get_by_role("link", name="Sign in").click()
    sign_in(popup.value)
    popup.value.close()
    saved(page)
    page.reload()
    expect(field(page)).to_have_value("Signed out by now.")


def test_two_tabs_do_not_overwrite_each_other(page: Page) -> None:
    compose(page, "As it was.", channels=("Mastodon",))
    saved(page)
    watch_of(page).forgive("status of 409")
    other = page.context.new_page()
    other.goto(page.url)
    field(other).fill("As the other tab says.")
    saved(other)
    field(page).fill("As this tab says.")
    expect(page.get_by_text("Somebody else saved this post while you were writing.")).to_be_visible()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".diff ins")).to_contain_text("this")
    expect(page.locator(".diff del")).to_contain_text("the other")
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    other.reload()
    expect(field(other)).to_have_value("As this tab says.")


def test_a_tag_is_made_and_a_template_filled_in_by_keyboard(page: Page) -> None:
    compose(page, "Fresh today: {{Loaf}}", channels=("Mastodon",))
    page.get_by_label("More", exact=True).press("Enter")
    page.get_by_role("button", name="Save as template").press("Enter")
    page.get_by_label("Name", exact=True).fill("Loaf of the day")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Add a tag").fill("Bread")
    page.keyboard.press("Enter")
    tag = page.locator(".post-tags .chip-one")
    expect(tag).to_have_text("Bread")
    saved(page)
    expect(tag).not_to_have_attribute("data-colour", "grey")
    page.get_by_role("button", name="Templates").press("Enter")
    page.get_by_role("button", name="Loaf of the day").press("Enter")
    page.get_by_label("Loaf", exact=True).fill("rye")
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value("Fresh today: rye")
    expect(tag).to_have_text("Bread")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(field(page)).to_have_value("Fresh today: {{Loaf}}")


def test_a_date_is_typed_digit_by_digit_and_counts_once_it_is_one(page: Page) -> None:
    compose(page, "Dated by hand.", channels=("Mastodon",))
    date, button = page.locator("#finish-date"), page.locator(".finish-main")
    year, half, rest = clock.now().year + 1, "1212", 3
    date.focus()
    page.keyboard.type(half)  # the twelfth of the twelfth, in whatever order the browser asks
    for digit in str(year)[:rest]:
        page.keyboard.press(digit)
        expect(page.locator("#finish-why")).to_have_text("No time chosen yet")
        expect(button).to_have_text("Schedule for …")
        expect(button).to_be_disabled()
    expect(date).to_have_value(f"{year // 10:04}-12-12")
    field(page).fill("Dated by hand, and written on meanwhile.")
    expect(date).to_have_value(f"{year // 10:04}-12-12")
    saved(page)
    date.focus()
    page.keyboard.type(f"{half}{year}")
    expect(date).to_have_value(f"{year}-12-12")
    expect(button).to_contain_text(re.compile(f"12 Dec {year}, 09:00"))
    expect(button).to_be_enabled()
    saved(page)
    page.reload()
    expect(date).to_have_value(f"{year}-12-12")
    expect(field(page)).to_have_value("Dated by hand, and written on meanwhile.")
