"""Misbehaviour on demand, played around a simulator's app: answers that get lost, faults after the work is done."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

Misdeed = Literal["lose", "broken", "down", "slow", "limit"]


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


class Mischief:
    """Plays the simulator's tricks around its app."""

    def __init__(self, seen: list[Seen], tricks: deque[Trick], app: ASGIApp) -> None:
        self.seen, self.tricks, self.app = seen, tricks, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request = Request(scope)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        self.seen.append(Seen(request.method, path, dict(request.headers)))
        trick = self._next(f"{request.method} {path}")
        if trick is None:
            return await self.app(scope, receive, send)
        await self._play(trick, scope, receive, send)

    def _next(self, line: str) -> Trick | None:
        for trick in self.tricks:
            if trick.where in line and trick.times > 0:
                trick.times -= 1
                return trick
        return None

    async def _play(self, trick: Trick, scope: Scope, receive: Receive, send: Send) -> None:
        if trick.misdeed == "slow":
            await asyncio.sleep(trick.seconds)
            return await self.app(scope, receive, send)
        if trick.misdeed == "down":
            return await Response("down", 503)(scope, receive, send)
        if trick.misdeed == "limit":
            answer = JSONResponse({"error": "Too many requests"}, 429, {"Retry-After": str(int(trick.seconds))})
            return await answer(scope, receive, send)
        await self.app(scope, receive, _nowhere)
        if trick.misdeed == "broken":
            return await Response("bad gateway", 502)(scope, receive, send)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})


async def _nowhere(message: Any) -> None:
    """Where a lost answer goes."""
