"""Misbehaviour on demand, played around a simulator's app: answers that get lost, faults after the work is done.

A socket is one line, "WS /path": what is lost on it is every word from the first that somebody would have answered.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Misdeed = Literal["lose", "broken", "down", "slow", "limit"]

GOING_AWAY, INTERNAL_ERROR = 1001, 1011  # what a socket says when it closes (RFC 6455)


@dataclass
class Trick:
    """One misbehaviour, used up `times` times on requests whose `METHOD /path` contains `where`.

    lose: does the work, then the answer breaks off. broken: does the work, answers 502. down: 503, does nothing.
    slow: answers after `seconds`. limit: 429 with Retry-After `seconds`, does nothing.
    """

    misdeed: Misdeed
    where: str = ""
    times: int = 1
    seconds: float = 1.0


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)


def next_trick(tricks: Iterable[Trick], line: str) -> Trick | None:
    """The trick that is to be played on this line, which uses it up once."""
    for trick in tricks:
        if trick.where in line and trick.times > 0:
            trick.times -= 1
            return trick
    return None


class Mischief:
    """Plays the simulator's tricks around its app."""

    def __init__(self, seen: list[Seen], tricks: deque[Trick], app: ASGIApp) -> None:
        self.seen, self.tricks, self.app = seen, tricks, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        method = "WS" if scope["type"] == "websocket" else str(scope["method"])
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        self.seen.append(Seen(method, path, dict(HTTPConnection(scope).headers)))
        trick = next_trick(self.tricks, f"{method} {path}")
        if trick is None:
            return await self.app(scope, receive, send)
        await self._play(trick, scope, receive, send)

    async def _play(self, trick: Trick, scope: Scope, receive: Receive, send: Send) -> None:
        if trick.misdeed == "slow":
            await asyncio.sleep(trick.seconds)
            return await self.app(scope, receive, send)
        if trick.misdeed == "down":
            return await Response("down", 503)(scope, receive, send)
        if trick.misdeed == "limit":
            answer = JSONResponse({"error": "Too many requests"}, 429, {"Retry-After": str(int(trick.seconds))})
            return await answer(scope, receive, send)
        if scope["type"] == "websocket":
            return await _cut(self.app, trick, scope, receive, send)
        await self.app(scope, receive, _nowhere)
        if trick.misdeed == "broken":
            return await Response("bad gateway", 502)(scope, receive, send)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})


async def _nowhere(message: Any) -> None:
    """Where a lost answer goes."""


class _Cut(Exception):
    """The first answer on a socket was about to be given."""


async def _cut(app: ASGIApp, trick: Trick, scope: Scope, receive: Receive, send: Send) -> None:
    """Let a socket do its work, and close it instead of answering."""
    told = False

    async def listening() -> Message:
        nonlocal told
        message = await receive()
        told = told or message["type"] == "websocket.receive"
        return message

    async def answering(message: Message) -> None:
        if told:
            raise _Cut
        await send(message)

    try:
        await app(scope, listening, answering)
    except _Cut:
        code = INTERNAL_ERROR if trick.misdeed == "broken" else GOING_AWAY
        await send({"type": "websocket.close", "code": code})
