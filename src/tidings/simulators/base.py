"""What every simulator stands on: posts in memory, refusals, misbehaviour on demand, and OAuth with a consent page.

A simulator is a Starlette app. It runs inside `tidings demo` and in the tests; nothing else imports it.
"""

import asyncio
import base64
import hashlib
import html
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tidings.core import clock
from tidings.networks.base import Access

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


class Refusal(Exception):
    """A handler's way to answer with an error."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status, self.body, self.headers = status, body, dict(headers or {})


class Simulator:
    """One network in a box. Subclasses give `name` and `routes()`, and keep what was posted in `posts`.

    `moods` are other ways in which servers of this network behave; the contract suite runs over each.
    """

    name: str
    moods: Mapping[str, Mapping[str, Any]] = {}

    def __init__(self, url: str = "") -> None:
        self.url = url  # where it is served, without a slash at its end
        self.posts: dict[str, dict[str, Any]] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.seen: list[Seen] = []
        self.tricks: deque[Trick] = deque()
        self.oauth = OAuthBox(self)

    def routes(self) -> list[Route]:
        """The network's own paths."""
        raise NotImplementedError

    def hosts(self) -> dict[str, str]:
        """What stands in for the network's fixed hosts (Network.hosts); empty where a person names a server."""
        return {}

    def typed(self) -> dict[str, str]:
        """What a person types to connect a profile that is here."""
        return {}

    def access(self, account: str = "demo") -> Access:
        """What a channel of this account would hold after connecting, without the ceremony."""
        raise NotImplementedError

    def trick(self, misdeed: Misdeed, where: str = "", times: int = 1, seconds: float = 1.0) -> None:
        """Misbehave at the next fitting requests."""
        self.tricks.append(Trick(misdeed, where, times, seconds))

    def requests(self, where: str) -> int:
        """How many requests whose `METHOD /path` contains `where` have arrived."""
        return sum(1 for seen in self.seen if where in f"{seen.method} {seen.path}")

    def app(self) -> ASGIApp:
        """The simulator as an ASGI app, misbehaviour included."""
        app = Starlette(routes=self.routes(), exception_handlers={Refusal: _refuse})
        return _Mischief(self, app)

    def new_id(self) -> str:
        """A fresh numeric id, growing with time, as most networks use."""
        return str(int(clock.now().timestamp() * 1_000_000) * 1000 + secrets.randbelow(1000))


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 -- Starlette hands over only what it was asked to
    return JSONResponse(error.body, error.status, error.headers)


class _Mischief:
    """Plays the simulator's tricks around its app."""

    def __init__(self, simulator: Simulator, app: ASGIApp) -> None:
        self.simulator, self.app = simulator, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request = Request(scope)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        self.simulator.seen.append(Seen(request.method, path, dict(request.headers)))
        trick = self._next(f"{request.method} {path}")
        if trick is None:
            return await self.app(scope, receive, send)
        await self._play(trick, scope, receive, send)

    def _next(self, line: str) -> Trick | None:
        for trick in self.simulator.tricks:
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


@dataclass
class Code:
    """An authorization code that was given out."""

    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    account: str
    ends: datetime
    used: bool = False


@dataclass
class Token:
    """A live token pair; refresh tokens are one-shot when `rotates`."""

    access: str
    refresh: str
    account: str
    scope: str
    ends: datetime | None
    revoked: bool = False


