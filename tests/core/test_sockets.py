"""Conversations on WebSockets through the door: what is said, what is heard, and what is made of silence."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from socket import create_server
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tidings import simulators
from tidings.core import http, sockets
from tidings.core.http import Answer, Door, Forbidden, NoAnswer, NotSent, Request
from tidings.simulators._mischief import Mischief, Misdeed, Seen, Trick

Play = Callable[[ServerConnection], None]
END = frozenset({"END"})


@contextmanager
def serving(play: Play) -> Iterator[str]:
    """A server that plays this on every connection; where it listens."""
    with serve(play, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()


def door(url: str) -> Door:
    return Door([url.removeprefix("ws://").partition("/")[0]])


def say(url: str, body: Any, seconds: float = 5) -> Answer:
    return door(url)(Request("SAY", url, "publish", body=body, seconds=seconds, until=END))


def echo(line: ServerConnection) -> None:
    for message in line:
        line.send(json.dumps(["NEWS", "unasked"]))
        line.send(json.dumps(["END", str(message)]))


def test_one_message_is_said_and_all_up_to_the_one_that_was_waited_for_is_heard() -> None:
    with serving(echo) as url:
        answer = say(url, b"hello")
    assert (answer.status, answer.json()) == (101, [["NEWS", "unasked"], ["END", "hello"]])


def test_what_is_said_next_may_hang_on_what_was_heard() -> None:
    def talk() -> Generator[bytes, list[Any], None]:
        heard = yield b"first"
        yield f"second, after {heard[-1][1]}".encode()

    with serving(echo) as url:
        assert say(url, talk()).json()[-1] == ["END", "second, after first"]


def test_a_server_that_does_not_let_us_in_has_answered_and_nothing_was_said() -> None:
    said: list[bytes] = []

    def talk() -> Generator[bytes, list[Any], None]:
        said.append(b"never")
        yield b"never"

    with serve(echo, "127.0.0.1", 0, process_request=lambda line, _request: line.respond(503, "busy")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        answer = say(f"ws://127.0.0.1:{server.socket.getsockname()[1]}", talk())
        server.shutdown()
    assert (answer.status, answer.text(), said) == (503, "busy", [])


@pytest.mark.parametrize("greeting", [b"", b"this is no handshake\r\n\r\n", b"HTTP/1.1 101 Switching\r\n\r\n"])
def test_who_speaks_no_websocket_was_surely_not_told(greeting: bytes) -> None:
    heard: list[bytes] = []

    def visit() -> None:
        line, _ = plug.accept()
        with line:
            heard.append(line.recv(65_536))
            line.sendall(greeting)

    with create_server(("127.0.0.1", 0)) as plug:
        threading.Thread(target=visit, daemon=True).start()
        with pytest.raises(NotSent):
            say(f"ws://127.0.0.1:{plug.getsockname()[1]}", b"secret")
    assert b"secret" not in heard[0]


@pytest.mark.parametrize("play", [
    lambda line: line.recv() and line.close(),
    lambda line: line.recv() and line.socket.shutdown(2),
    lambda line: line.recv() and line.send("this is no JSON"),
    lambda line: line.recv() and line.send('["NEWS"]'),
], ids=["goodbye", "line cut", "no JSON", "goodbye before the end"])  # fmt: skip
def test_a_conversation_that_breaks_off_once_something_was_said_is_no_answer(play: Play) -> None:
    with serving(play) as url, pytest.raises(NoAnswer) as silence:
        say(url, b"hello")
    assert not isinstance(silence.value, NotSent)


def test_silence_and_endless_talk_end_after_the_seconds_of_the_request() -> None:
    def chatter(line: ServerConnection) -> None:
        try:
            while True:
                line.send('["NEWS"]')
                time.sleep(0.01)
        except ConnectionClosed:
            pass

    for play in (lambda line: line.recv() and line.recv(), chatter):
        began = time.monotonic()
        with serving(play) as url, pytest.raises(NoAnswer):
            say(url, b"hello", seconds=0.3)
        assert time.monotonic() - began < 3


def test_a_conversation_brings_no_more_than_the_door_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "ANSWER_LIMIT", 1000)
    for sizes in ([1200], [600, 600]):
        def play(line: ServerConnection, sizes: list[int] = sizes) -> None:
            line.recv()
            for size in sizes:
                line.send(json.dumps(["NEWS", "x" * size]))
            line.send('["END"]')

        with serving(play) as url, pytest.raises(NoAnswer):
            say(url, b"hello")


def test_nothing_is_said_in_clear_on_the_open_internet_nor_at_all_to_private_places() -> None:
    for url in ("ws://example.org/", "wss://127.0.0.1:9/", "wss://169.254.169.254/", "wss:///x"):
        with pytest.raises(Forbidden):
            Door()(Request("SAY", url, "publish", body=b"hello", until=END))


def test_a_name_is_looked_up_once_and_its_checked_address_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([[(2, 1, 6, "", ("10.0.0.1", 443)), (2, 1, 6, "", ("127.0.0.1", 443))]])
    monkeypatch.setattr(http.socket, "getaddrinfo", lambda *_a, **_k: next(answers))
    with pytest.raises(Forbidden):
        Door()(Request("SAY", "wss://rebinding.example/", "publish", body=b"hello", until=END))


def test_who_cannot_prove_its_name_was_surely_not_told() -> None:
    with serving(echo) as url, pytest.raises(NotSent):
        door(url)(Request("SAY", url.replace("ws://", "wss://"), "publish", body=b"hello", until=END))


@contextmanager
def misbehaving(misdeed: Misdeed) -> Iterator[tuple[str, list[Any], list[Seen]]]:
    """A relay of a simulator that misbehaves once; where it is, what it has kept, and who came."""
    kept: list[Any] = []
    seen: list[Seen] = []

    async def relay(line: WebSocket) -> None:
        await line.accept()
        await line.send_json(["WELCOME"])
        kept.append(await line.receive_json())
        await line.send_json(["END"])
        await line.close()

    places = Starlette(routes=[WebSocketRoute("/relay", relay)])
    app = Mischief(seen, deque([Trick(misdeed, "WS /relay", seconds=0)]), places)
    port = simulators.free_port()
    with simulators.listening(app, port):
        yield f"ws://127.0.0.1:{port}/relay", kept, seen


@pytest.mark.parametrize(("misdeed", "status", "told"), [
    ("lose", 0, 1), ("broken", 0, 1), ("down", 503, 0), ("limit", 429, 0), ("slow", 101, 1),
])  # fmt: skip
def test_a_simulated_socket_misbehaves_as_it_is_told(misdeed: Misdeed, status: int, told: int) -> None:
    with misbehaving(misdeed) as (url, kept, seen):
        if status:
            answer = say(url, b'"hello"')
            assert (answer.status, answer.headers.get("retry-after")) == (status, "0" if status == 429 else None)
        else:
            with pytest.raises(NoAnswer):
                say(url, b'"hello"')
        assert (len(kept), [f"{one.method} {one.path}" for one in seen]) == (told, ["WS /relay"])
        assert say(url, b'"again"').json() == [["WELCOME"], ["END"]]
