"""A network that costs next to nothing, in a process of its own: `python -m tests.bench.network PORT SECONDS`.

It takes Mastodon's `POST /api/v1/statuses` and answers after so many seconds. `GET /_calls` says when each post was
first asked for, by its key, and how often one was asked for again. No framework: what is measured is the engine.
"""

import asyncio
import json
import sys
import time
from itertools import count

posts: dict[bytes, bytes] = {}  # Idempotency-Key -> answer
calls: dict[str, float] = {}  # Idempotency-Key -> when it came first, seconds since 1970
again = 0
numbers = count(1)


class Visitor(asyncio.Protocol):
    """One kept-alive connection; requests come one after another."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.read = seconds, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connects."""
        assert isinstance(transport, asyncio.Transport)
        self.line = transport

    def data_received(self, data: bytes) -> None:
        """Bytes of a request; answered once it is whole."""
        self.read += data
        head, gap, body = self.read.partition(b"\r\n\r\n")
        if gap and len(body) >= _length(head):
            self.read = b""
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        if head.startswith(b"GET /_calls"):
            return self._say(json.dumps({"calls": calls, "again": again}).encode())
        said = _post(head)
        if self.seconds:
            asyncio.get_running_loop().call_later(self.seconds, self._say, said)
        else:
            self._say(said)

    def _say(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if not self.line.is_closing():
            self.line.write(head + body)


def _length(head: bytes) -> int:
    return int(_header(head, b"content-length") or 0)


def _header(head: bytes, name: bytes) -> bytes:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    return b""


def _post(head: bytes) -> bytes:
    global again
    key = _header(head, b"idempotency-key")
    again += key in posts
    calls.setdefault(key.decode(), time.time())
    number = next(numbers)
    return posts.setdefault(key, b'{"id": "%d", "url": "http://bench.invalid/@n/%d"}' % (number, number))


async def serve(port: int, seconds: float) -> None:
    """Until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Visitor(seconds), "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
