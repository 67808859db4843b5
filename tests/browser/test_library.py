"""The media library: brought in over a line that breaks, described, sorted into folders, tagged, found, deleted."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.composing import picture
from tests.browser.conftest import Open, watch_of
from tests.browser.judge import faults
from tests.browser.serving import Server
from tests.media.cutting import cutting
from tests.media.films import film

WORDS = "An orange rectangle, waiting for the sun"
LARGE = 300_000_000


def shot(page: Page, name: str) -> Locator:
    return page.locator(".grid-media li", has_text=name)


def choose(page: Page, files: Any) -> None:
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Upload", exact=True).click()
    asked.value.set_files(files)


def test_a_picture_is_uploaded_described_found_and_deleted(page: Page) -> None:
    page.goto("/w/demo/media")
    choose(page, picture("sunrise.png", "orange"))
    expect(shot(page, "sunrise.png")).to_contain_text("no description")
    assert faults(page) == []
    shot(page, "sunrise.png").get_by_role("link").click()
    page.get_by_label("Description").fill(WORDS)
    expect(page.locator("[data-state-of-saving]")).to_have_text("Saved")
    page.get_by_label("Tags").fill("dawn, orange")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/media/**")
    assert faults(page) == []
    page.goto("/w/demo/media?q=waiting+dawn")
    page.get_by_alt_text(WORDS).click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/w/demo/media")
    expect(shot(page, "sunrise.png")).to_have_count(0)


def test_pictures_are_put_into_a_folder_by_hand_and_by_keyboard_taken_out_and_deleted_together(page: Page) -> None:
    page.goto("/w/demo/media")
    choose(page, [picture(f"{colour}.png", colour) for colour in ("red", "green")])
    expect(shot(page, "green.png")).to_be_visible()
    expect(shot(page, "red.png")).to_be_visible()
    page.get_by_role("button", name="New folder").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Ampel 🚦")
    page.get_by_role("dialog").get_by_role("button", name="Make").click()
    expect(page.get_by_text("Nothing is in this folder yet")).to_be_visible()
    page.get_by_role("navigation", name="Folder").get_by_role("link", name="Media").click()
    shot(page, "red.png").get_by_role("link").drag_to(page.get_by_role("link", name="Ampel"))
    expect(shot(page, "red.png")).to_have_count(0)
    shot(page, "green.png").get_by_role("link").focus()
    page.keyboard.press("x")
    expect(page.get_by_text("1 picked")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Move to…").click()
    page.get_by_role("dialog").get_by_label("Folder").select_option(label="Ampel 🚦")
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    page.get_by_role("link", name="Ampel").click()
    expect(shot(page, ".png")).to_have_count(2)
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_role("heading", name="Delete 2 files?")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Nothing is in this folder yet")).to_be_visible()


def test_a_film_of_300_mb_is_uploaded_although_the_line_is_cut_twice(
    opened: Open, demo: Server, demo_state: Any, tmp_path: Path
) -> None:
    path, start = tmp_path / "a long evening.mp4", film()
    path.write_bytes(start + (LARGE - len(start)).to_bytes(4, "big") + b"mdat")
    with path.open("r+b") as file:
        file.truncate(LARGE)  # the rest is a hole: no disk is filled
    with cutting(demo.port, LARGE // 5, LARGE * 3 // 5) as line:
        through = SimpleNamespace(url=f"http://127.0.0.1:{line.port}")
        page = opened(through, storage_state=demo_state).new_page()
        watch_of(page).forgive("ERR_|Failed to load resource")
        page.goto("/w/demo/media")
        choose(page, path)
        bar = page.get_by_role("progressbar", name=path.name)
        expect(bar).to_have_attribute("max", str(LARGE))
        assert faults(page) == []  # while it goes on
        expect(shot(page, path.name)).to_be_visible(timeout=60_000)
        expect(shot(page, path.name)).to_contain_text("300.0\N{NO-BREAK SPACE}MB")
        assert faults(page) == []
    assert line.made == 2
    assert LARGE < line.up < LARGE * 1.15  # it went on where it stood
