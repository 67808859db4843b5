"""A short way to the simulators: their app is called in this thread, without sockets and a server between.

For tests that try some hundred thousand requests and look at what workers make of the answers. That the real door
carries the same requests is proven by the other tests of the contract.
"""

import asyncio
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from starlette.types import ASGIApp, Message

from tidings.core.http import Answer, Door, NoAnswer, Request


class Near:
    """Answers as `door` would; what is not spoken over HTTP to the app, which is served at `url`, goes by `door`."""

    def __init__(self, app: ASGIApp, url: str, door: Door) -> None:
        self._app, self._url, self._door = app, url, door
        self._loop = asyncio.new_event_loop()

    def __call__(self, request: Request) -> Answer:
        """The answer of the simulator."""
        if not request.url.startswith(f"{self._url}/"):
            return self._door(request)
        return self._loop.run_until_complete(self._asked(request))

    def close(self) -> None:
        """Nothing more is asked."""
        self._loop.close()

    async def _asked(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        said: list[Message] = []
        body = _whole(request.body)
        heard = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Message:
            return next(heard, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            said.append(message)

        await self._app(self._scope(request, parts, len(body)), receive, send)
        return _answer(said)

    def _scope(self, request: Request, parts: SplitResult, length: int) -> dict[str, Any]:
        headers = {"Host": parts.netloc, "Content-Length": str(length), "User-Agent": "Tidings", **request.headers}
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
            "method": request.method, "path": unquote(parts.path or "/"), "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(), "server": (parts.hostname, parts.port), "client": ("127.0.0.1", 1),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        }  # fmt: skip


def _whole(body: Any) -> bytes:
    if isinstance(body, bytes | None):
        return body or b""
    return bytes(body.read()) if hasattr(body, "read") else b"".join(body)


def _answer(said: list[Message]) -> Answer:
    start, body = said[0], b"".join(message.get("body", b"") for message in said[1:])
    headers: dict[str, str] = {}
    for name, value in start["headers"]:
        known = headers.get(name.decode())
        headers[name.decode()] = f"{known}, {value.decode('latin-1')}" if known else value.decode("latin-1")
    if int(headers.get("content-length", len(body))) > len(body):
        raise NoAnswer("the answer broke off")
    return Answer(start["status"], headers, body)
