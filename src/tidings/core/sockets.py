"""WebSockets (RFC 6455) behind the door: one request is one conversation in JSON, on a connection of its own.

`Request(method="SAY")`: a body of bytes is one message. A body that is a generator yields what is said next, and is
given the messages that were heard to it. Each time, the other side is listened to until it says an array that begins
with a word of `Request.until`. The answer's body is the list of all that was heard; its status is the handshake's:
101, or that of a server which does not let us in, to which then nothing was said.
"""

import json
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.http11 import Response
from websockets.sync.client import ClientConnection
from websockets.uri import parse_uri

from tidings.core.request import Answer, NoAnswer, NotSent, Request

ANSWER_LIMIT = 5_000_000  # bytes that a conversation may bring
GOODBYE_SECONDS = 1.0
UPGRADED = 101

Talk = Generator[bytes, list[Any], None]


def converse(request: Request, line: socket.socket, agent: str) -> Answer:
    """Have this conversation over a line that is connected; raises NotSent or NoAnswer when it breaks off."""
    ends = time.monotonic() + request.seconds
    line.settimeout(None)  # the library reads in a thread of its own, and waits by itself
    protocol = ClientProtocol(parse_uri(request.url), max_size=ANSWER_LIMIT)
    with _cut_off(line, request.seconds), ClientConnection(line, protocol, close_timeout=GOODBYE_SECONDS) as connection:
        try:
            connection.handshake(dict(request.headers), agent, request.seconds)
        except InvalidStatus as refused:
            return _turned_away(refused.response)
        except (WebSocketException, OSError) as error:
            raise NotSent(_plain(error)) from error
        try:
            heard = list(_heard(connection, request, ends))
        except (WebSocketException, OSError, ValueError) as error:
            raise NoAnswer(_plain(error)) from error
    return Answer(UPGRADED, {}, json.dumps(heard).encode())


@contextmanager
def _cut_off(line: socket.socket, seconds: float) -> Iterator[None]:
    """Who takes nothing in would keep us speaking for ever: the line is cut under the library once the time is up."""
    def cut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    timer = threading.Timer(seconds + GOODBYE_SECONDS, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _turned_away(said: Response) -> Answer:
    headers = {name.lower(): value for name, value in said.headers.raw_items()}
    return Answer(said.status_code, headers, bytes(said.body))


def _plain(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _heard(connection: ClientConnection, request: Request, ends: float) -> Iterator[Any]:
    talk, heard = _talk(request), list[Any]()
    try:
        message = next(talk)
        while True:
            connection.send(message.decode())
            heard = list(_listen(connection, request.until, ends))
            yield from heard
            message = talk.send(heard)
    except StopIteration:
        return


def _talk(request: Request) -> Talk:
    if isinstance(request.body, bytes):
        return _one(request.body)
    if isinstance(request.body, Generator):
        return request.body
    raise TypeError("what is said on a socket is bytes, or a generator of them")


def _one(message: bytes) -> Talk:
    yield message


def _listen(connection: ClientConnection, until: frozenset[str], ends: float) -> Iterator[Any]:
    size = 0
    while True:
        message = connection.recv(timeout=max(ends - time.monotonic(), 0))
        size += len(message)
        if size > ANSWER_LIMIT:
            raise ValueError(f"the answer is larger than {ANSWER_LIMIT} bytes")
        said = json.loads(message)
        yield said
        if isinstance(said, list) and said and said[0] in until:
            return
