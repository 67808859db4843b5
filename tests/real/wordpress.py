"""A real WordPress on loopback, for the tests that want one."""

import json
import os
import re
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from tests.real.pds import PATIENCE, SERVERS, Cutter
from tidings import simulators

PORT = 8081
URL = f"http://127.0.0.1:{PORT}"
API = f"{URL}/wp-json/wp/v2"
OWN = "users/me/application-passwords"


@contextmanager
def running() -> Iterator[tuple[Cutter, str]]:
    """The server, behind a proxy that loses answers on order, and its address; skips where it cannot run."""
    if not (SERVERS / "servers").exists():
        pytest.skip("no real servers beside this checkout")
    before = _servers("status")
    if "not installed" in before:
        pytest.skip("the real WordPress is not installed on this machine")
    _servers("start")
    try:
        with _proxy() as (cutter, url):
            yield cutter, url
    finally:
        if "runs" not in before:
            _servers("stop")


def _servers(verb: str) -> str:
    command = ["bash", str(SERVERS / "servers"), verb, "wordpress"]
    # the database runs as a user of its own, who may not write to the folder of these tests
    env = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _proxy() -> Iterator[tuple[Cutter, str]]:
    here, orders = simulators.free_port(), simulators.free_port()
    command = [sys.executable, str(SERVERS / "cutproxy.py"), str(here), str(PORT), str(orders)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline().startswith("ready")
        yield Cutter(orders), f"http://127.0.0.1:{here}"
    finally:
        process.terminate()
        process.wait(10)


def password(user: str = "author") -> str:
    """A fresh application password of this person."""
    return str(ask("POST", OWN, {"name": f"Tidings {secrets.token_hex(4)}"}, user)["password"])


def passwords(user: str = "author") -> list[str]:
    """The names of all that this person has given out."""
    return [one["name"] for one in ask("GET", OWN, user=user)]


def ask(method: str, path: str, wish: Any = None, user: str = "admin") -> Any:
    """What the server itself says to one of its people; fails the test when it refuses."""
    kept = (Path.home() / ".cache/tidings-servers/data/wordpress/passwords.json").read_text()
    proof = urllib3.make_headers(basic_auth=f"{user}:{json.loads(kept)[user]}")
    answer = urllib3.request(method, f"{API}/{path}", json=wish, headers=proof)
    assert answer.status < 300, answer.data
    return answer.json()


def articles(title: str) -> list[dict[str, Any]]:
    """Every article of this title, in whatever state, as the server tells."""
    found = ask("GET", f"posts?{urlencode({'search': title, 'status': 'any,trash', 'context': 'edit'})}")
    return [one for one in found if unescape(one["title"]["raw"]) == title]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, _request: Any, answer: Any, *_told: Any) -> Any:
        """Who is sent away is looked at, not followed."""
        return answer


def approve(page: str, user: str = "author") -> str:
    """Sign in on the site and approve on its page; the address that the person is sent back to."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _NoRedirect)
    browser.addheaders = [("Cookie", "wordpress_test_cookie=WP%20Cookie%20check")]
    _sent_to(browser, f"{URL}/wp-login.php", {"log": user, "pwd": f"{user}pw", "testcookie": "1"})
    browser.addheaders = []
    with browser.open(page) as answer:
        form = answer.read().decode()
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    return _sent_to(browser, page.partition("?")[0], fields | {"approve": "1"})


def _sent_to(browser: urllib.request.OpenerDirector, url: str, fields: dict[str, str]) -> str:
    with browser.open(url, urlencode(fields).encode()) as answer:
        assert answer.status == 302, answer.read()[-600:]
        return str(answer.headers["location"])
