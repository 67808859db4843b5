"""Kick in a box: https://docs.kick.com/

Switches: `drops` (that many messages are answered 200 and not shown). Every renewal replaces both tokens.
"""

import html
import uuid
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, App, Profile
from tidings.simulators.base import Refusal, Simulator

CLIENT, SECRET = "kick-client", "kick-secret"
PEOPLE = {"demo": 4001, "other": 4002}


def wrong(status: int, message: str) -> Refusal:
    """An error as Kick words it."""
    return Refusal(status, {"data": {}, "message": message})


class KickNetwork(Simulator):
    """Chats."""

    name = "kick"
    drops = 0

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.gives_refresh, self.oauth.access_lives = True, timedelta(hours=2)

    def hosts(self) -> dict[str, str]:
        """All hosts are this one."""
        return {"id": self.url, "api": self.url, "page": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth/authorize", "/oauth/token", "/oauth/revoke"),
            Route("/public/v1/users", self.users),
            Route("/public/v1/channels", self.channels),
            Route("/public/v1/chat", self.chat, methods=["POST"]),
            Route("/public/v1/chat/{id}", self.delete, methods=["DELETE"]),
            Route("/{name}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this broadcaster."""
        token = self.oauth.grant(account)
        profile = Profile(str(PEOPLE[account]), account, account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"access_token": token.access, "refresh_token": token.refresh}, {}, App(CLIENT, SECRET))

    async def users(self, request: Request) -> Response:
        """Whose token it is."""
        name = self.oauth.account_of(request)
        return JSONResponse({"data": [{"user_id": PEOPLE[name], "name": name.title()}], "message": "OK"})

    async def channels(self, request: Request) -> Response:
        """Their channel."""
        name = self.oauth.account_of(request)
        return JSONResponse({"data": [{"broadcaster_user_id": PEOPLE[name], "slug": name}], "message": "OK"})

    async def chat(self, request: Request) -> Response:
        """A line in the chat."""
        name, wish = self.oauth.account_of(request), await request.json()
        if wish["type"] not in ("user", "bot") or (wish["type"] == "user" and "broadcaster_user_id" not in wish):
            raise wrong(400, "Invalid request: type or broadcaster_user_id")
        if not 1 <= len(wish["content"].strip()) <= 500:
            raise wrong(400, "Invalid request: content must have 1 to 500 characters")
        if wish.get("reply_to_message_id") not in (None, *self.posts):
            raise wrong(400, "Invalid request: reply_to_message_id")
        if self.drops > 0:
            self.drops -= 1
            return JSONResponse({"data": {"is_sent": False, "message_id": ""}, "message": "OK"})
        id = str(uuid.uuid4())
        self.posts[id] = {"id": id, "account": name, "at": clock.now(), "wish": wish}
        return JSONResponse({"data": {"is_sent": True, "message_id": id}, "message": "OK"})

    async def delete(self, request: Request) -> Response:
        """Take a message away."""
        self.oauth.account_of(request)
        if self.posts.pop(request.path_params["id"], None) is None:
            raise wrong(404, "Not found")
        return Response(status_code=204)

    async def page(self, request: Request) -> Response:
        """The chat, as a viewer sees it."""
        own = [p["wish"]["content"] for p in self.posts.values() if p["account"] == request.path_params["name"]]
        return HTMLResponse("<title>Kick simulator</title>" + "".join(f"<p>{html.escape(one)}</p>" for one in own))


def simulator(url: str) -> Simulator:
    """A fresh Kick at this address."""
    return KickNetwork(url)
