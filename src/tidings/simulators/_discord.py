"""The server half of Discord's simulator: who asks, what the server has, and the page where it is picked."""

import hashlib
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import App
from tidings.simulators import _notices
from tidings.simulators.base import OAuthBox, Refusal, Simulator

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))  # what it signs its events with
APP = App(
    "discord-client", "discord-secret",
    {"bot_token": "bot-of-demo", "public_key": KEY.public_key().public_bytes_raw().hex()},
)  # fmt: skip
HOOK, GUILD, BOT = "8001/hook-key", "9001", "4242"
CHANNELS = {"7001": ("demo", 0), "7002": ("other", 0), "7003": ("news", 5), "7004": ("voice", 2)}


class Consent(OAuthBox):
    """The consent page, where the person picks a server."""

    guild = GUILD

    def extra(self) -> dict[str, str]:
        """Which one they picked."""
        return {"guild_id": self.guild}


class DiscordGuild(Simulator):
    """One server with four channels, a bot and a webhook. `rights`: of the person who connects, there."""

    name = "discord"
    gate = False
    rights = "32"

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth = Consent(self.name, url, clients={APP.client_id: APP.client_secret}, needs_pkce=False)
        self.bots, self.hooks, self.lacks = {f"Bot {APP.more['bot_token']}"}, {HOOK}, set[str]()

    def guild_routes(self) -> list[Route]:
        """What is not about messages."""
        return [
            *self.oauth.routes("/oauth2/authorize", "/api/oauth2/token"),
            Route("/api/users/@me", self.me),
            Route("/api/users/@me/guilds", self.guilds),
            Route("/api/guilds/{guild}", self.guild),
            Route("/api/guilds/{guild}/channels", self.channels),
            Route("/api/guilds/{guild}/roles", self.roles),
            Route("/api/guilds/{guild}/members/search", self.members),
            Route("/api/webhooks/{id}/{key}", self.hook, methods=["GET"]),
        ]

    def lock_out(self) -> None:
        """The bot's token was reset, and the webhook deleted."""
        self.bots.clear()
        self.hooks.clear()

    def of_bot(self, request: Request) -> None:
        """Nothing, when it is the bot's and the channel is open to it."""
        if self.gate or not request.headers["user-agent"].startswith("DiscordBot ("):
            raise Refusal(403, "<html>error code: 1010</html>")
        if request.headers.get("authorization") not in self.bots:
            raise Refusal(401, {"message": "401: Unauthorized", "code": 0})
        channel = request.path_params.get("channel", "7001")
        if channel not in CHANNELS:
            raise refusal(404, 10003, "Unknown Channel")
        if channel in self.lacks:
            raise refusal(403, 50013, "Missing Permissions")

    async def me(self, request: Request) -> Response:
        """The bot, or the person whose token it is."""
        if request.headers.get("authorization", "").startswith("Bearer "):
            return JSONResponse({"id": self.oauth.account_of(request), "username": "demo"})
        self.of_bot(request)
        return JSONResponse({"id": BOT, "username": "herald", "bot": True})

    async def guilds(self, request: Request) -> Response:
        """The servers of the person whose token it is."""
        self.oauth.account_of(request)
        return JSONResponse([{"id": GUILD, "name": "Harbour", "owner": False, "permissions": self.rights}])

    async def guild(self, request: Request) -> Response:
        """The bot's server."""
        self.of_bot(request)
        counted = {"approximate_member_count": self.crowd("7001", "approximate_member_count")}  # for all its channels
        wanted = request.query_params.get("with_counts") == "true"
        return JSONResponse({"id": GUILD, "name": "Harbour", "icon": "face"} | (counted if wanted else {}))

    async def channels(self, request: Request) -> Response:
        """Every channel of the server, voice too."""
        self.of_bot(request)
        listed = [{"id": id, "name": name, "type": kind, "position": 0} for id, (name, kind) in CHANNELS.items()]
        return JSONResponse(listed)

    async def roles(self, request: Request) -> Response:
        """The server's roles."""
        self.of_bot(request)
        return JSONResponse([{"id": GUILD, "name": "@everyone"}, {"id": "501", "name": "Demo crew"}])

    async def members(self, request: Request) -> Response:
        """Those whose name begins so."""
        self.of_bot(request)
        person = {"user": {"id": "601", "username": "demo", "global_name": "Demo Person"}, "nick": None}
        return JSONResponse([person] if person["user"]["username"].startswith(request.query_params["query"]) else [])  # type: ignore[index]

    def of_hook(self, request: Request) -> None:
        """Nothing, when there is such a webhook."""
        if f"{request.path_params['id']}/{request.path_params['key']}" not in self.hooks:
            raise refusal(404, 10015, "Unknown Webhook")

    async def hook(self, request: Request) -> Response:
        """What the webhook is."""
        self.of_hook(request)
        said = {"id": request.path_params["id"], "name": "Herald", "channel_id": "7001", "guild_id": GUILD}
        return JSONResponse({**said, "avatar": None})


def notice(
    person: str, secret: str = "", at: datetime | None = None, event: str = "APPLICATION_DEAUTHORIZED",
    app: str = APP.client_id,
) -> tuple[dict[str, str], bytes]:
    """One of the events that all come to one address, signed with its key, or with one made of this secret."""
    when = (at or clock.now()).replace(tzinfo=None).isoformat()
    told = {"type": event, "timestamp": when, "data": {"user": {"id": person, "username": "demo"}}}
    said = {"version": 1, "application_id": app, "type": 1, "event": told}
    return _notices.by_key(said, key_of(secret), at)


def key_of(secret: str) -> Ed25519PrivateKey:
    """A key made of this secret; its own without one."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret.encode()).digest()) if secret else KEY


def ping(at: datetime | None = None) -> tuple[dict[str, str], bytes]:
    """Its question whether we are there."""
    return _notices.by_key({"version": 1, "application_id": APP.client_id, "type": 0}, KEY, at)


def refusal(status: int, code: int, said: str, more: dict[str, Any] | None = None) -> Refusal:
    """No, as Discord says it."""
    return Refusal(status, {"code": code, "message": said, **(more or {})})
