"""A real Nostr relay on loopback, for the tests that want one, and a proxy before it that loses answers on order."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.real.pds import SERVERS, Cutter
from tidings.core.http import Answer, Door, Request, Transport

PORT, PROXY = 6969, 9611
URL, CUT = f"ws://127.0.0.1:{PORT}", f"ws://127.0.0.1:{PROXY}"
PRIVATE = [f"127.0.0.1:{PORT}", f"127.0.0.1:{PROXY}"]
PATIENCE = 120


@contextmanager
def running() -> Iterator[Cutter]:
    """An empty relay; skips the test where it cannot run."""
    if not (SERVERS / "servers").exists():
        pytest.skip("no real servers beside this checkout")
    if "nostr is not installed" in _servers("status"):
        pytest.skip("the real Nostr relay is not installed on this machine")
    _servers("reset", "nostr")
    _servers("start", "nostr")
    try:
        with _proxy() as cutter:
            yield cutter
    finally:
        _servers("stop", "nostr")


def _servers(*words: str) -> str:
    command = ["bash", str(SERVERS / "servers"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _proxy() -> Iterator[Cutter]:
    command = [sys.executable, str(SERVERS / "cutproxy.py"), str(PROXY), str(PORT)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline().startswith("ready")
        yield Cutter(PROXY + 1)
    finally:
        process.terminate()
        process.wait(10)


def losing(cutter: Cutter, mode: str) -> Transport:
    """A door that gives this order once, after the handshake: what is said on a socket cannot be told by its bytes."""
    door, orders = Door(PRIVATE), [f"once {mode}"]

    def ordered(talk: Generator[bytes, list[Any], None]) -> Generator[bytes, list[Any], None]:
        cutter.order(orders.pop())
        yield from talk

    def speak(request: Request) -> Answer:
        body: Any = request.body
        return door(replace(request, body=ordered(body)) if orders and request.method == "SAY" else request)

    return speak


def notes(author: str) -> list[dict[str, Any]]:
    """All notes of this key, as the relay itself tells anybody who asks, the oldest first."""
    found = []
    with connect(URL) as line:
        line.send(json.dumps(["REQ", "all", {"authors": [author], "kinds": [1]}]))
        while (said := json.loads(line.recv(10)))[0] != "EOSE":
            found.append(said[2])
    return sorted(found, key=lambda note: int(note["created_at"]))
