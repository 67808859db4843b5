"""The serving process: it comes up, answers, sends, and ends when it is told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

import psutil

TIDINGS = Path(sys.executable).with_name("tidings")
T = TypeVar("T")

MOST_MEMORY = 200_000_000  # bytes, web and worker together


class Site:
    """A process that serves, and a browser of sorts."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, final address and body."""
        try:
            with self.browser.open(self.url + path, timeout=30) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.url or "", error.read().decode()


@contextmanager
def serving(command: str, home: Path, *words: str, **settings: str) -> Iterator[Site]:
    """`tidings serve` or `tidings demo` on a free port, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as plug:
        port = plug.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
    process = subprocess.Popen(
        [TIDINGS, command, "--port", str(port), *words], env=clean | {"TIDINGS_HOME": str(home)} | settings,
        stderr=subprocess.PIPE, text=True,
    )
    try:
        _wait_for(port, process)
        yield Site(process, port)
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(process.communicate()[1])


def test_a_fresh_instance_answers_works_and_ends_when_told(tmp_path: Path) -> None:
    with serving("serve", tmp_path / "home") as site:
        assert json.loads(site.get("/readyz")[2]) == {"database": True, "worker": True}  # told to nobody in particular
        status, url, page = site.get("/")
        assert (status, url) == (200, f"{site.url}/first-run")
        assert "<form" in page
        assert site.get("/nowhere")[0] == 404
        assert psutil.Process(site.process.pid).memory_info().rss < MOST_MEMORY
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(30) in (0, -signal.SIGTERM)
        assert "Traceback" not in site.process.communicate()[1]


def test_pages_alone_are_not_ready(tmp_path: Path) -> None:
    with serving("serve", tmp_path / "home", "--no-work") as site:
        status, _, said = site.get("/readyz")
        assert (status, json.loads(said)) == (503, {"database": True, "worker": False})


def test_a_newcomer_to_the_demo_is_signed_in_and_sees_posts_go_out(tmp_path: Path) -> None:
    with serving("demo", tmp_path / "home", "--small") as site:
        status, url, _ = site.get("/")
        assert (status, url.partition("?")[0]) == (200, f"{site.url}/w/demo/calendar")
        receipt = _until(lambda: _first_receipt(site))
        assert len(json.loads(site.get("/api/v1/workspaces/demo/channels")[2])) >= 3
        assert receipt.startswith(f"{site.url}/simulators/")
        assert site.get(receipt.removeprefix(site.url))[0] == 200


def _first_receipt(site: Site) -> str:
    """Where the first delivery that is out can be seen; empty while there is none."""
    posts = "/api/v1/workspaces/demo/posts"
    now = datetime.now(UTC)
    wish = urlencode({"from": (now - timedelta(days=1)).isoformat(), "to": (now + timedelta(days=1)).isoformat()})
    for row in json.loads(site.get(f"{posts}?{wish}")[2]):
        for delivery in json.loads(site.get(f"{posts}/{row['id']}/deliveries")[2])["deliveries"]:
            if delivery["state"] == "delivered":
                return str(delivery["url"])
    return ""


def _until(ask: Callable[[], T]) -> T:
    """What `ask` gives as soon as it gives anything."""
    until = time.monotonic() + 60
    while not (given := ask()) and time.monotonic() < until:
        time.sleep(0.2)
    return given
