"""A template of several parts: added, moved and taken out on its page."""

from playwright.sync_api import Page, expect

from tests.browser.judge import faults


def test_parts_of_a_template_are_added_moved_and_removed(page: Page) -> None:
    page.goto("/w/demo/settings/snippets")
    page.get_by_label("Name", exact=True).last.fill("Weekly thread")
    page.get_by_label("Words", exact=True).last.fill("One")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Change Weekly thread").click()
    form = page.get_by_role("dialog", name="Weekly thread")
    for place, text in ((2, "Two"), (3, "Three")):
        form.get_by_role("button", name="Add to the thread").click()
        expect(form.get_by_label(f"Text of part {place}")).to_be_focused()
        form.get_by_label(f"Text of part {place}").fill(text)
    form.get_by_role("button", name="Move part 3 up").click()
    form.get_by_role("button", name="Remove part 1").click()
    expect(form.get_by_role("button", name="Move part 1 up")).to_be_disabled()
    assert faults(page) == []
    form.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Change Weekly thread").click()
    words = page.get_by_role("dialog", name="Weekly thread").locator("textarea[name=part]")
    expect(words).to_have_count(2)
    assert [one.input_value() for one in words.all()] == ["Three", "Two"]
