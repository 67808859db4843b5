"""The one door out, against servers that behave well and badly: what it sends, once, and what it makes of silence."""

import gzip
import io
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, NotConnected
from socket import create_server, socket

import pytest

from tidings.core import connections, http
from tidings.core.http import Door, Forbidden, NoAnswer, NotSent, Request

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
Play = Callable[[socket, bytes], bool]


@dataclass
class Server:
    """Listens on loopback and plays what it is told for each request; keeps what it was sent."""

    port: int
    asked: list[bytes] = field(default_factory=list)
    visits: int = 0

    @property
    def url(self) -> str:
        """Where."""
        return f"http://127.0.0.1:{self.port}/x"

    def door(self) -> Door:
        """A door that leads here."""
        return Door([f"127.0.0.1:{self.port}"])


@contextmanager
def serving(play: Play) -> Iterator[Server]:
    """A server that plays this: True, and it goes on listening on the same connection."""
    with create_server(("127.0.0.1", 0)) as plug:
        server = Server(plug.getsockname()[1])
        threading.Thread(target=_accept, args=(plug, server, play), daemon=True).start()
        yield server


def _accept(plug: socket, server: Server, play: Play) -> None:
    with suppress(OSError):
        while True:
            line, _ = plug.accept()
            server.visits += 1
            threading.Thread(target=_visit, args=(line, server, play), daemon=True).start()


def _visit(line: socket, server: Server, play: Play) -> None:
    with line, suppress(OSError):
        while heard := _request(line):
            server.asked.append(heard)
            if not play(line, heard):
                return


def _request(line: socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard:
        if not (more := line.recv(65_536)):
            return b""
        heard += more
    head, _, body = heard.partition(b"\r\n\r\n")
    length = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length")), 0)
    while len(body) < length and (more := line.recv(65_536)):
        body += more
    return head + b"\r\n\r\n" + body


def says(*chunks: bytes, stay: bool = False) -> Play:
    """Answer so, and hang up unless it is to stay."""
    def play(line: socket, _heard: bytes) -> bool:
        for chunk in chunks:
            line.sendall(chunk)
        return stay

    return play


def get(server: Server, **wish: object) -> Request:
    """A plain request to it."""
    return Request("GET", server.url, "look", **wish)  # type: ignore[arg-type]


def post(server: Server) -> Request:
    """One that makes something."""
    return Request("POST", server.url, "publish", {"Idempotency-Key": "k"}, b'{"a": 1}')


def test_a_request_arrives_as_it_was_given() -> None:
    with serving(says(OK)) as server:
        answer = server.door()(Request("POST", server.url + "/ä b?c=d%20e", "publish", {"X-Name": "value"}, b"body"))
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /x/%C3%A4%20b?c=d%20e HTTP/1.1"
    assert {b"Host: 127.0.0.1:%d" % server.port, b"Content-Length: 4", b"X-Name: value"} <= set(lines)
    assert body == b"body"
    assert (answer.status, answer.body) == (200, b"hi")


def test_a_file_is_streamed_with_the_length_that_was_said() -> None:
    data = bytes(range(256)) * 1000
    with serving(says(OK)) as server:
        server.door()(Request("PUT", server.url, "publish", {"Content-Length": str(len(data))}, io.BytesIO(data)))
    assert server.asked[0].partition(b"\r\n\r\n")[2] == data


def test_a_connection_is_used_again_while_the_server_keeps_it() -> None:
    with serving(says(OK, stay=True)) as server:
        door = server.door()
        for _ in range(3):
            assert door(get(server)).body == b"hi"
    assert (server.visits, len(server.asked)) == (1, 3)


def test_a_connection_that_the_server_has_closed_is_noticed_before_anything_is_sent_over_it() -> None:
    with serving(says(OK)) as server:
        door = server.door()
        for _ in range(3):
            door(post(server))
            time.sleep(0.05)
    assert (server.visits, len(server.asked)) == (3, 3)


def test_a_connection_that_nobody_used_for_a_while_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT_SECONDS", 0.05)
    with serving(says(OK, stay=True)) as server:
        door = server.door()
        door(post(server))
        time.sleep(0.1)
        door(post(server))
    assert server.visits == 2


@pytest.mark.parametrize("used", [False, True], ids=["a fresh connection", "one that was used"])
def test_nothing_is_ever_sent_twice(used: bool) -> None:
    """The server takes the request and hangs up without a word: the client must not try again by itself."""
    quiet = threading.Event()

    def play(line: socket, _heard: bytes) -> bool:
        if quiet.is_set():
            return False
        line.sendall(OK)
        return True

    with serving(play) as server:
        door = server.door()
        if used:
            door(get(server))
        quiet.set()
        before = len(server.asked)
        with pytest.raises(NoAnswer) as silence:
            door(post(server))
        time.sleep(0.1)
    assert not isinstance(silence.value, NotSent)
    assert len(server.asked) == before + 1


def test_many_threads_share_connections_and_each_hears_its_own_answer() -> None:
    def play(line: socket, heard: bytes) -> bool:
        name = heard.split(b" ")[1]
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(name), name))
        return True

    wrong: list[str] = []
    with serving(play) as server:
        door = server.door()

        def visit(n: int) -> None:
            for m in range(20):
                said = door(Request("GET", f"{server.url}/{n}-{m}", "look")).text()
                if said != f"/x/{n}-{m}":
                    wrong.append(said)

        threads = [threading.Thread(target=visit, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert wrong == []
    assert len(server.asked) == 320
    assert server.visits <= 16


@pytest.mark.parametrize("answer", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Le",
    b"HTTP/1.1 200",
    b"\x15\x03\x01\x00\x02\x02\x16",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Encoding: gzip\r\n\r\nrubb",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello" * 100)[:-9],
], ids=["body", "chunks", "headers", "status", "no HTTP at all", "no gzip", "half of a gzip"])  # fmt: skip
def test_an_answer_that_breaks_off_or_makes_no_sense_is_no_answer(answer: bytes) -> None:
    with serving(says(answer)) as server, pytest.raises(NoAnswer):
        server.door()(post(server))


