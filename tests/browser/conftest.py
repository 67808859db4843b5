"""One browser and two running instances for all tests of this folder; every window is watched.

`demo` has channels on simulated networks and somebody signed in; `own` is an instance that a person runs for
themselves (its first person is ANN). Playwright holds an event loop in this thread, so it ends with the folder.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.serving import Server
from tests.browser.watch import Watch

ROOT = Path(__file__).parents[2]
ANN, PASSWORD = "ann@example.org", "seven quiet harbours"
PATIENCE = 15_000  # ms for what should take a blink: other work may run on this machine

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    try:
        chromium.found()
    except chromium.Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    with sync_playwright() as playwright:
        made = chromium.launch(playwright)
        yield made
        made.close()


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`tidings demo --small`, furnished."""
    server = Server("demo --small", tmp_path_factory.mktemp("demo") / "home").start()
    try:
        server.wait_for("/w/demo/calendar?view=list", "A draft. Change it")
        yield server
    finally:
        server.kill()


Stage = Callable[..., dict[str, str]]


@pytest.fixture(scope="package")
def stage(demo: Server) -> Stage:
    """Puts posts into the demo: stage("text=state,state") gives {text: id}; an id for a text changes that post."""
    environment = demo.environment | {"TIDINGS_HOME": str(demo.home / "demo"), "TIDINGS_DEMO": "true"}

    def put(*wishes: str) -> dict[str, str]:
        words = [sys.executable, "-m", "tests.browser.stage", *wishes]
        done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    return put


@pytest.fixture(scope="package")
def staged(stage: Stage) -> dict[str, str]:
    """Posts in the demo, by what is the matter with them: their ids."""
    return stage(
        "unsure=unsure,delivered,delivered", "out after all=unsure", "not out=unsure", "failed=failed,failed,failed",
        "partly out=delivered,failed,delivered", "held=held,held,held", "put off=held",
        "cancelled=cancelled,cancelled,cancelled",
        "dragged=waiting,waiting,waiting", "walked=waiting", "half way=overdue", "gone=gone,delivered",
    )


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    """An instance nobody has used yet, which the test may kill."""
    server = Server("serve", tmp_path / "home").start()
    yield server
    server.kill()


Open = Callable[..., BrowserContext]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens watched windows: opened(server); at the end of the test nothing may have complained."""
    watches: list[Watch] = []

    def make(server: Server, **options: Any) -> BrowserContext:
        usual = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce"}
        options = usual | {"service_workers": "block"} | options  # each window would fetch what it keeps
        context = browser.new_context(base_url=server.url, **options)
        context.set_default_timeout(PATIENCE)
        watch = Watch(context, server.url)
        context.watch = watch  # type: ignore[attr-defined]
        watches.append(watch)
        return context

    yield make
    try:
        for watch in watches:
            watch.assert_clean()
    finally:
        for watch in watches:
            watch.context.close()


def cookies_of(browser: Browser, demo: Server) -> Any:
    """Of whoever a demo signs in, for further windows."""
    context = browser.new_context()
    context.new_page().goto(f"{demo.url}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="package")
def demo_state(browser: Browser, demo: Server) -> Any:
    """The cookies of whoever the demo signs in."""
    return cookies_of(browser, demo)


@pytest.fixture
def page(opened: Open, demo: Server, demo_state: Any) -> Page:
    """A window of the demo, somebody signed in."""
    return opened(demo, storage_state=demo_state).new_page()


def watch_of(page: Page) -> Watch:
    """Who looks on in this window."""
    watch: Watch = page.context.watch  # type: ignore[attr-defined]
    return watch


def settle_in(page: Page) -> None:
    """Be the first person of an instance."""
    page.goto("/")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("E-mail address").fill(ANN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name of your workspace").fill("Bakery")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/w/bakery/calendar")


@pytest.fixture(scope="package")
def own(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`tidings serve`, which Ann has set up; people may register. Passkeys want a name, not a number: localhost."""
    server = Server("serve", tmp_path_factory.mktemp("own") / "home", host="localhost", registration="open").start()
    try:
        context = browser.new_context(base_url=server.url)
        settle_in(context.new_page())
        context.close()
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="package")
def own_state(browser: Browser, own: Server) -> Any:
    """The cookies of Ann, signed in."""
    context = browser.new_context(base_url=own.url)
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


def sign_in(page: Page, address: str = ANN) -> None:
    """With a password."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/calendar")
