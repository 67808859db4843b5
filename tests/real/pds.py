"""A real Bluesky server (PDS and PLC directory) on loopback, for the tests that want one."""

import json
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from tests.conftest import SHARED
from tidings.core.http import Door

SERVERS = SHARED / "servers"
PORT, PLC, INNER = 2583, 2582, 12583
URL = f"http://localhost:{PORT}"
PUBLIC = "https://app.tidings-under-test.com"  # the server fetches what is there from a loopback port of ours
PATIENCE = 300


@contextmanager
def running(ours: int) -> Iterator["Cutter"]:
    """An empty server, with a proxy before it that loses answers on order; skips the test where it cannot run.

    `ours`: the port from which it fetches the client documents that it believes to be at PUBLIC.
    """
    if not (SERVERS / "servers").exists():
        pytest.skip("no real servers beside this checkout")
    if "not installed" in _servers("status"):
        pytest.skip("the real Bluesky server is not installed on this machine")
    _servers("stop")
    host = PUBLIC.removeprefix("https://")
    _servers("start", TIDINGS_PORT_PDS_INNER=str(INNER), HOST_MAP=f"{host}=http://127.0.0.1:{ours}")
    try:
        with _proxy() as cutter:
            yield cutter
    finally:
        _servers("stop")


def _servers(verb: str, **settings: str) -> str:
    command = ["env", *(f"{k}={v}" for k, v in settings.items()), "bash", str(SERVERS / "servers"), verb, "pds"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Person:
    """An account there."""

    did: str
    handle: str
    password: str
    app_password: str


def door() -> Door:
    """A door that may reach the server."""
    return Door(private=[f"localhost:{PORT}", f"localhost:{PLC}"])


HOSTS = {"entry": URL, "plc": f"http://localhost:{PLC}"}


def person() -> Person:
    """A fresh account with an app password."""
    handle, password = f"p{secrets.token_hex(4)}.test", secrets.token_urlsafe(12)
    wish = {"handle": handle, "email": f"{handle}@example.com", "password": password}
    made = xrpc("server.createAccount", wish)
    named = xrpc("server.createAppPassword", {"name": "tidings"}, made["accessJwt"])
    return Person(made["did"], handle, password, named["password"])


def xrpc(method: str, wish: Mapping[str, Any], token: str = "") -> Any:
    """What the server says to a com.atproto procedure; fails the test when it refuses."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = urllib3.request("POST", f"{URL}/xrpc/com.atproto.{method}", json=wish, headers=headers)
    assert answer.status == 200, answer.data
    return answer.json()


def blob(did: str, cid: str) -> bytes:
    """The bytes of a picture, from the server."""
    return urllib3.request("GET", f"{URL}/xrpc/com.atproto.sync.getBlob?did={did}&cid={cid}").data


def posts(did: str) -> list[dict[str, Any]]:
    """Every post of this account, as the server itself tells."""
    url = f"{URL}/xrpc/com.atproto.repo.listRecords?repo={did}&collection=app.bsky.feed.post&limit=100"
    records: list[dict[str, Any]] = urllib3.request("GET", url).json()["records"]
    return records


def allow(page: str, who: Person, scope: str) -> dict[str, str]:
    """What the server's consent page, opened at `page`, sends back to us once this person has allowed it."""
    navigation = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    opened = urllib3.request("GET", page, headers={**navigation, "Sec-Fetch-Site": "none"}, redirect=False)
    cookies = dict(cookie.partition(";")[0].split("=", 1) for cookie in opened.headers.getlist("set-cookie"))
    said = {
        "Sec-Fetch-Mode": "same-origin", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin",
        "Origin": URL, "Referer": page, "x-csrf-token": cookies["csrf-token"],
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    api = f"{URL}/@atproto/oauth-provider/~api"
    wish = {"locale": "en", "username": who.handle, "password": who.password, "remember": False}
    signed = urllib3.request("POST", f"{api}/sign-in", json=wish, headers=said).json()
    proof = {**said, "Authorization": f"Bearer {signed['ephemeralToken']}"}
    answer = urllib3.request("POST", f"{api}/consent", json={"did": who.did, "scope": scope}, headers=proof).json()
    back = {**said, **navigation}
    target = urllib3.request("GET", answer["url"], headers=back, redirect=False).headers["location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}


@contextmanager
def _proxy() -> Iterator["Cutter"]:
    orders = PORT + 3
    command = [sys.executable, str(SERVERS / "cutproxy.py"), str(PORT), str(INNER), str(orders)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline().startswith("ready")
        yield Cutter(orders)
    finally:
        process.terminate()
        process.wait(10)


@dataclass(frozen=True)
class Cutter:
    """Where the proxy takes its orders."""

    port: int

    def order(self, line: str) -> dict[str, Any]:
        """Give an order such as "once lose putRecord"; its state comes back."""
        with socket.create_connection(("127.0.0.1", self.port)) as plug:
            plug.sendall(line.encode() + b"\n")
            state: dict[str, Any] = json.loads(plug.makefile().readline())
            return state
