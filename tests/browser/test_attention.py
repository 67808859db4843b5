"""What only a person can decide: a delivery that may or may not be out."""

from playwright.sync_api import Page, expect


def test_an_unsure_delivery_is_said_to_be_out(page: Page, staged: dict[str, str]) -> None:
    page.goto("/w/demo/attention")
    row = page.locator(".rows > li", has_text="out after all")
    row.get_by_label("Address of the post").fill("https://example.org/somebody/else")
    row.get_by_role("button", name="It is out").click()
    expect(page.locator(".note.error")).to_be_visible()
    row.get_by_role("button", name="It is out").click()
    expect(row).to_have_count(0)
    page.goto(f"/w/demo/posts/{staged['out after all']}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "published")
    expect(page.get_by_role("button", name="Send again")).to_have_count(0)


def test_an_unsure_delivery_is_sent_again_and_goes_out(page: Page, staged: dict[str, str]) -> None:
    page.goto("/w/demo/attention")
    row = page.locator(".rows > li", has_text="not out")
    row.get_by_role("button", name="Send again").click()
    expect(row).to_have_count(0)
    page.goto(f"/w/demo/posts/{staged['not out']}")
    expect(page.locator("#progress")).to_have_attribute("data-face", "published", timeout=30_000)
    expect(page.get_by_role("link", name="Open on")).to_be_visible()


def test_a_failed_delivery_says_why_and_is_sent_again(page: Page, staged: dict[str, str]) -> None:
    page.goto(f"/w/demo/posts/{staged['failed']}")
    expect(page.get_by_text("this text was posted already").first).to_be_visible()
    page.get_by_role("button", name="Send again").first.click()
    expect(page.get_by_role("link", name="Open on")).to_have_count(1, timeout=30_000)


def test_the_menu_counts_what_waits_for_a_person(page: Page, staged: dict[str, str]) -> None:
    page.goto("/w/demo/attention")
    waiting = page.locator("main .rows > li").count()
    assert waiting
    expect(page.locator("nav.nav .nav-attention .count")).to_have_text(str(waiting))