@dataclass
class OAuthBox:
    """An authorization server: consent page, code with PKCE, token, refresh, revoke.

    `clients` holds secrets by client id (empty secret: public client; unknown ids are refused).
    """

    simulator: "Simulator"
    accounts: tuple[str, ...] = ("demo",)
    clients: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, set[str]] = field(default_factory=dict)
    code_lives: timedelta = timedelta(minutes=10)
    access_lives: timedelta | None = None
    gives_refresh: bool = False
    needs_pkce: bool = True
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)

    def routes(self, authorize: str, token: str, revoke: str = "") -> list[Route]:
        """The usual three paths."""
        made = [
            Route(authorize, self.consent, methods=["GET", "POST"]),
            Route(token, self.exchange, methods=["POST"]),
        ]
        return made + ([Route(revoke, self.revoke, methods=["POST"])] if revoke else [])

    def account_of(self, request: Request, scheme: str = "Bearer") -> str:
        """Whose request this is; refuses a missing, unknown, revoked or ended token."""
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        for token in self.tokens:
            if kind == scheme and token.access == given and not token.revoked:
                if token.ends is None or token.ends > clock.now():
                    return token.account
        raise Refusal(401, {"error": "The access token is invalid"})

    def grant(self, account: str = "demo", scope: str = "") -> Token:
        """A token pair without the ceremony, as after a sign-in."""
        ends = clock.now() + self.access_lives if self.access_lives else None
        refresh = secrets.token_urlsafe(24) if self.gives_refresh else ""
        token = Token(secrets.token_urlsafe(24), refresh, account, scope, ends)
        self.tokens.append(token)
        return token

    async def consent(self, request: Request) -> Response:
        """The page where a person allows us in; POST is their answer."""
        wish = dict(request.query_params)
        client, target = wish.get("client_id", ""), wish.get("redirect_uri", "")
        if client not in self.clients or (self.redirects.get(client) and target not in self.redirects[client]):
            return HTMLResponse("<h1>Unknown client or redirect address</h1>", 400)
        if self.needs_pkce and wish.get("code_challenge_method") != "S256":
            return HTMLResponse("<h1>code_challenge_method must be S256</h1>", 400)
        if request.method == "GET":
            return HTMLResponse(self._page(wish))
        return self.answer(dict(await request.form()), wish)

    def answer(self, said: Mapping[str, Any], wish: Mapping[str, str]) -> Response:
        """Send the person back, with a code when they allowed it."""
        back = {"state": wish.get("state", "")}
        if said.get("answer") != "allow":
            back |= {"error": "access_denied", "error_description": "The person said no."}
        else:
            code = secrets.token_urlsafe(24)
            self.codes[code] = Code(
                wish["client_id"], wish["redirect_uri"], wish.get("code_challenge", ""), wish.get("scope", ""),
                str(said.get("account", self.accounts[0])), clock.now() + self.code_lives,
            )
            back |= {"code": code}
        return RedirectResponse(f"{wish['redirect_uri']}?{urlencode(back | self.extra())}", 303)

    def extra(self) -> dict[str, str]:
        """More parameters for the callback (a subclass may add `iss`)."""
        return {}

    def _page(self, wish: Mapping[str, str]) -> str:
        choices = "".join(f'<option value="{html.escape(a)}">@{html.escape(a)}</option>' for a in self.accounts)
        return (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{self.simulator.name} (simulator)</title>"
            f"<main><h1>{self.simulator.name.capitalize()} simulator</h1>"
            f"<p>A program wants to post for you ({html.escape(wish.get('scope', ''))}).</p>"
            f"<form method=post><label>Account <select name=account>{choices}</select></label> "
            "<button name=answer value=allow>Allow</button> <button name=answer value=deny>Deny</button></form></main>"
        )

    async def exchange(self, request: Request) -> Response:
        """Code or refresh token for tokens."""
        given = {k: str(v) for k, v in (await request.form()).items()}
        client = self._client(request, given)
        if given.get("grant_type") == "refresh_token":
            return JSONResponse(self.said(self._refreshed(given)))
        if given.get("grant_type") != "authorization_code":
            raise Refusal(400, {"error": "unsupported_grant_type"})
        code = self.codes.get(given.get("code", ""))
        challenge = _challenge(given.get("code_verifier", ""))
        fits = code and code.client_id == client and code.redirect_uri == given.get("redirect_uri")
        if not code or not fits or code.used or code.ends < clock.now() or (code.challenge and code.challenge != challenge):
            raise Refusal(400, {"error": "invalid_grant", "error_description": "The code is invalid or has ended."})
        code.used = True
        return JSONResponse(self.said(self.grant(code.account, code.scope)))

    def _client(self, request: Request, given: Mapping[str, str]) -> str:
        client, secret = given.get("client_id", ""), given.get("client_secret", "")
        kind, _, basic = request.headers.get("authorization", "").partition(" ")
        if kind == "Basic":
            client, _, secret = base64.b64decode(basic).decode().partition(":")
        if self.clients.get(client) is None or self.clients[client] != secret:
            raise Refusal(401, {"error": "invalid_client"})
        return client

    def _refreshed(self, given: Mapping[str, str]) -> Token:
        for token in self.tokens:
            if token.refresh and token.refresh == given.get("refresh_token") and not token.revoked:
                token.revoked = True
                return self.grant(token.account, token.scope)
        raise Refusal(400, {"error": "invalid_grant", "error_description": "The refresh token is invalid."})

    def said(self, token: Token) -> dict[str, Any]:
        """The token answer."""
        body: dict[str, Any] = {"access_token": token.access, "token_type": "Bearer", "scope": token.scope}
        if token.ends:
            body["expires_in"] = int((token.ends - clock.now()).total_seconds())
        return body | ({"refresh_token": token.refresh} if token.refresh else {})

    async def revoke(self, request: Request) -> Response:
        """Forget a token; unknown ones are fine (RFC 7009)."""
        given = (await request.form()).get("token")
        for token in self.tokens:
            if given in (token.access, token.refresh):
                token.revoked = True
        return JSONResponse({})


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
