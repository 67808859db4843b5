"""A card is moved by mouse and by keyboard, and a move is undone."""

import json

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Stage
from tests.browser.judge import findings

DAY_AFTER = """(chip) => {
  const days = [...document.querySelectorAll(".month [data-day]")].map((list) => list.dataset.day);
  const here = days.indexOf(chip.closest("[data-day]").dataset.day);
  return days[here + 1] ?? days[here - 1];
}"""


def chip_of(page: Page, post: str) -> Locator:
    """The card of a post."""
    return page.locator(f".chip[data-post='{post}']")


def day_of(chip: Locator) -> str:
    """On which day the card stands."""
    return str(chip.evaluate("(chip) => chip.closest('[data-day]').dataset.day"))


def month_with(page: Page, post: str) -> Locator:
    """Open the month in which this post is; its card."""
    page.goto(f"/w/demo/posts/{post}")
    day = (page.locator("#progress time").first.get_attribute("datetime") or "")[:10]
    page.goto(f"/w/demo/calendar?view=month&day={day}")
    return chip_of(page, post)


def test_a_card_is_dragged_to_another_day_and_the_move_undone(page: Page, staged: dict[str, str]) -> None:
    chip = month_with(page, staged["dragged"])
    before, after = day_of(chip), str(chip.evaluate(DAY_AFTER))
    time = chip.locator("time").inner_text()
    chip.drag_to(page.locator(f".day:has([data-day='{after}'])"))
    expect(page.locator(".toast-card")).to_contain_text("Moved to")
    expect(page.locator(f"[data-day='{after}'] .chip[data-post='{staged['dragged']}'] time")).to_have_text(time)
    page.reload()
    assert day_of(chip_of(page, staged["dragged"])) == after
    chip_of(page, staged["dragged"]).drag_to(page.locator(f".day:has([data-day='{before}'])"))
    expect(page.locator(f"[data-day='{before}'] .chip[data-post='{staged['dragged']}']")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"[data-day='{after}'] .chip[data-post='{staged['dragged']}']")).to_be_visible()
    page.reload()
    assert day_of(chip_of(page, staged["dragged"])) == after


def test_a_card_is_moved_by_keyboard(page: Page, staged: dict[str, str]) -> None:
    chip = month_with(page, staged["walked"])
    after = str(chip.evaluate(DAY_AFTER))
    chip.locator("a").focus()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Move to…")
    expect(dialog.get_by_label("Date")).to_be_focused()
    dialog.get_by_label("Date").fill(after)
    dialog.get_by_label("Time").fill("16:40")
    page.keyboard.press("Enter")
    moved = page.locator(f"[data-day='{after}'] .chip[data-post='{staged['walked']}']")
    expect(moved.locator("time")).to_have_text("16:40")
    expect(moved.locator("a")).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    expect(moved.locator("a")).to_be_focused()


def test_arrows_walk_from_card_to_card(page: Page) -> None:
    page.goto("/w/demo/calendar?view=list")
    cards = page.locator("[data-day] .chip a")
    cards.first.focus()
    page.keyboard.press("ArrowDown")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cards.first).to_be_focused()


def test_a_filter_shows_one_channel_and_stays_in_the_address(page: Page, staged: dict[str, str]) -> None:
    page.goto("/w/demo/calendar?view=month")
    page.locator("summary", has_text="Filter").click()
    page.get_by_role("group", name="State").get_by_label("Failed").check()
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**state=failed**")
    states = page.locator(".chip").evaluate_all("(chips) => chips.map((chip) => chip.dataset.state)")
    assert set(states) <= {"failed"}
    page.locator(".narrowed").get_by_role("link", name="Show everything").click()
    expect(page).not_to_have_url("state=failed")


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_today_is_marked(page: Page, view: str) -> None:
    page.goto(f"/w/demo/calendar?view={view}")
    today = page.locator("#calendar").get_attribute("data-today")
    expect(page.locator(f".day.today [data-day='{today}']").first).to_be_attached()


ASK = """async ([path, body]) => (await fetch(`/api/v1/workspaces/demo/posts${path}`, {
  method: "POST", body,
  headers: { "Content-Type": "application/json", "X-CSRFToken": document.cookie.match(/csrf=([^;]+)/)[1] },
})).json()"""


