"""A server that takes its time, byte by byte, or talks without end: the door leaves it, whatever is spoken."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from socket import create_server
from typing import Any

import pytest
from websockets.sync.server import serve

from tidings.core import connections, sockets
from tidings.core.http import Door, NoAnswer, NotSent, Request

SECONDS = 0.3
LATEST = 2.5


def leading(port: int) -> Door:
    """A door that leads there."""
    return Door([f"127.0.0.1:{port}"])


@contextmanager
def dripping(said: Callable[[], Iterator[bytes]], pause: float) -> Iterator[int]:
    """A server that says this piece by piece, to everybody; its port."""
    over = threading.Event()

    def visit(line: socket.socket) -> None:
        with line, suppress(OSError):
            for piece in said():
                if over.wait(pause):
                    return
                line.sendall(piece)
            over.wait(5)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=visit, args=(plug.accept()[0],), daemon=True).start()

    with create_server(("127.0.0.1", 0)) as plug:
        threading.Thread(target=accept, daemon=True).start()
        yield plug.getsockname()[1]
        over.set()


def _bytes(text: bytes) -> Iterator[bytes]:
    return (text[n : n + 1] for n in range(len(text)))


DRIPS = {
    "status line": lambda: _bytes(b"HTTP/1.1 200 " + b"x" * 5000),
    "headers": lambda: chain([b"HTTP/1.1 200 OK\r\n"], _bytes(b"X-Long: " + b"x" * 5000)),
    "words of patience": lambda: repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": lambda: chain([b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"], _bytes(b"x" * 5000)),
    "chunks": lambda: chain([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"], repeat(b"1\r\nx\r\n")),
    "trailers": lambda: chain([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"], repeat(b"X: y\r\n")),
}


@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
def test_an_answer_that_comes_drop_by_drop_is_left(drip: Callable[[], Iterator[bytes]]) -> None:
    with dripping(drip, 0.02) as port:
        began = time.monotonic()
        with pytest.raises(NoAnswer) as silence:
            leading(port)(Request("POST", f"http://127.0.0.1:{port}/", "publish", seconds=SECONDS))
    assert not isinstance(silence.value, NotSent)
    assert time.monotonic() - began < LATEST


def test_a_mail_server_that_speaks_drop_by_drop_is_left() -> None:
    with dripping(lambda: _bytes(b"220 " + b"x" * 5000), 0.02) as port:
        began = time.monotonic()
        envelope = {"From": "a@example.org", "To": "b@example.org"}
        with pytest.raises(NotSent):
            leading(port)(Request("MAIL", f"smtp://127.0.0.1:{port}", "publish", envelope, b"hello", SECONDS))
    assert time.monotonic() - began < LATEST


def test_a_handshake_that_comes_drop_by_drop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "CONNECT_SECONDS", SECONDS)
    with dripping(lambda: _bytes(b"\x16\x03\x03\x40\x00" + b"x" * 5000), 0.02) as port:
        began = time.monotonic()
        with pytest.raises(NotSent):
            leading(port)(Request("GET", f"https://127.0.0.1:{port}/", "look", seconds=SECONDS))
    assert time.monotonic() - began < LATEST


def test_a_relay_that_takes_nothing_in_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "GOODBYE_SECONDS", 0.2)
    over = threading.Event()

    def deaf(line: Any) -> None:
        line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        over.wait(5)

    with serve(deaf, "127.0.0.1", 0, close_timeout=0.1) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.socket.getsockname()[1]
        began = time.monotonic()
        much = Request("SAY", f"ws://127.0.0.1:{port}", "publish", body=b"x" * 30_000_000, seconds=SECONDS)
        with pytest.raises(NoAnswer):
            leading(port)(much)
        took = time.monotonic() - began
        over.set()
        server.shutdown()
    assert took < LATEST


@pytest.mark.parametrize("head", [
    b"X: y\r\n" * 101, b"X: " + b"y" * 70_000 + b"\r\n",
], ids=["many headers", "a long header"])  # fmt: skip
def test_a_head_larger_than_the_door_takes_is_no_answer(head: bytes) -> None:
    with dripping(lambda: iter([b"HTTP/1.1 200 OK\r\n" + head]), 0) as port, pytest.raises(NoAnswer):
        leading(port)(Request("GET", f"http://127.0.0.1:{port}/", "look", seconds=SECONDS))


def test_one_name_with_many_addresses_does_not_keep_a_sender_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(connections, "ALL_SECONDS", 0.3)
    tried = []

    class Silent(socket.socket):
        def connect(self, address: Any) -> None:
            tried.append(address)
            time.sleep(self.gettimeout() or 0)
            raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "socket", Silent)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"8.8.8.{n}", 80)) for n in range(100)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(NotSent):
        Door()(Request("GET", "http://many.example/", "look"))
    assert 2 <= len(tried) <= 5
