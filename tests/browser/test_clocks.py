"""Where clocks are changed: what a person in Berlin sees and is told, in a browser that believes it is in Tokyo."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, settle_in
from tests.browser.serving import Server

POSTS = "/api/v1/workspaces/bakery/posts"


@pytest.fixture
def away(opened: Open, fresh: Server) -> Page:
    """A window in Tokyo of somebody whose zone is Berlin."""
    home = opened(fresh, timezone_id="Europe/Berlin")
    settle_in(home.new_page())
    return opened(fresh, timezone_id="Asia/Tokyo", storage_state=home.storage_state()).new_page()


def draft(page: Page, text: str, at: str | None) -> str:
    """A new draft that is meant for this instant; its id."""
    page.goto("/w/bakery/calendar")
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrf")
    body = {"items": [{"text": text}], "wish_at": at}
    answer = page.request.post(POSTS, data=body, headers={"X-CSRFToken": token, "Referer": page.url})
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])


def wish(page: Page, post: str) -> datetime:
    """For when it is meant now."""
    found: Any = page.request.get(f"{POSTS}/{post}").json()
    return datetime.fromisoformat(found["wish_at"])


def test_time_is_the_person_s_in_whatever_zone_the_browser_is_and_odd_hours_are_told(away: Page) -> None:
    kept = datetime.fromisoformat("2027-10-31T01:30:30+00:00")  # 02:30 in Berlin, for the second time
    post = draft(away, "Number one", kept.isoformat())
    away.goto(f"/w/bakery/posts/{post}/edit")
    time, told = away.locator("#finish-time"), away.locator("#finish-why")
    expect(time).to_have_value("02:30")
    with away.expect_response(lambda answer: answer.request.method == "PUT"):
        away.locator("textarea").first.fill("Number one, mended")
    assert wish(away, post) == kept
    with away.expect_response(lambda answer: answer.request.method == "PUT"):
        away.locator("#finish-date").fill("2027-03-28")
    expect(told).to_contain_text(re.compile("The clocks skip 02:30 that day: it goes out Sun,? 28 Mar 2027, 03:30."))
    expect(time).to_have_value("02:30")
    assert wish(away, post) == datetime.fromisoformat("2027-03-28T01:30:30+00:00")
    away.locator("#finish-date").fill("2027-10-31")
    expect(told).to_contain_text("The clocks show 02:30 twice that day: it goes out the first time.")


def test_a_card_dragged_into_a_skipped_hour_comes_after_it_and_the_page_says_why(away: Page) -> None:
    post = draft(away, "Number two", "2027-03-27T01:30:00Z")
    away.goto("/w/bakery/calendar?view=month&day=2027-03-27")
    away.locator(f".chip[data-post='{post}']").drag_to(away.locator(".day:has([data-day='2027-03-28'])"))
    told = away.locator(".toast-card")
    expect(told).to_contain_text(re.compile("Moved to Sun,? 28 Mar 2027, 03:30. The clocks skip 02:30 that day."))
    assert wish(away, post) == datetime.fromisoformat("2027-03-28T01:30:00+00:00")
    told.get_by_role("button", name="Undo").click()
    expect(away.locator(f"[data-day='2027-03-27'] .chip[data-post='{post}'] time")).to_have_text("02:30")


def test_a_draft_without_a_time_is_given_one_from_the_list(away: Page) -> None:
    post = draft(away, "Number three", None)
    away.goto("/w/bakery/calendar?view=list")
    away.locator(f".chip[data-post='{post}'] [data-move]").click()
    dialog = away.get_by_role("dialog", name="Move to…")
    dialog.get_by_label("Date").fill("2027-07-01")
    dialog.get_by_label("Time").fill("09:00")
    dialog.get_by_role("button", name="Move").click()
    expect(away.locator(".toast-card")).to_contain_text(re.compile("Moved to Thu,? 1 Jul 2027, 09:00"))
    assert wish(away, post) == datetime.fromisoformat("2027-07-01T07:00:00+00:00")
    expect(away.locator(f".chip[data-post='{post}']")).to_have_count(0)  # it is far beyond the days of this list now


def test_what_was_held_back_is_given_a_new_time_from_the_list_of_what_waits(page: Page, staged: dict[str, str]) -> None:
    page.goto("/w/demo/attention")
    row = page.locator(".rows > li").filter(has_text="put off")
    row.get_by_role("button", name="New time").click()
    dialog = page.get_by_role("dialog", name="Move to…")
    dialog.get_by_label("Date").fill(f"{datetime.now() + timedelta(days=3):%Y-%m-%d}")
    dialog.get_by_role("button", name="Move").click()
    expect(page.locator(".toast-card")).to_contain_text("Moved to")
    expect(row).to_have_count(0)
    page.goto(f"/w/demo/posts/{staged['put off']}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "scheduled")
