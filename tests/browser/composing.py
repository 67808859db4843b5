"""What a person does in the composer, by the names they see."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import cast

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tidings.core import clock


def compose(page: Page, *texts: str, channels: tuple[str, ...] = ()) -> None:
    """Open the composer, choose these networks (none: all channels), write these parts."""
    page.goto("/w/demo/compose")
    choose(page, *channels)
    write(page, *texts)


def choose(page: Page, *networks: str) -> None:
    """Choose the channel of each network; none: all of them."""
    if not networks:
        page.get_by_role("button", name="All", exact=True).click()
    for network in networks:
        page.locator(".pick", has=page.get_by_alt_text(network, exact=True)).click()


def write(page: Page, *texts: str) -> None:
    """Write the parts of a thread."""
    for place, text in enumerate(texts):
        if place:
            page.get_by_role("button", name="Add to the thread").click()
        field(page, place, len(texts) if place else 1).fill(text)


def field(page: Page, place: int = 0, parts: int = 1) -> Locator:
    """Where a part is written."""
    return page.get_by_label(f"Text of part {place + 1}" if parts > 1 else "Text", exact=True)


def saved(page: Page) -> None:
    """Wait until the server has it."""
    expect(page.locator(".save-state")).to_have_text("Saved")


def post_id(page: Page) -> str:
    """Which post the composer holds; it is in the address once it was saved."""
    page.wait_for_url("**/posts/*/edit")
    return page.url.split("/")[-2]


def counter(page: Page, network: str) -> Locator:
    """How much is used of what this network allows, as screen readers say it."""
    return page.locator(".counters .count-of", has=page.get_by_alt_text(network, exact=True)).locator(".sr-only")


def picture(name: str = "harbour.png", colour: str = "teal") -> FilePayload:
    """A picture as a person would choose it."""
    raw = BytesIO()
    Image.new("RGB", (640, 400), colour).save(raw, "PNG")
    return cast(FilePayload, {"name": name, "mimeType": "image/png", "buffer": raw.getvalue()})


def soon() -> datetime:
    """The next full minute that is still far enough away to press the button."""
    return (clock.now() + timedelta(seconds=72)).replace(second=0, microsecond=0)


def set_time(page: Page, when: datetime) -> None:
    """Choose when it goes out; the demo tells the time of this machine's zone."""
    local = when.astimezone()
    page.get_by_label("Date", exact=True).fill(f"{local:%Y-%m-%d}")
    page.locator("#finish-time").fill(f"{local:%H:%M}")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted) ?? false", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")