def test_two_cards_are_chosen_looked_at_moved_and_moved_back_by_keyboard(page: Page, stage: Stage) -> None:
    made = stage("Chosen first=waiting", "Chosen next=waiting")
    page.goto("/w/demo/calendar?view=list")
    chips = [chip_of(page, post) for post in made.values()]
    before = [day_of(chip) for chip in chips]
    for chip in chips:
        chip.locator("a").focus()
        page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("2 selected")
    assert findings(page) == []
    page.keyboard.press("m")
    expect(page.get_by_role("dialog", name="Move the selected posts").get_by_label("How many")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".toast-card")).to_contain_text("2 moved.")
    assert all(day_of(chip) > day for chip, day in zip(chips, before, strict=True))
    page.get_by_role("button", name="Undo").click()
    for chip, day in zip(chips, before, strict=True):
        expect(page.locator(f"[data-day='{day}']").filter(has=chip)).to_be_attached()
    chips[0].locator("a").focus()
    page.keyboard.press("Space")
    look = page.locator("#look")
    expect(look).to_contain_text("Chosen first")
    assert findings(page) == []
    page.keyboard.press("ArrowRight")
    expect(look).not_to_contain_text("Chosen first")
    page.keyboard.press("ArrowLeft")
    expect(look).to_contain_text("Chosen first")
    page.keyboard.press("Escape")
    expect(chips[0].locator("a")).to_be_focused()


def test_a_quick_look_that_was_closed_stays_closed_when_an_answer_comes_late(page: Page, stage: Stage) -> None:
    made = stage("Closed early=waiting", "Next to it=waiting")
    page.goto("/w/demo/calendar?view=list")
    first = chip_of(page, made["Closed early"]).locator("a")
    first.focus()
    page.keyboard.press("Space")
    look = page.locator("#look")
    expect(look).to_contain_text("Closed early")
    late: list[Route] = []
    page.route("**/look", lambda route: late.append(route))
    with page.expect_request("**/look"):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(look).to_be_hidden()
    late[0].continue_()
    expect(page.locator("#look-content")).not_to_contain_text("Closed early")
    expect(look).to_be_hidden()
    expect(page.locator(".chip a:focus")).to_have_count(1)


def test_what_goes_out_appears_on_a_calendar_that_is_open(page: Page) -> None:
    page.goto("/w/demo/calendar?view=list")
    channel = page.evaluate("async () => (await (await fetch('/api/v1/workspaces/demo/channels')).json())[0].id")
    draft = json.dumps({"channels": [channel], "items": [{"text": "Seen to go out"}]})
    post = page.evaluate(ASK, ["", draft])["id"]
    expect(chip_of(page, post)).to_have_attribute("data-state", "draft")
    page.evaluate(ASK, [f"/{post}/schedule", json.dumps({"now": True})])
    expect(chip_of(page, post)).to_have_attribute("data-state", "published")


FULL = "One of many on a day"


def test_posts_behind_n_more_are_chosen_in_the_day_that_opens_moved_and_moved_back(page: Page, stage: Stage) -> None:
    made = stage(*(f"{FULL} {n}=waiting" for n in range(6)))
    ids, anchor = list(made.values()), made[f"{FULL} 0"]
    day = day_of(month_with(page, anchor))
    for id in ids[1:]:
        page.goto(f"/w/demo/posts/{id}")
        page.get_by_role("button", name="Move to…").click()
        page.get_by_label("Date").fill(day)
        page.get_by_role("button", name="Move", exact=True).click()
        expect(page.locator(".toast-card")).to_contain_text("Moved to")
    month_with(page, anchor)
    opener = page.locator(f".day:has([data-day='{day}']) .more")
    hidden = [id for id in ids if chip_of(page, id).count() == 0]
    assert len(hidden) >= 2
    opener.click()
    opened = page.get_by_role("dialog", name="The whole day")
    opened.get_by_role("button", name="Select", exact=True).first.click()
    for id in hidden[:2]:
        opened.locator(f"[data-post='{id}'] a").click()
    expect(opened.locator("#bulk-count")).to_have_text("2 selected")
    assert findings(page) == []
    opened.get_by_role("button", name="Move…").click()
    page.get_by_role("dialog", name="Move the selected posts").get_by_role("button", name="Move", exact=True).click()
    expect(opened.locator(f"[data-post='{hidden[0]}']")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(opened.locator(f"[data-post='{hidden[0]}']")).to_have_count(1)
    opened.get_by_role("button", name="Close").first.click()
    expect(page.locator("#bulk")).to_be_hidden()
