"""Google's sign-in in a box: offline access only for who asks, refresh tokens that stay, and its form of errors.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import App
from tidings.simulators.base import OAuthBox, Refusal, Token

CLIENT, SECRET = "google-client", "google-secret"
TESTING_LIVES = timedelta(days=7)


class GoogleBox(OAuthBox):
    """`testing`: the app is not published, so access ends after seven days."""

    testing = False

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name, url, clients={CLIENT: SECRET}, access_lives=timedelta(hours=1), gives_refresh=True)
        self.given: dict[str, Any] = {}  # refresh token -> when it was first given

    def paths(self) -> list[Route]:
        """Where it all is."""
        return self.routes("/o/oauth2/v2/auth", "/token", "/revoke")

    def hosts(self) -> dict[str, str]:
        """What stands in for Google's sign-in."""
        return {"consent": self.url, "oauth": self.url}

    def app(self) -> App:
        """The app everybody here is connected with."""
        return App(CLIENT, SECRET)

    async def consent(self, request: Request) -> Response:
        """Without offline access there is no refresh token; this box wants to be asked for it."""
        wish = request.query_params
        if (wish.get("access_type"), wish.get("prompt"), wish.get("response_type")) != ("offline", "consent", "code"):
            return HTMLResponse("<h1>Error 400: invalid_request</h1>", 400)
        return await super().consent(request)

    def grant(self, account: str = "demo", scope: str = "") -> Token:
        """A token pair, and since when."""
        token = super().grant(account, scope)
        self.given[token.refresh] = clock.now()
        return token

    def _refreshed(self, given: Mapping[str, str]) -> Token:
        """A new access token; the refresh token goes on, until it is revoked or its week of testing is over."""
        refresh = given.get("refresh_token", "")
        live = [token for token in self.tokens if token.refresh == refresh and not token.revoked]
        ended = self.testing and clock.now() > self.given.get(refresh, clock.now()) + TESTING_LIVES
        if not live or ended:
            said = "Token has been expired or revoked."
            raise Refusal(400, {"error": "invalid_grant", "error_description": said})
        fresh = replace(super().grant(live[0].account, live[0].scope), refresh=refresh)
        self.tokens[-1] = fresh
        return fresh

    async def revoke(self, request: Request) -> Response:
        """One token ends the whole grant; a token that has ended already is refused."""
        given = str((await request.form()).get("token", request.query_params.get("token", "")))
        live = [token for token in self.tokens if given in (token.access, token.refresh) and not token.revoked]
        if not live:
            raise Refusal(400, {"error": "invalid_token", "error_description": "Token expired or revoked"})
        for token in self.tokens:
            token.revoked = token.revoked or token.refresh == live[0].refresh
        return JSONResponse({})

    def who(self, request: Request) -> str:
        """Whose token it is, refusing as Google does."""
        try:
            return self.account_of(request)
        except Refusal as refused:
            said = "Request had invalid authentication credentials."
            raise problem(401, "UNAUTHENTICATED", said, "authError") from refused


def problem(status: int, state: str, message: str, reason: str = "", details: Any = ()) -> Refusal:
    """A refusal in Google's form; `details` where a newer API tells more."""
    told: dict[str, Any] = {"code": status, "message": message, "status": state}
    if reason:
        told["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    return Refusal(status, {"error": told | ({"details": list(details)} if details else {})})
