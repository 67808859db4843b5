"""An authorization server in a box: consent page, codes with PKCE, tokens that end, refresh, revocation."""

import base64
import hashlib
import html
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators._refusal import Refusal


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

    name: str
    url: str
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
            live = not token.revoked and (token.ends is None or token.ends > clock.now())
            if live and kind == scheme and token.access == given:
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
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{self.name} (simulator)</title>"
            f"<main><h1>{self.name.capitalize()} simulator</h1>"
            f"<p>A program wants to post for you ({html.escape(wish.get('scope', ''))}).</p>"
            f"<form method=post><label>Account <select name=account>{choices}</select></label> "
            "<button name=answer value=allow>Allow</button> <button name=answer value=deny>Deny</button></form></main>"
        )

    async def exchange(self, request: Request) -> Response:
        """Code or refresh token for tokens."""
        json = request.headers.get("content-type") == "application/json"
        given = {k: str(v) for k, v in (await request.json() if json else await request.form()).items()}
        client = self._client(request, given)
        if given.get("grant_type") == "refresh_token":
            return JSONResponse(self.said(self._refreshed(given)))
        if given.get("grant_type") != "authorization_code":
            raise Refusal(400, {"error": "unsupported_grant_type"})
        code = self.codes.get(given.get("code", ""))
        challenge = _challenge(given.get("code_verifier", ""))
        fits = code and code.client_id == client and code.redirect_uri == given.get("redirect_uri")
        proven = code and code.challenge in ("", challenge)
        if not code or not fits or not proven or code.used or code.ends < clock.now():
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
