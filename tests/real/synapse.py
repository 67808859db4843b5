"""A real Matrix homeserver (Synapse) on loopback, behind a proxy that loses answers, for the tests that want one."""

import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
import urllib3

from tests.conftest import SHARED
from tests.real.pds import PATIENCE, Cutter
from tidings import simulators

SERVERS = SHARED / "servers"
PORT = 18008
URL = f"http://127.0.0.1:{PORT}"
CLIENT = "/_matrix/client/v3"
USER, PASSWORD = "alice", "secretpw"


@dataclass(frozen=True)
class Server:
    """Where the program finds it (the proxy), and how the proxy is told to lose answers."""

    url: str
    cutter: Cutter


@contextmanager
def running() -> Iterator[Server]:
    """The server without its limits; skips the test where it cannot run."""
    if not (SERVERS / "servers").exists():
        pytest.skip("no real servers beside this checkout")
    if "synapse is not installed" in _servers("status"):
        pytest.skip("the real Synapse is not installed on this machine")
    _servers("reset")
    _servers("start", TIDINGS_SYNAPSE_EXTRA=str(SERVERS / "synapse_unlimited.yaml"))
    try:
        with _proxy() as server:
            yield server
    finally:
        _servers("stop")


def _servers(verb: str, **settings: str) -> str:
    known = {"TIDINGS_PORT_SYNAPSE": str(PORT), **settings}
    command = ["env", *(f"{k}={v}" for k, v in known.items()), "bash", str(SERVERS / "servers"), verb, "synapse"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _proxy() -> Iterator[Server]:
    listen, orders = simulators.free_port(), simulators.free_port()
    command = [sys.executable, str(SERVERS / "cutproxy.py"), str(listen), str(PORT), str(orders)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline().startswith("ready")
        yield Server(f"http://127.0.0.1:{listen}", Cutter(orders))
    finally:
        process.terminate()
        process.wait(10)


@dataclass(frozen=True)
class Resident:
    """A session of somebody there, past the program and its proxy."""

    token: str

    def ask(self, method: str, path: str, wish: Mapping[str, Any] | None = None) -> Any:
        """What the server itself says; fails the test when it refuses."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = urllib3.request(method, f"{URL}{path}", json=wish, headers=headers)
        assert answer.status == 200, answer.data
        return answer.json()

    def room(self, name: str, encrypted: bool = False) -> str:
        """A new room of this name."""
        state = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}, "state_key": ""}
        wish = {"name": name, "initial_state": [state] if encrypted else []}
        return str(self.ask("POST", f"{CLIENT}/createRoom", wish)["room_id"])

    def messages(self, room: str) -> list[dict[str, Any]]:
        """A room's messages as the server has them, the latest first."""
        chunk = self.ask("GET", f"{CLIENT}/rooms/{quote(room, safe='')}/messages?dir=b&limit=100")["chunk"]
        return [event for event in chunk if event["type"] == "m.room.message"]

    def file(self, address: str) -> bytes:
        """The bytes behind one of Matrix's own addresses."""
        place = f"{URL}/_matrix/client/v1/media/download/{address.removeprefix('mxc://')}"
        answer = urllib3.request("GET", place, headers={"Authorization": f"Bearer {self.token}"})
        assert answer.status == 200, answer.data
        return answer.data


def resident() -> Resident:
    """The user whose rooms the program is to write in."""
    who = {"type": "m.id.user", "user": USER}
    wish = {"type": "m.login.password", "identifier": who, "password": PASSWORD, "device_id": secrets.token_hex(4)}
    return Resident(Resident("").ask("POST", f"{CLIENT}/login", wish)["access_token"])
