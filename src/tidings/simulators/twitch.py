"""Twitch in a box: Helix, https://dev.twitch.tv/docs/api/reference/

Switches: `drops` (that many messages are answered 200 and not shown), `affiliate` (may plan a single broadcast).
An announcement over 500 characters is cut, silently.
"""

import html
import uuid
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Profile
from tidings.simulators._twitch import APP, AppTokens, Events, wrong
from tidings.simulators.base import Simulator

COLOURS = {"primary", "blue", "green", "orange", "purple"}


class TwitchNetwork(Events):
    """Chats, announcements, a schedule."""

    name = "twitch"
    drops = 0
    affiliate = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth = AppTokens(
            self.name, url, clients={APP.client_id: APP.client_secret}, access_lives=timedelta(hours=4),
            gives_refresh=True, needs_pkce=False,
        )  # fmt: skip

    def hosts(self) -> dict[str, str]:
        """All hosts are this one."""
        return {"id": self.url, "api": self.url, "page": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth2/authorize", "/oauth2/token", "/oauth2/revoke"),
            *self.event_routes(),
            Route("/helix/users", self.users),
            Route("/helix/channels/followers", self.followers),
            Route("/helix/chat/messages", self.message, methods=["POST"]),
            Route("/helix/chat/announcements", self.announcement, methods=["POST"]),
            Route("/helix/schedule/segment", self.segment, methods=["POST"]),
            Route("/helix/search/categories", self.categories),
            Route("/helix/moderation/chat", self.delete, methods=["DELETE"]),
            Route("/{name}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this broadcaster."""
        token = self.oauth.grant(account)
        profile = Profile(account, account, account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"access_token": token.access, "refresh_token": token.refresh}, {}, APP)

    def _who(self, request: Request, asked: Any) -> str:
        if request.headers.get("client-id") != APP.client_id:
            raise wrong(401, "Unauthorized", "Client ID and OAuth token do not match")
        name = self.oauth.account_of(request)
        if asked is not None and asked != name:
            raise wrong(401, "Unauthorized", "The ID in broadcaster_id must match the user ID in the access token")
        return name

    def _keep(self, name: str, **more: Any) -> str:
        id = str(uuid.uuid4())
        self.posts[id] = {"id": id, "account": name, "at": clock.now(), **more}
        return id

    async def users(self, request: Request) -> Response:
        """Whose token it is."""
        name = self._who(request, None)
        return JSONResponse({"data": [{"id": name, "login": name, "display_name": name.title()}]})

    async def followers(self, request: Request) -> Response:
        """How many follow; without the right to see them, no names."""
        name = self._who(request, None)
        if not request.query_params.get("broadcaster_id"):
            raise wrong(400, "Bad Request", "The broadcaster_id query parameter is required.")
        if request.query_params["broadcaster_id"] != name:
            return JSONResponse({"total": 0, "data": [], "pagination": {}})
        return JSONResponse({"total": self.crowd(name, "total"), "data": [], "pagination": {}})

    async def message(self, request: Request) -> Response:
        """A line in the chat."""
        wish = await request.json()
        name = self._who(request, wish["sender_id"])
        if not wish["message"].strip():
            raise wrong(400, "Bad Request", "The text in the message field is required.")
        if len(wish["message"]) > 500:
            raise wrong(422, "Unprocessable Entity", "The message is too large.")
        if self.drops > 0:
            self.drops -= 1
            why = {"code": "channel_settings", "message": "This channel is in followers-only mode."}
            return JSONResponse({"data": [{"message_id": "", "is_sent": False, "drop_reason": why}]})
        parent = wish.get("reply_parent_message_id")
        if parent and parent not in self.posts:
            raise wrong(400, "Bad Request", "The reply parent message was not found.")
        id = self._keep(name, said=wish["message"], parent=parent)
        return JSONResponse({"data": [{"message_id": id, "is_sent": True}]})

    async def announcement(self, request: Request) -> Response:
        """An announcement; no id comes back."""
        name, wish = self._who(request, request.query_params["moderator_id"]), await request.json()
        if not wish["message"].strip() or wish.get("color") not in COLOURS:
            raise wrong(400, "Bad Request", "message or color is not valid")
        self._keep(name, said=wish["message"][:500], color=wish["color"])
        return Response(status_code=204)

    async def segment(self, request: Request) -> Response:
        """An entry in the schedule."""
        name, wish = self._who(request, request.query_params["broadcaster_id"]), await request.json()
        if not 30 <= int(wish["duration"]) <= 1380 or len(wish["title"]) > 140 or not wish.get("start_time"):
            raise wrong(400, "Bad Request", "start_time, duration or title is not valid")
        if not wish["is_recurring"] and not self.affiliate:
            raise wrong(403, "Forbidden", "Only partners and affiliates may add non-recurring segments")
        id = self._keep(name, said=wish["title"], wish=wish)
        return JSONResponse({"data": {"segments": [{"id": id, "title": wish["title"]}]}})

    async def categories(self, request: Request) -> Response:
        """Categories by their name."""
        self._who(request, None)
        known, asked = {"509": "Baking", "27": "Science"}, request.query_params["query"].lower()
        return JSONResponse({"data": [{"id": id, "name": n} for id, n in known.items() if asked in n.lower()]})

    async def delete(self, request: Request) -> Response:
        """Take a message away; for six hours."""
        self._who(request, request.query_params["moderator_id"])
        post = self.posts.get(request.query_params["message_id"])
        if post is None:
            raise wrong(404, "Not Found", "The message was not found")
        if post["at"] + timedelta(hours=6) < clock.now():
            raise wrong(400, "Bad Request", "The message was created more than 6 hours ago")
        del self.posts[post["id"]]
        return Response(status_code=204)

    async def page(self, request: Request) -> Response:
        """The chat, as a viewer sees it."""
        said = [p["said"] for p in self.posts.values() if p["account"] == request.path_params["name"]]
        return HTMLResponse("<title>Twitch simulator</title>" + "".join(f"<p>{html.escape(one)}</p>" for one in said))


def simulator(url: str) -> Simulator:
    """A fresh Twitch at this address."""
    return TwitchNetwork(url)
