"""What only a person can decide: a delivery that may or may not be out, one that is overdue, one that is gone."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.composing import field
from tests.browser.conftest import Stage, watch_of
from tests.browser.judge import faults

RENEW = """() => htmx.ajax("GET", `${location.pathname}/progress`, {target: "#progress", swap: "outerHTML"})"""


def row(page: Page, words: str, network: str = "") -> Locator:
    """The row of this post, on this network."""
    found = page.locator("main .rows > li", has=page.get_by_role("link", name=words, exact=True))
    return found.filter(has=page.get_by_alt_text(network, exact=True)) if network else found


def test_an_unsure_delivery_is_said_to_be_out(page: Page, staged: dict[str, str]) -> None:
    page.goto("/w/demo/attention")
    unsure = row(page, "out after all")
    unsure.get_by_label("Its address, if you have it").fill("https://example.org/somebody/else")
    unsure.get_by_role("button", name="It is out", exact=True).click()
    expect(page.locator(".note.error")).to_be_visible()
    unsure.get_by_role("button", name="It is out", exact=True).click()
    expect(unsure).to_have_count(0)
    page.goto(f"/w/demo/posts/{staged['out after all']}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "published")
    expect(page.get_by_role("button", name="Send again")).to_have_count(0)


def test_an_unsure_delivery_is_sent_again_once_it_is_clear_what_that_means(
    page: Page, staged: dict[str, str]
) -> None:
    page.goto("/w/demo/attention")
    unsure = row(page, "not out")
    unsure.get_by_role("button", name="send it again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("it will be there twice")
    dialog.get_by_role("button", name="Not yet").click()
    expect(unsure).to_have_count(1)
    unsure.get_by_role("button", name="send it again").click()
    dialog.get_by_role("button", name="Send it again").click()
    expect(unsure).to_have_count(0)
    page.goto(f"/w/demo/posts/{staged['not out']}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "published", timeout=30_000)
    expect(page.get_by_role("link", name="Open on")).to_be_visible()


def test_an_unsure_delivery_is_left_as_it_is(page: Page, stage: Stage) -> None:
    post = stage("left alone=unsure")["left alone"]
    page.goto("/w/demo/attention")
    row(page, "left alone").get_by_role("button", name="leave it").click()
    expect(row(page, "left alone")).to_have_count(0)
    page.goto(f"/w/demo/posts/{post}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "cancelled")


def test_a_lost_post_is_looked_for_on_every_network_and_picked_by_one_click(page: Page, stage: Stage) -> None:
    words = "Lost on its way back to us"
    post = stage(f"{words}=lost,lost,lost")[words]
    for network in ("Bluesky", "Mastodon", "X"):
        page.goto("/w/demo/attention")
        lost = row(page, words, network)
        expect(lost.get_by_role("link", name="Open my profile there")).to_be_visible()
        lost.get_by_role("button", name="Look for it").click()
        expect(lost.locator(".found > li").first).to_contain_text(words)
        if network == "X":
            expect(lost).to_contain_text("X charges a little for looking.")
        assert faults(page) == []
        lost.locator(".found > li").first.get_by_role("button", name="This is it").click()
        expect(page.locator(".note.success")).to_contain_text("Noted: it is out.")
        expect(row(page, words, network)).to_have_count(0)
    page.goto(f"/w/demo/posts/{post}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "published")
    expect(page.get_by_role("link", name="Open on")).to_have_count(3)


def test_what_is_typed_beside_a_question_stays_while_another_channel_is_published(page: Page, stage: Stage) -> None:
    """The page renews itself every two seconds while something moves."""
    post = stage("half known=unsure,waiting")["half known"]
    page.goto(f"/w/demo/posts/{post}")
    renewed = page.locator("#progress")
    renewed.evaluate("(part) => { part.dataset.old = 'yes'; }")
    page.get_by_label("Its address, if you have it").fill("https://example.org/half")
    page.evaluate(RENEW)
    expect(renewed).not_to_have_attribute("data-old", "yes")
    expect(page.get_by_label("Its address, if you have it")).to_have_value("https://example.org/half")


def test_a_failed_delivery_says_why_and_is_sent_again(page: Page, staged: dict[str, str]) -> None:
    page.goto(f"/w/demo/posts/{staged['failed']}")
    expect(page.get_by_text("this text was posted already").first).to_be_visible()
    page.get_by_role("button", name="Send again").first.click()
    expect(page.get_by_role("link", name="Open on")).to_have_count(1, timeout=30_000)


def test_what_is_overdue_says_what_it_waits_for(page: Page, staged: dict[str, str]) -> None:
    page.goto("/w/demo/attention")
    expect(row(page, "The part behind it.")).to_contain_text("The part before it waits for a decision.")


def test_what_is_gone_over_there_is_told_until_somebody_knows(page: Page, stage: Stage) -> None:
    post = stage("deleted over there=gone")["deleted over there"]
    page.goto("/w/demo/attention")
    gone = row(page, "deleted over there")
    expect(gone).to_contain_text("It is no longer there. It was seen last on")
    gone.get_by_role("button", name="I know").click()
    expect(gone).to_have_count(0)
    page.goto(f"/w/demo/posts/{post}")
    expect(page.locator("#progress")).to_contain_text("It is no longer there.")


def test_every_button_is_as_high_as_a_finger_and_of_one_line_on_a_phone(page: Page, staged: dict[str, str]) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("attention", f"posts/{staged['unsure']}", f"posts/{staged['held']}"):
        page.goto(f"/w/demo/{path}")
        for button in page.locator("main .btn").all():
            box = button.bounding_box() if button.is_visible() else None
            assert box is None or 44 <= box["height"] < 48, button.inner_text()


def test_an_edit_that_comes_too_late_is_refused_and_what_was_written_is_kept(page: Page, stage: Stage) -> None:
    post = stage("claimed meanwhile=waiting")["claimed meanwhile"]
    watch_of(page).forgive("status of 409")
    page.goto(f"/w/demo/posts/{post}/edit")
    field(page).fill("Written while it was claimed.")
    stage(f"{post}=settling")
    page.get_by_role("button", name=re.compile("^Save, to go out")).click()
    expect(page.get_by_role("alert")).to_contain_text("being published just now")
    expect(page.get_by_role("alert")).to_contain_text("What you wrote is kept in this browser.")
    expect(field(page)).to_have_value("Written while it was claimed.")
    page.goto(f"/w/demo/posts/{post}")
    expect(page.locator("#progress")).to_contain_text("claimed meanwhile")
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)
    page.goto(f"/w/demo/posts/{post}/edit")
    expect(field(page)).to_have_value("Written while it was claimed.")
    stage(f"{post}=waiting")
    page.get_by_role("button", name=re.compile("^Save, to go out")).click()
    page.wait_for_url("**/calendar**")
    page.goto(f"/w/demo/posts/{post}")
    expect(page.locator("#progress")).to_contain_text("Written while it was claimed.")


def test_the_menu_counts_what_waits_for_a_person(page: Page, staged: dict[str, str]) -> None:
    page.goto("/w/demo/attention")
    waiting = page.locator("main .rows > li").count()
    assert waiting
    expect(page.locator("nav.nav .nav-attention .count")).to_have_text(str(waiting))
