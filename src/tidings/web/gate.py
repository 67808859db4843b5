"""What every request passes before anything looks at it: is it meant for us, did it come safely, is it too much?

Health checks speak plain HTTP to this machine, past any proxy; programs are told rather than led on, because a token
that was sent in clear once must not be sent so again and again unnoticed.
"""

import asyncio
import os
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tidings.settings import settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FOR_MACHINES = ("/healthz", "/readyz", "/metrics")
AROUND = 1_000_000  # bytes of a form around a file
SILENCE = 30.0  # seconds that a sender may be silent in the middle of a request; it would keep a thread from others


class Gate:
    """ASGI middleware: refuses, leads to HTTPS, or lets through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _refusal(scope, Headers(scope=scope)) or self.app
        await answer(scope, _patient(receive), send)


def _refusal(scope: Scope, headers: Headers) -> Response | None:
    """Why this request goes no further."""
    if not ours(headers.get("host", "")):
        return PlainTextResponse("Nothing is served under this name.\n", 400)
    if settings().secure and scope["scheme"] == "http" and not _from_here(scope):
        return _to_https(scope)
    if "content-length" in headers and "transfer-encoding" in headers:  # where it ends depends on whom one asks
        return PlainTextResponse("This request has two lengths.\n", 400, {"Connection": "close"})
    size = headers.get("content-length", "0")
    if size.isdigit() and int(size) > settings().media_limit + AROUND:
        return PlainTextResponse("This is larger than anything taken here.\n", 413)
    return None


def ours(said: str) -> bool:
    """Whether we answer under this name: else a foreign page could make its own name lead to us (DNS rebinding).

    An instance without a public address is reached under whatever numbers or name this machine has.
    """
    host = _without_port(said).lower()
    known = settings().hostname
    if host in LOOPBACK or host == known:
        return True
    at_home = known in LOOPBACK or _is_number(known)
    return at_home and (_is_number(host) or host.removesuffix(".local") == os.uname().nodename.lower())


def _without_port(said: str) -> str:
    name = said.partition("]")[0] if said.startswith("[") else said.partition(":")[0]
    return name.removeprefix("[")


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _from_here(scope: Scope) -> bool:
    client = (scope.get("client") or ("",))[0]
    return client in LOOPBACK and scope["path"] in FOR_MACHINES


def _to_https(scope: Scope) -> Response:
    if scope["path"].startswith("/api/"):
        return PlainTextResponse("Use https.\n", 403)
    query = scope["query_string"].decode("latin-1")
    path = (scope.get("raw_path") or b"/").decode("latin-1").partition("?")[0]
    return RedirectResponse(f"{settings().url}{path}{'?' if query else ''}{query}", 308)


def _patient(receive: Receive) -> Receive:
    """`receive`, which gives up on a sender who falls silent in the middle of a request."""
    whole = False

    async def received() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), SILENCE)
        except TimeoutError:
            message = {"type": "http.disconnect"}
        whole = not message.get("more_body", False)
        return message

    return received
