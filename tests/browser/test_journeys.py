"""The journeys that Tidings is for, each on a desk, a tablet and a phone, by day and by night; every step is judged."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.composing import choose, field, picture, post_id, saved, set_time, tab_to, write
from tests.browser.conftest import Open, cookies_of
from tests.browser.directed import NEWCOMER, PASSWORD
from tests.browser.direction import SCREENS, WIDE, Directed, amiss, as_screen
from tests.browser.test_attention import row

NETWORKS = ("Mastodon", "Bluesky", "X", "LinkedIn")
DAWN, BOATS, BRIEF = "The harbour at dawn.", "And the boats come home.", "Dawn, in fewer words."
TEAL, RED = "A teal rectangle, as calm as the harbour", "A red one, the first boat of the day"
DAY, DELAY, SATURDAY = timedelta(days=1), timedelta(minutes=5), 5
PATIENCE = 60_000  # ms for several networks to take pictures on a busy machine
SECOND, SETTLED = timedelta(seconds=1), timedelta(seconds=61)


@pytest.fixture(scope="module")
def directed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directed]:
    """A demo with five channels in which nothing is written yet."""
    server = Directed(tmp_path_factory.mktemp("directed") / "home")
    try:
        yield server.furnished()
    finally:
        server.kill()


@pytest.fixture(scope="module")
def directed_state(browser: Browser, directed: Directed) -> Any:
    """The cookies of whoever the demo signs in."""
    return cookies_of(browser, directed)


class Desk:
    """A window of some width and theme, somebody signed in."""

    def __init__(self, page: Page, screen: tuple[int, str]) -> None:
        self.page, self.screen, self.width = page, screen, screen[0]

    def sound(self) -> None:
        """The page as it stands is."""
        assert amiss(self.page, *self.screen) == []

    def says(self, words: str) -> str:
        """Words of this journey alone: some networks take nothing twice."""
        return f"{words} {self.width}"

    def look(self, words: str) -> None:
        """Open the page of the workspace that says these words."""
        self.page.goto(f"/w/demo/{words}")


@pytest.fixture(params=SCREENS.values(), ids=list(SCREENS))
def desk(request: pytest.FixtureRequest, opened: Open, directed: Directed, directed_state: Any) -> Desk:
    """On each of the screens."""
    page = opened(directed, storage_state=directed_state, **as_screen(*request.param)).new_page()
    return Desk(page, request.param)


def illustrate(desk: Desk) -> None:
    """Two pictures with their descriptions; the second comes to stand first."""
    page = desk.page
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Media", exact=True).first.click()
    chooser.value.set_files([picture("red.png", "red"), picture("teal.png")])
    pieces = page.locator(".piece:not(.uploading) .piece-open")
    expect(pieces).to_have_count(2)
    for place, words in enumerate((RED, TEAL)):
        pieces.nth(place).click()
        dialog = page.get_by_role("dialog", name="Description")
        dialog.get_by_label("What is to be seen?").fill(words)
        if place:
            desk.sound()
        dialog.get_by_role("button", name="Keep this").click()
    if desk.width < WIDE:
        pieces.nth(1).click()
        page.get_by_role("button", name="Move it forward").click()
        page.get_by_role("dialog").get_by_role("button", name="Close").click()
    else:
        page.locator(".piece").nth(1).drag_to(page.locator(".piece").first)
    expect(pieces.first).to_contain_text(TEAL)


def written(desk: Desk) -> str:
    """A thread with pictures, a variant and a tag, for four channels; which post it is."""
    page = desk.page
    desk.look("compose")
    choose(page, *NETWORKS)
    write(page, desk.says(DAWN), desk.says(BOATS))
    expect(page.get_by_text("On LinkedIn this becomes a comment under the first part.")).to_be_visible()
    page.get_by_label("When part 2 follows").select_option(label="5 min later")
    illustrate(desk)
    page.get_by_role("tab").filter(has=page.get_by_alt_text("X", exact=True)).click()
    field(page, 0, 2).fill(desk.says(BRIEF))
    desk.sound()
    page.get_by_role("tab", name="Everyone").click()
    expect(field(page, 0, 2)).to_have_value(desk.says(DAWN))
    page.get_by_label("Add a tag").fill("Harbour")
    page.get_by_label("Add a tag").press("Enter")
    page.get_by_label("Date", exact=True).fill(within_a_week(page))
    saved(page)
    desk.sound()
    if page.get_by_role("button", name="Preview", exact=True).is_visible():
        page.get_by_role("button", name="Preview", exact=True).click()
        desk.sound()
    return post_id(page)


def chip(page: Page, post: str, day: str = "") -> Locator:
    """The card of a post, wherever it is or on this day."""
    return page.locator(f"[data-day='{day}'] .chip[data-post='{post}']" if day else f".chip[data-post='{post}']")


def within_a_week(page: Page) -> str:
    """The day that the composer proposes, or the Monday after: the next day then stands beside it in the month."""
    day = date.fromisoformat(page.locator("#finish-date").input_value())
    return (day if day.weekday() < SATURDAY else day + (7 - day.weekday()) * DAY).isoformat()


def by_finger(page: Page, card: Locator, to: Locator) -> None:
    """A long press lifts the card, and the finger carries it there."""
    fingers = page.context.new_cdp_session(page)
    card.scroll_into_view_if_needed()
    start, end = card.bounding_box(), to.bounding_box()
    assert start
    assert end
    at = {"x": start["x"] + 40, "y": start["y"] + start["height"] / 2}
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    expect(card).to_have_class(re.compile("lifted"))
    there = {"x": end["x"] + 40, "y": end["y"] + end["height"] / 2}
    fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [there]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def moved(desk: Desk, post: str) -> datetime:
    """The post comes to the day after, by what the screen is for; when it is due then."""
    page = desk.page
    card = chip(page, post)
    before = datetime.fromisoformat(card.get_attribute("data-at") or "")
    after = f"{before + DAY:%Y-%m-%d}"
    desk.sound()
    day = page.locator(f".day:has([data-day='{after}'])")
    if desk.width == WIDE:
        card.drag_to(day)
    elif day.is_visible():  # on a phone the month shows only days that have something
        by_finger(page, card, day)
    else:
        desk.look("calendar?view=list")
        card.get_by_role("button", name="Move to…").click()
        page.get_by_role("dialog", name="Move to…").get_by_label("Date").fill(after)
        desk.sound()
        page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(page.locator(".toast-card")).to_contain_text("Moved to")
    expect(chip(page, post, after)).to_be_visible()
    desk.sound()
    return before + DAY


def read_there(page: Page, network: str) -> Locator:
    """The page that the receipt leads to."""
    with page.expect_popup() as there:
        page.get_by_role("region", name="Part 1").get_by_role("link", name=f"Open on {network}", exact=True).click()
    return there.value.locator("body")


def test_a_post_is_written_scheduled_moved_and_goes_out_and_its_receipts_lead_to_it(
    desk: Desk, directed: Directed
) -> None:
    page = desk.page
    post = written(desk)
    page.get_by_role("button", name="Schedule for").click()
    page.wait_for_url("**/calendar?day=*")
    due = moved(desk, post)
    desk.look(f"posts/{post}")
    progress = page.locator("#progress")
    expect(progress).to_have_attribute("data-face", "scheduled")
    directed.forward(due + SECOND)
    links = page.get_by_role("region", name="Part 1").get_by_role("link", name="Open on")
    expect(links).to_have_count(4, timeout=PATIENCE)
    desk.sound()
    directed.later(DELAY + SECOND)  # each second part is due so long after its first was out
    expect(progress).to_have_attribute("data-face", "published", timeout=PATIENCE)
    desk.sound()
    for network in ("Mastodon", "LinkedIn"):
        expect(read_there(page, network)).to_contain_text(desk.says(DAWN))
    expect(read_there(page, "X")).to_contain_text(desk.says(BRIEF))
    expect(read_there(page, "Bluesky")).to_contain_text(re.compile(f"{TEAL}.*{RED}", re.DOTALL))
    desk.look("calendar?view=month")
    expect(chip(page, post)).to_have_attribute("data-state", "published")


@pytest.mark.parametrize("desk", [SCREENS["1440 light"]], ids=["1440 light"], indirect=True)
def test_what_is_due_within_the_minute_is_watched_and_the_library_keeps_what_was_said_of_pictures(
    desk: Desk, directed: Directed
) -> None:
    page = desk.page
    desk.look("compose")
    choose(page, "Mastodon")
    write(page, "On the minute.")
    illustrate(desk)
    saved(page)
    due = (directed.time() + timedelta(seconds=72)).replace(second=0, microsecond=0)
    set_time(page, due)
    page.get_by_role("button", name="Schedule for").click()
    expect(page.get_by_role("heading", name="On its way")).to_be_visible()
    directed.forward(due)
    expect(page.get_by_role("heading", name="All out")).to_be_visible()
    desk.sound()
    desk.look("media")
    expect(page.get_by_alt_text(TEAL).first).to_be_visible()


def publish(desk: Desk, text: str, network: str) -> str:
    """Write it and send it at once; which post it is."""
    page = desk.page
    desk.look("compose")
    choose(page, network)
    write(page, text)
    saved(page)
    post = post_id(page)
    page.get_by_role("button", name="Publish now").click()
    return post


def empty(desk: Desk) -> None:
    """Nobody is waited for."""
    desk.look("attention")
    expect(desk.page.get_by_text("Nothing waits for you")).to_be_visible()
    desk.sound()


def test_a_channel_whose_access_has_ended_is_connected_again_and_what_waited_goes_out(
    desk: Desk, directed: Directed
) -> None:
    page = desk.page
    directed.lock_out("mastodon")
    post = publish(desk, "Waits until the door is open again.", "Mastodon")
    expect(page.get_by_role("link", name="Connect again")).to_be_visible()
    desk.sound()
    desk.look("attention")
    ended = page.locator("main .rows > li", has=page.get_by_alt_text("Mastodon", exact=True))
    expect(ended.filter(has_text=re.compile("deliver(y waits|ies wait) for it"))).to_be_visible()
    desk.sound()
    ended.get_by_role("link", name="Connect again").click()
    desk.sound()
    page.get_by_role("button", name="Connect", exact=True).first.click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/w/demo/channels**")
    desk.sound()
    desk.look(f"posts/{post}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "published")
    expect(read_there(page, "Mastodon")).to_contain_text("Waits until the door is open again.")
    empty(desk)


def unsure(desk: Desk, directed: Directed, words: str) -> tuple[str, Locator]:
    """A post whose answer was lost on a network that cannot tell; its row among what waits for a person."""
    directed.lose("telegram", "/sendMessage")
    post = publish(desk, words, "Telegram")
    expect(desk.page.get_by_text("the answer broke off")).to_be_visible()
    directed.later(SETTLED)  # what was lost may take a moment to be there
    expect(desk.page.get_by_role("link", name="Say whether it appeared")).to_be_visible()
    desk.sound()
    desk.look("attention")
    asked = row(desk.page, words, "Telegram")
    expect(asked).to_contain_text("did this appear?")
    desk.sound()
    return post, asked


def test_what_a_network_cannot_tell_a_person_says_it_is_there_or_it_is_not(desk: Desk, directed: Directed) -> None:
    page = desk.page
    post, asked = unsure(desk, directed, "Is it there?")
    profile = asked.get_by_role("link", name="Open my profile there").get_attribute("href")
    asked.get_by_label("Its address, if you have it").fill(f"{profile}/{directed.posts('telegram')[-1]}")
    asked.get_by_role("button", name="It is out", exact=True).click()
    expect(page.locator(".note.success")).to_contain_text("Noted: it is out.")
    desk.look(f"posts/{post}")
    expect(read_there(page, "Telegram")).to_contain_text("Is it there?")

    post, asked = unsure(desk, directed, "It is nowhere to be seen.")
    directed.drop("telegram")
    asked.get_by_role("button", name="send it again").click()
    desk.sound()
    page.get_by_role("dialog").get_by_role("button", name="Send it again").click()
    desk.look(f"posts/{post}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "published")
    desk.sound()
    expect(read_there(page, "Telegram")).to_contain_text("It is nowhere to be seen.")
    assert len(directed.posts("telegram")) == 1
    empty(desk)


def illustrate_by_keys(page: Page) -> None:
    """Bring a picture in, take it out of the post again, find it in the library, and say what is to be seen."""
    tab_to(page, ".tools > button:has([href$='#image'])")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(picture("keys.png"))  # the browser's own dialog
    pieces = page.locator(".piece:not(.uploading)")
    expect(pieces).to_have_count(1)
    tab_to(page, ".piece-open")
    page.keyboard.press("Delete")
    expect(pieces).to_have_count(0)
    tab_to(page, ".tools > button:has([href$='#media'])")
    page.keyboard.press("Enter")
    expect(page.locator(".shot-pick").first).to_be_visible()
    tab_to(page, ".shot-pick")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    tab_to(page, ".piece-open")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What is to be seen?")).to_be_focused()
    page.keyboard.type(TEAL)
    page.keyboard.press("Control+Enter")
    expect(pieces.first).to_contain_text(TEAL)


def write_by_keys(page: Page) -> str:
    """From anywhere: a new post for two channels, one of which says it otherwise; which post it is."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="New post", exact=True)).to_be_visible()
    page.keyboard.type("new post")
    expect(page.get_by_role("option", name="New post", exact=True)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compose")
    for network in ("Mastodon", "X"):
        tab_to(page, f".pick:has([alt='{network}'])")
        page.keyboard.press("Space")
    tab_to(page, "textarea.words")
    page.keyboard.type("Written with ten fingers and no mouse.")
    saved(page)
    illustrate_by_keys(page)
    tab_to(page, "[role=tab][aria-selected=true]")
    page.keyboard.press("ArrowLeft")
    tab_to(page, "textarea.words")
    page.keyboard.press("Control+a")
    page.keyboard.type("Ten fingers.")
    tab_to(page, ".post-tags input")
    page.keyboard.type("Keys")
    page.keyboard.press("Enter")
    saved(page)
    return post_id(page)


def test_from_signing_in_to_the_receipt_no_mouse_is_needed(opened: Open, directed: Directed) -> None:
    page = opened(directed).new_page()
    page.goto("/accounts/login/")
    tab_to(page, "[name=login]")
    page.keyboard.type(NEWCOMER)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar")
    post = write_by_keys(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/calendar?day=*")
    tab_to(page, "a[href*='view=list']")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=list**")
    card = chip(page, post)
    due = datetime.fromisoformat(card.get_attribute("data-at") or "") + DAY
    tab_to(page, f".chip[data-post='{post}'] a")
    page.keyboard.press("Alt+ArrowRight")
    expect(chip(page, post, f"{due:%Y-%m-%d}").locator("a")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#look")).to_contain_text("Written with ten fingers")
    page.keyboard.press("Escape")
    expect(card.locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/posts/{post}")
    directed.forward(due + SECOND)
    expect(page.locator("#progress")).to_have_attribute("data-face", "published")
    for network, words in (("mastodon", "Written with ten fingers"), ("x", "Ten fingers.")):
        tab_to(page, f"a[href*='/simulators/{network}/']")
        with page.expect_popup() as there:
            page.keyboard.press("Enter")
        expect(there.value.locator("body")).to_contain_text(words)
        there.value.close()
