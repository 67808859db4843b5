"""A comment arrives, is answered with a saved reply and done: at a desk and on a phone."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT
from tests.browser.judge import faults
from tests.browser.serving import Server

SAVED = "We are open from six to five."


def over_there(demo: Server, *words: str) -> str:
    """What tests.browser.remark says of the demo's Mastodon."""
    environment = demo.environment | {"TIDINGS_HOME": str(demo.home / "demo"), "TIDINGS_DEMO": "true"}
    call = [sys.executable, "-m", "tests.browser.remark", "mastodon", *words]
    done = subprocess.run(call, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def save_a_reply(page: Page, name: str) -> None:
    page.goto("/w/demo/settings/snippets?kind=reply")
    form = page.locator("section", has=page.get_by_role("heading", name="Write a new one"))
    form.get_by_label("Name").fill(name)
    form.get_by_label("Words").fill(SAVED)
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name=f"Change {name}")).to_be_visible()


@pytest.mark.parametrize("wide", [1440, 360])
@pytest.mark.timeout(120)
def test_a_comment_is_answered_with_a_saved_reply_and_done(
    page: Page, demo: Server, staged: dict[str, str], wide: int
) -> None:
    words = f"When do you open, {wide}?"
    theirs = over_there(demo, words)
    save_a_reply(page, f"Hours {wide}")
    page.set_viewport_size({"width": wide, "height": 800})
    page.goto("/w/demo/inbox")
    row = page.locator(".talk", has_text=words)
    expect(row.get_by_text("New", exact=True)).to_be_visible()
    row.get_by_role("link").click()
    expect(page.locator(".said-words", has_text=words)).to_be_visible()
    page.locator("summary", has_text="Saved replies").click()
    page.get_by_role("button", name=f"Hours {wide}").click()
    expect(page.locator("#text")).to_have_value(SAVED)
    page.locator("#text").fill(f"{SAVED} See you!")
    expect(page.locator("#length")).to_contain_text(f"{len(SAVED) + 9} of 500")
    page.get_by_role("button", name="Answer and mark done").click()
    expect(page.locator(".talk", has_text=words)).to_have_count(0)
    page.goto("/w/demo/inbox?whose=done")
    page.locator(".talk", has_text=words).get_by_role("link").click()
    answer = page.locator(".said.ours")
    expect(answer.get_by_text("Sent", exact=True)).to_be_visible()  # by itself
    expect(answer.get_by_role("link", name="Open on Mastodon")).to_be_visible()
    assert faults(page) == []
    assert over_there(demo, "--to", theirs) == "1"