def test_silence_ends_after_the_seconds_of_the_request() -> None:
    with serving(lambda _line, _heard: threading.Event().wait(3)) as server:
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            server.door()(get(server, seconds=0.2))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("answer", [
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    b"HTTP/1.0 200 OK\r\n\r\nhello",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello"),
], ids=["chunked", "until it hangs up", "after a word of patience", "packed without being asked"])  # fmt: skip
def test_all_ways_to_send_a_body_are_understood(answer: bytes) -> None:
    with serving(says(answer)) as server:
        assert server.door()(get(server)).body == b"hello"


def test_an_answer_without_a_body_leaves_the_connection_usable() -> None:
    with serving(says(b"HTTP/1.1 204 No Content\r\n\r\n", stay=True)) as server:
        door = server.door()
        assert [door(get(server)).body for _ in range(2)] == [b"", b""]
    assert server.visits == 1


def test_what_a_header_says_twice_is_heard_in_one_line() -> None:
    with serving(says(b"HTTP/1.1 200 OK\r\nLink: a\r\nlink: b\r\nContent-Length: 0\r\n\r\n")) as server:
        assert server.door()(get(server)).headers["link"] == "a, b"


def test_a_refusal_that_comes_before_everything_was_sent_is_heard() -> None:
    with create_server(("127.0.0.1", 0)) as plug:
        port = plug.getsockname()[1]

        def refuse() -> None:
            line, _ = plug.accept()
            with line:
                line.recv(1000)
                line.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                line.shutdown(1)
                with suppress(OSError):
                    while line.recv(65_536):
                        pass

        threading.Thread(target=refuse, daemon=True).start()
        door = Door([f"127.0.0.1:{port}"])
        assert door(Request("POST", f"http://127.0.0.1:{port}/", "publish", {}, b"x" * 3_000_000)).status == 413


def test_an_answer_larger_than_the_door_takes_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ANSWER_LIMIT", 1000)
    bomb = gzip.compress(b"0" * 100_000)
    for answer in (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
                   b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb):
        with serving(says(answer)) as server, pytest.raises(NoAnswer, match="larger"):
            server.door()(get(server))


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    elsewhere = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    with serving(says(elsewhere)) as server:
        assert server.door()(get(server)).status == 302
    assert server.visits == 1


@pytest.mark.parametrize("url", [
    "http://127.0.0.1:9/", "http://[::1]:9/", "http://localhost:9/", "http://10.1.2.3/", "http://169.254.169.254/",
    "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "ftp://example.org/", "file:///etc/passwd",
    "http:///x", "http://127.0.0.1:99999/", "gopher://127.0.0.1/",
])  # fmt: skip
def test_the_door_leads_to_no_private_place(url: str) -> None:
    with pytest.raises(Forbidden):
        Door()(Request("GET", url, "look"))


def test_a_name_is_looked_up_once_and_its_checked_address_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something harmless first, and the inside of the house a moment later."""
    answers = iter([[(2, 1, 6, "", ("10.0.0.1", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]])
    monkeypatch.setattr(http.socket, "getaddrinfo", lambda *_a, **_k: next(answers))
    with pytest.raises(Forbidden):
        Door()(Request("GET", "http://rebinding.example/", "look"))


def test_no_connection_opens_itself_anew() -> None:
    """The standard client would connect again by itself, to an address that nobody has checked."""
    with serving(says(OK)) as server:
        place = connections.Place(False, "127.0.0.1", server.port)
        connection = connections.open_to(place, [(2, 1, 6, "", (place.host, place.port))])
        assert isinstance(connection.client, HTTPConnection)
        connection.close()
        with pytest.raises(NotConnected):
            connection.client.request("GET", "/")
    assert server.asked == []


def test_who_does_not_listen_was_surely_not_told() -> None:
    with create_server(("127.0.0.1", 0)) as plug:
        port = plug.getsockname()[1]
    with pytest.raises(NotSent):
        Door([f"127.0.0.1:{port}"])(Request("POST", f"http://127.0.0.1:{port}/", "publish"))


def test_who_cannot_prove_its_name_was_surely_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "CONNECT_SECONDS", 0.5)
    with serving(says(b"this is no handshake")) as server:
        url = server.url.replace("http://", "https://")
        with pytest.raises(NotSent):
            server.door()(Request("POST", url, "publish", {"Authorization": "Bearer secret"}, b"body"))
    assert not any(b"secret" in heard for heard in server.asked)


def test_certificates_are_checked() -> None:
    context = connections._trusted()
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


def test_no_header_can_smuggle_another_in() -> None:
    with serving(says(OK)) as server, pytest.raises(ValueError, match="header"):
        server.door()(get(server, headers={"X-Name": "a\r\nX-Other: b"}))
    assert server.asked == []
