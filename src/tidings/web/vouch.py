"""The cookie of a session says more than the database knows: its key, and a mark made with a secret that is elsewhere.

Whoever gets to read the database, or a copy of it, finds the keys of all sessions there, and can use none.
"""

from collections.abc import Iterable

from django.utils.crypto import constant_time_compare, salted_hmac
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tidings.privacy.cookies import SESSION

Header = tuple[bytes, bytes]


class Vouch:
    """ASGI middleware: within, a session's cookie is its key; outside, the key with its mark."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [_outwards(*header) for header in message.get("headers", ())]}
            await send(message)

        inside = [(name, _inwards(value) if name == b"cookie" else value) for name, value in scope["headers"]]
        await self.app({**scope, "headers": inside}, receive, said)


def marked(key: str) -> str:
    """What a browser is given for the session of this key."""
    return f"{key}.{salted_hmac('tidings.web.vouch', key, algorithm='sha256').hexdigest()}"


def _inwards(said: bytes) -> bytes:
    """The cookies of a request; that of a session only if its mark is right."""
    return b"; ".join(kept for cookie in said.split(b";") for kept in _believed(cookie.strip(b" \t")))


def _believed(cookie: bytes) -> Iterable[bytes]:
    name, _, value = cookie.partition(b"=")
    ours = SESSION.name.encode()
    if ours not in name:
        yield cookie
    elif name == ours:  # anything else with this name in it may be read as it by whoever is less strict
        key = value.partition(b".")[0]
        if constant_time_compare(marked(key.decode("latin-1")), value.decode("latin-1")):
            yield name + b"=" + key


def _outwards(name: bytes, value: bytes) -> Header:
    cookie, semicolon, how = value.partition(b";")
    called, _, key = cookie.partition(b"=")
    if name.lower() != b"set-cookie" or called != SESSION.name.encode() or key in (b"", b'""'):
        return name, value
    return name, called + b"=" + marked(key.decode("latin-1")).encode() + semicolon + how
