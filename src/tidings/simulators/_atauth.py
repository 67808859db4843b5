"""Sessions of an AT Protocol server in a box: app passwords; OAuth with PAR, PKCE, DPoP, one-shot refresh.

https://atproto.com/specs/oauth. What it answers was compared with a real PDS (0.5.35).
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks import dpop
from tidings.simulators.base import OAuthBox, Refusal, Token

PASSWORD = "demo-demo-demo-demo"  # noqa: S105 -- the app password of every simulated account
SIGNS = "the simulator signs its tokens with this and nobody checks it"
FRESH = timedelta(minutes=5)


class AuthorizationServer(OAuthBox):
    """Demands nonces at first contact, checks proofs; a replayed refresh token ends the whole session."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name, url, gives_refresh=True, access_lives=timedelta(hours=1))
        self.nonces = {400: secrets.token_urlsafe(12), 401: secrets.token_urlsafe(12)}
        self.wishes: dict[str, dict[str, str]] = {}
        self.proofs: set[str] = set()
        self.bound: dict[str, str] = {}  # access token -> thumbprint of its key; absent: Bearer
        self.renewed: dict[str, Token] = {}  # spent refresh token -> what it gave

    def paths(self) -> list[Route]:
        """Where it all is."""
        return [
            Route("/.well-known/oauth-protected-resource", self.resource),
            Route("/.well-known/oauth-authorization-server", self.metadata),
            Route("/oauth/par", self.push, methods=["POST"]),
            *self.routes("/oauth/authorize", "/oauth/token", "/oauth/revoke"),
            Route("/xrpc/com.atproto.server.createSession", self.create_session, methods=["POST"]),
            Route("/xrpc/com.atproto.server.refreshSession", self.refresh_session, methods=["POST"]),
            Route("/xrpc/com.atproto.server.deleteSession", self.delete_session, methods=["POST"]),
        ]

    async def resource(self, request: Request) -> Response:
        """Which server lets people in."""
        return JSONResponse({"resource": self.url, "authorization_servers": [self.url]})

    async def metadata(self, request: Request) -> Response:
        """Where that server answers."""
        url = self.url
        return JSONResponse({
            "issuer": url, "authorization_endpoint": f"{url}/oauth/authorize",
            "token_endpoint": f"{url}/oauth/token", "revocation_endpoint": f"{url}/oauth/revoke",
            "pushed_authorization_request_endpoint": f"{url}/oauth/par",
        })

    # OAuth

    async def push(self, request: Request) -> Response:
        """Take the wish before the person comes."""
        self.prove(request, 400)
        wish = {k: str(v) for k, v in (await request.form()).items()}
        self._client(request, wish)
        if wish.get("code_challenge_method") != "S256" or "atproto" not in wish.get("scope", "").split():
            raise _oauth("invalid_request", "PKCE by S256 and the scope atproto are required.")
        handle = f"urn:ietf:params:oauth:request_uri:req-{secrets.token_hex(8)}"
        self.wishes[handle] = wish
        return JSONResponse({"request_uri": handle, "expires_in": 299}, 201)

    async def consent(self, request: Request) -> Response:
        """The consent page for a pushed wish."""
        wish = self.wishes.get(request.query_params.get("request_uri", ""))
        if not wish or wish["client_id"] != request.query_params.get("client_id"):
            return HTMLResponse("<h1>Unknown request_uri</h1>", 400)
        if request.method == "GET":
            return HTMLResponse(self._page(wish))
        return self.answer(dict(await request.form()), wish)

    def extra(self) -> dict[str, str]:
        """The callback says who answers (RFC 9207)."""
        return {"iss": self.url}

    async def exchange(self, request: Request) -> Response:
        """Tokens bound to the key that asked for them."""
        key = self.prove(request, 400)
        old = str((await request.form()).get("refresh_token"))
        for token in self.tokens:
            if token.refresh == old and self.bound.get(token.access) != key:
                raise _oauth("invalid_grant", "This token belongs to another key.")
        answer = await super().exchange(request)
        self.bound[json.loads(bytes(answer.body))["access_token"]] = key
        return answer

    def _client(self, request: Request, given: Mapping[str, str]) -> str:
        """The loopback development client, or one with an assertion, whose signature is not looked at."""
        client, wanted = given.get("client_id", ""), given.get("redirect_uri")
        if client.startswith("http://localhost?"):
            known = parse_qs(urlsplit(client).query)["redirect_uri"]
            if wanted and (wanted not in known or urlsplit(wanted).hostname not in ("127.0.0.1", "::1")):
                raise _oauth("invalid_request", f"Invalid redirect_uri {wanted}")
            return client
        try:
            claims = jwt.decode(given.get("client_assertion", ""), options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise _oauth("invalid_client", "client_assertion is missing") from error
        if claims["iss"] != client or claims["sub"] != client or claims["aud"] != self.url:
            raise _oauth("invalid_client", "client_assertion is for somebody else")
        return client

    def _refreshed(self, given: Mapping[str, str]) -> Token:
        token = next((t for t in self.tokens if t.refresh == given.get("refresh_token")), None)
        if token is None:
            raise _oauth("invalid_grant", "Invalid refresh token")
        if token.revoked or token.refresh in self.renewed:
            while token:  # the whole line dies, the newest too
                token.revoked = True
                token = self.renewed.get(token.refresh)
            raise _oauth("invalid_grant", "Refresh token replayed")
        token.revoked = True
        return self._heir(token)

    def _heir(self, token: Token) -> Token:
        self.renewed[token.refresh] = self.grant(token.account, token.scope)
        return self.renewed[token.refresh]

    def said(self, token: Token) -> dict[str, Any]:
        """The token answer; `sub` is the account's DID."""
        return super().said(token) | {"token_type": "DPoP", "sub": did(token.account)}

    async def revoke(self, request: Request) -> Response:
        """Proofs are wanted here too."""
        self.prove(request, 400)
        return await super().revoke(request)

    def prove(self, request: Request, refuse: int, token: str = "") -> str:
        """The thumbprint of the key whose proof this request carries; refuses one that does not fit."""
        proof, again = request.headers.get("dpop", ""), {"DPoP-Nonce": self.nonces[refuse]}
        if refuse == 401:
            again["WWW-Authenticate"] = 'DPoP error="use_dpop_nonce"'
        try:
            key = json.dumps(jwt.get_unverified_header(proof)["jwk"])
            claims = jwt.decode(proof, jwt.PyJWK.from_json(key), ["ES256"], {"verify_iat": False})
        except (jwt.PyJWTError, KeyError) as error:
            raise _oauth("invalid_dpop_proof", f"no proof: {error}", refuse) from error
        if claims.get("nonce") != self.nonces[refuse]:
            raise Refusal(refuse, {"error": "use_dpop_nonce", "error_description": "Nonce required"}, again)
        fits = claims["htm"] == request.method and claims["htu"] == str(request.url.replace(query=""))
        now = clock.now().timestamp()
        fresh = claims["jti"] not in self.proofs and abs(now - claims["iat"]) < FRESH.total_seconds()
        if not fits or not fresh or (token and claims.get("ath") != _hash(token)):
            raise _oauth("invalid_dpop_proof", "DPoP proof mismatch", refuse)
        self.proofs.add(claims["jti"])
        return dpop.thumbprint(key)

    # sessions

    def grant(self, account: str = "demo", scope: str = "") -> Token:
        """Tokens that say when they end, as real ones do."""
        token = super().grant(account, scope)
        claims = {"sub": did(account), "exp": token.ends, "jti": token.access}
        token.access = jwt.encode(claims, SIGNS, algorithm="HS256")
        return token

    def account_of(self, request: Request, scheme: str = "") -> str:
        """Whose request this is: Bearer by app password, DPoP by OAuth, and never the one for the other."""
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if not given:
            raise Refusal(401, {"error": "AuthMissing", "message": "Authentication Required"})
        token = next((t for t in self.tokens if t.access == given and not t.revoked), None)
        if kind == "DPoP":
            key = self.prove(request, 401, given)
            if not token or self.bound.get(given) != key or _ended(token):
                raise Refusal(401, {"error": "invalid_token", "message": "Invalid token"})
        elif not token or given in self.bound:
            raise Refusal(400, {"error": "InvalidToken", "message": "Token could not be verified"})
        elif _ended(token):
            raise Refusal(400, {"error": "ExpiredToken", "message": "Token has expired"})
        return token.account

    async def create_session(self, request: Request) -> Response:
        """Sign in by app password."""
        wish = await request.json()
        for account in self.accounts:
            if wish["identifier"] in (did(account), handle(account)) and wish["password"] == PASSWORD:
                return JSONResponse(_session(self.grant(account)))
        raise Refusal(401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})

    async def refresh_session(self, request: Request) -> Response:
        """A spent refresh token goes on giving the same new pair (grace), unlike OAuth's."""
        token = self._by_refresh(request)
        return JSONResponse(_session(self.renewed.get(token.refresh) or self._heir(token)))

    async def delete_session(self, request: Request) -> Response:
        """Sign out."""
        self._by_refresh(request).revoked = True
        return Response()

    def _by_refresh(self, request: Request) -> Token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        for token in self.tokens:
            if token.refresh == given and not token.revoked and token.access not in self.bound:
                return token
        raise Refusal(400, {"error": "ExpiredToken", "message": "Token has been revoked"})


def did(account: str) -> str:
    """The account's permanent id."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "did:plc:" + "".join(letters[byte & 31] for byte in hashlib.sha256(account.encode()).digest()[:24])


def handle(account: str) -> str:
    """The account's name."""
    return f"{account}.bluesky.sim"


def _session(token: Token) -> dict[str, Any]:
    return {
        "accessJwt": token.access, "refreshJwt": token.refresh, "did": did(token.account),
        "handle": handle(token.account), "active": True,
    }


def _ended(token: Token) -> bool:
    return token.ends is not None and token.ends < clock.now()


def _oauth(error: str, why: str, status: int = 400) -> Refusal:
    return Refusal(status, {"error": error, "error_description": why})


def _hash(token: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
