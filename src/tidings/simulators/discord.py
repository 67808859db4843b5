"""Discord in a box: API v10, https://docs.discord.com/developers/reference

Switches: `lag` (messages younger than this are not listed yet), `per_minute` (messages in a channel; 0: any number),
`gate` (the outermost gate turns everybody away), `lacks` (channels where the bot has no right to write), `hooks_see`
(webhooks are shown the reactions to their messages).
"""

import html
import json
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Profile
from tidings.simulators._discord import APP, BOT, CHANNELS, GUILD, HOOK, DiscordGuild, notice, refusal
from tidings.simulators.base import Refusal, Simulator

MOST, WHOLE, NONCES_LIVE = 10_485_760, 26_214_400, timedelta(minutes=3)


class DiscordNetwork(DiscordGuild):
    """Channels, nonces, files, webhooks, rate limits."""

    moods = {"that lags": {"lag": timedelta(minutes=3)}}
    lag = timedelta(0)
    per_minute = 0
    hooks_see = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.nonces = dict[tuple[str, str], str]()
        self.threads = set[str]()  # messages from which one was begun

    def hosts(self) -> dict[str, str]:
        """All hosts are this one."""
        return {"api": f"{self.url}/api", "site": self.url, "pictures": self.url}

    def routes(self) -> list[Route]:
        """The API, and the page a receipt leads to."""
        inside, hook = "/api/channels/{channel}/messages", "/api/webhooks/{id}/{key}"
        change = ["GET", "PATCH", "DELETE"]
        return [
            *self.guild_routes(),
            Route(inside, self.post, methods=["POST"]),
            Route(inside, self.latest),
            Route(f"{inside}/{{message}}", self.message, methods=change),
            Route(f"{inside}/{{message}}/crosspost", self.crosspost, methods=["POST"]),
            Route(hook, self.hook_post, methods=["POST"]),
            Route(f"{hook}/messages/{{message}}", self.hook_message, methods=change),
            Route("/channels/{guild}/{channel}/{message}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The address of a webhook."""
        return {"webhook": f"{self.url}/api/webhooks/{HOOK}"}

    def access(self, account: str = "demo") -> Access:
        """The bot in the channel of this name or number."""
        (id,) = [id for id, (name, _kind) in CHANNELS.items() if account in (id, name)]
        account, kind = CHANNELS[id][0], "announcement" if CHANNELS[id][1] == 5 else "text"
        profile = Profile(id, f"#{account}", f"#{account} (Harbour)", "", f"{self.url}/channels/{GUILD}/{id}")
        return Access(profile, {"guild_id": GUILD}, {"guild": GUILD, "bot": BOT, "kind": kind}, APP)

    def by_webhook(self) -> Access:
        """The webhook of the channel demo."""
        server = {"guild": GUILD, "channel": "7001", "webhook": True}
        return Access(Profile("8001", "Herald", "Herald"), {"webhook": HOOK}, server)

    def notice(self, person: str, secret: str = "", at: datetime | None = None) -> tuple[dict[str, str], bytes]:
        """This person took back what they had allowed the app."""
        return notice(person, secret, at)

    def new_id(self) -> str:
        """A snowflake."""
        made = (int(clock.now().timestamp() * 1000) - 1_420_070_400_000) << 22
        return str(max(made, *(int(id) + 1 for id in self.posts), 0))

    async def post(self, request: Request) -> Response:
        """A message by the bot; with `enforce_nonce` the first one again, as long as the nonce is known."""
        self.of_bot(request)
        channel, (wish, files) = request.path_params["channel"], await _sent(request)
        known = self.nonces.get((channel, wish.get("nonce", ""))) if wish.get("enforce_nonce") else None
        if known and known not in self.posts:
            raise refusal(404, 10008, "Unknown Message")
        if known and self.posts[known]["at"] + NONCES_LIVE > clock.now():
            return JSONResponse(_listed(self.posts[known]))
        made = self._make(channel, BOT, wish, files)
        self.nonces[channel, wish.get("nonce", "")] = made["id"]
        return JSONResponse(_listed(made))

    def _make(self, channel: str, author: str, wish: dict[str, Any], files: list[int]) -> dict[str, Any]:
        _look(wish, files)
        since, parent = clock.now() - timedelta(minutes=1), (wish.get("message_reference") or {}).get("message_id")
        if parent and parent not in self.posts:
            raise invalid("message_reference", "Unknown message")
        recent = [post for post in self.posts.values() if post["channel_id"] == channel and post["at"] > since]
        if self.per_minute and len(recent) >= self.per_minute:
            body = {"message": "You are being rate limited.", "retry_after": 32.5, "global": False}
            raise Refusal(429, body, {"Retry-After": "33"})
        made = self.new_id()
        self.posts[made] = {
            "id": made, "channel_id": channel, "author": {"id": author}, "content": wish.get("content", "").strip(),
            "timestamp": clock.now().isoformat(), "attachments": [{"id": made, "size": size} for size in files],
            "message_reference": wish.get("message_reference"), "poll": wish.get("poll"), "at": clock.now(),
            "wish": wish,
        }
        return self.posts[made]

    async def latest(self, request: Request) -> Response:
        """A channel's messages, the latest first; those younger than the lag are missing."""
        self.of_bot(request)
        after, until = int(request.query_params.get("after", 0)), clock.now() - self.lag
        inside = [p for p in self.posts.values() if p["channel_id"] == request.path_params["channel"]]
        listed = [_listed(p) for p in inside if int(p["id"]) > after and p["at"] <= until]
        return JSONResponse(listed[::-1][: int(request.query_params.get("limit", 50))])

    async def message(self, request: Request) -> Response:
        """Look at it, change it, take it back."""
        self.of_bot(request)
        return await self._change(request, shows_all=True)

    async def _change(self, request: Request, shows_all: bool) -> Response:
        post = self.posts.get(request.path_params["message"])
        if post is None:
            raise refusal(404, 10008, "Unknown Message")
        if request.method == "DELETE":
            del self.posts[post["id"]]
            return Response(status_code=204)
        post |= await request.json() if request.method == "PATCH" else {}
        return JSONResponse(_listed(post) | self._noticed(post, shows_all))

    def _noticed(self, post: dict[str, Any], shows_all: bool) -> dict[str, Any]:
        """Reactions, if there are any; a thread, if one was begun; votes, if it is a poll."""
        id, likes, told = post["id"], self.grown(post["id"], "reactions.count"), dict[str, Any]()
        if likes and shows_all:
            told["reactions"] = [{"emoji": {"name": "a"}, "count": 1}, {"emoji": {"name": "b"}, "count": likes - 1}]
        if id in self.threads:
            told["thread"] = {"id": id, "type": 11, "message_count": self.grown(id, "thread.message_count")}
        if post["poll"]:
            votes = [{"id": 1, "count": self.grown(id, "poll.results.answer_counts.count"), "me_voted": False}]
            told["poll"] = {**post["poll"], "results": {"is_finalized": False, "answer_counts": votes}}
        return told

    async def crosspost(self, request: Request) -> Response:
        """To those who follow an announcement channel."""
        self.of_bot(request)
        post = self.posts[request.path_params["message"]]
        post["crossposted"] = True
        return JSONResponse(_listed(post))

    async def hook_post(self, request: Request) -> Response:
        """A message by webhook. Who does not wait is told nothing, not even that it was refused."""
        self.of_hook(request)
        wish, files = await _sent(request)
        if request.query_params.get("wait") != "true":
            return Response(status_code=204)
        return JSONResponse(_listed(self._make("7001", request.path_params["id"], wish, files)))

    async def hook_message(self, request: Request) -> Response:
        """The webhook's own messages."""
        self.of_hook(request)
        return await self._change(request, self.hooks_see)

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["message"])
        if post is None:
            return HTMLResponse("<h1>No such message</h1>", 404)
        return HTMLResponse(f"<title>Discord simulator</title><h1>Harbour</h1><p>{html.escape(post['content'])}</p>")


def _look(wish: dict[str, Any], files: list[int]) -> None:
    if len(wish.get("content", "")) > 2000:
        raise invalid("content", "Must be 2000 or fewer in length.")
    if not (wish.get("content", "").strip() or files or wish.get("poll")):
        raise refusal(400, 50006, "Cannot send an empty message")
    if len(wish.get("nonce", "")) > 25 or len(files) > 10 or len(wish.get("poll", {}).get("answers", [])) > 10:
        raise invalid("poll", "Must be 10 or fewer.")
    if len(wish.get("poll", {}).get("question", {}).get("text", "")) > 300:
        raise invalid("question", "Must be 300 or fewer in length.")
    if sum(files) > WHOLE or any(size > MOST for size in files):
        raise refusal(413, 40005, "Request entity too large")


async def _sent(request: Request) -> tuple[dict[str, Any], list[int]]:
    """The message, and the sizes of its files."""
    if request.headers["content-type"].startswith("application/json"):
        return await request.json(), []
    parts = dict(await request.form())
    return json.loads(str(parts.pop("payload_json"))), [int(file.size or 0) for file in parts.values()]  # type: ignore[union-attr]


def invalid(field: str, said: str) -> Refusal:
    """No, because of one field of the form."""
    return refusal(400, 50035, "Invalid Form Body", {"errors": {field: {"_errors": [{"message": said}]}}})


def _listed(post: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in post.items() if name not in ("at", "wish", "crossposted")}


def simulator(url: str) -> Simulator:
    """A fresh Discord at this address."""
    return DiscordNetwork(url)
