"""The event half of Twitch's simulator: tokens of apps, what they ask to be told, and telling it.

https://dev.twitch.tv/docs/api/reference/#create-eventsub-subscription
"""

import uuid
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.networks import _twitchevents
from tidings.networks.base import App
from tidings.simulators import _notices
from tidings.simulators.base import OAuthBox, Refusal, Simulator

APP = App("twitch-client", "twitch-secret")
OF_APP = "of the app"  # whose token it is that no person gave
REVOKED = "user.authorization.revoke"


class AppTokens(OAuthBox):
    """Gives an app a token of its own, too."""

    async def exchange(self, request: Request) -> Response:
        """Credentials alone for a token; all else as everywhere."""
        given = {name: str(value) for name, value in (await request.form()).items()}
        if given.get("grant_type") != "client_credentials":
            return await super().exchange(request)
        self._client(request, given)
        return JSONResponse(self.said(self.grant(OF_APP)))


class Events(Simulator):
    """Keeps what it was asked to tell, by id. `event_secret`: what the last of them is signed with; `refuses`: it will
    not tell, and repeats all it was asked."""

    refuses = False

    event_secret = _twitchevents.secret(APP)

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.asked: dict[str, dict[str, Any]] = {}

    def event_routes(self) -> list[Route]:
        """Where an app asks, looks and takes back."""
        place = "/helix/eventsub/subscriptions"
        return [
            Route(place, self.listed),
            Route(place, self.ask, methods=["POST"]),
            Route(place, self.forget, methods=["DELETE"]),
        ]

    def _of_app(self, request: Request) -> None:
        if self.oauth.account_of(request) != OF_APP or request.headers.get("client-id") != APP.client_id:
            raise wrong(401, "Unauthorized", "An app access token of this client is needed")

    async def listed(self, request: Request) -> Response:
        """What was asked."""
        self._of_app(request)
        return JSONResponse({"data": [_shown(id, wish) for id, wish in self.asked.items()]})

    async def ask(self, request: Request) -> Response:
        """Once for each address, which must be safe."""
        self._of_app(request)
        wish = await request.json()
        way = wish["transport"]
        if self.refuses:
            raise wrong(403, "Forbidden", f"not for you: {wish}")
        if not way["callback"].startswith("https://") or not 10 <= len(way["secret"]) <= 100:
            raise wrong(400, "Bad Request", "The callback must use https; the secret has 10 to 100 characters")
        if any(one["transport"]["callback"] == way["callback"] for one in self.asked.values()):
            raise wrong(409, "Conflict", "subscription already exists")
        if wish["type"] != REVOKED or wish["condition"] != {"client_id": APP.client_id}:
            raise wrong(403, "Forbidden", "The client ID must match the one in the token")
        id = str(uuid.uuid4())
        self.asked[id], self.event_secret = wish, way["secret"]
        return JSONResponse({"data": [_shown(id, wish)]}, 202)

    async def forget(self, request: Request) -> Response:
        """No longer tell it."""
        self._of_app(request)
        if self.asked.pop(request.query_params["id"], None) is None:
            raise wrong(404, "Not Found", "The subscription was not found")
        return Response(status_code=204)

    def notice(self, person: str, secret: str = "", at: datetime | None = None, **how: Any) -> _notices.Signed:
        """This person took back what they had allowed the app."""
        event = {"client_id": APP.client_id, "user_id": person, "user_login": None, "user_name": None}
        return self.tell({"event": event}, secret, at, **how)

    def tell(
        self, more: dict[str, Any], secret: str = "", at: datetime | None = None, kind: str = "notification",
        type: str = REVOKED, client: str = APP.client_id, id: str = "",
    ) -> _notices.Signed:
        """Any of its messages."""
        about = {"id": "s0", "type": type, "version": "1", "condition": {"client_id": client}}
        return _notices.numbered({"subscription": about, **more}, secret or self.event_secret, at, kind, id)


def _shown(id: str, wish: dict[str, Any]) -> dict[str, Any]:
    """As it is listed: without the secret."""
    way = {name: value for name, value in wish["transport"].items() if name != "secret"}
    return {**wish, "id": id, "status": "webhook_callback_verification_pending", "transport": way}


def wrong(status: int, error: str, message: str) -> Refusal:
    """An error as Twitch words it."""
    return Refusal(status, {"error": error, "status": status, "message": message})
