"""Slack in a box: https://docs.slack.dev/reference/methods

Switches: `works_for` (times a shared file has no message yet), `archived` (channels), `dead` (the webhook is gone),
`says` (an error for the next message, whatever it is), `lists` (messages of a thread that it shows at once).
"""

import html
import json
import re
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Profile
from tidings.simulators._slack import APP, BOT, CHANNELS, HOOK, STONE, SlackWorkspace, no, notice, page, yes
from tidings.simulators.base import Refusal, Simulator

LONGEST = 40_000


class SlackNetwork(SlackWorkspace):
    """Messages with metadata, threads, files in three steps, a webhook."""

    moods = {"that shares files late": {"works_for": 2}}
    works_for = 0
    lists = 1000
    dead = False
    says = ""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.stones: dict[str, dict[str, Any]] = {}  # in place of messages that were taken back over their threads

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"site": self.url, "hooks": self.url}

    def routes(self) -> list[Route]:
        """The API, uploads, the webhook, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth/v2/authorize", "/api/oauth.v2.access"),
            Route("/api/{method}", self.method, methods=["GET", "POST"]),
            Route("/upload/{id}", self.upload, methods=["POST"]),
            Route(HOOK, self.hook, methods=["POST"]),
            Route("/archives/{channel}/p{ts}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The address of a webhook, and what to call it."""
        return {"webhook": self.url + HOOK, "channel": "#demo"}

    def access(self, account: str = "demo") -> Access:
        """The app in the channel of this name, or id."""
        ((id, account),) = [(id, name) for id, (name, _private) in CHANNELS.items() if account in (id, name)]
        server = {"url": f"{self.url}/", "bot": BOT, "member": id in self.members}
        profile = Profile(id, f"#{account}", f"#{account} (Harbour)", "", f"{self.url}/archives/{id}")
        return Access(profile, {"access_token": self.oauth.grant(account).access}, server, APP)

    def by_webhook(self) -> Access:
        """The webhook."""
        return Access(Profile("T0DEMO/B0DEMO", "#demo", "#demo"), {"webhook": HOOK}, {"webhook": True})

    def notice(self, person: str, secret: str = "", at: datetime | None = None) -> tuple[dict[str, str], bytes]:
        """The app was removed from this Slack workspace."""
        return notice(person, secret, at)

    async def method(self, request: Request) -> Response:
        """Any method of the API."""
        self.us(request)
        wish = {**request.query_params, **{name: str(value) for name, value in (await request.form()).items()}}
        methods = {
            "chat.postMessage": self._post, "chat.update": self._update, "chat.delete": self._delete,
            "chat.getPermalink": self._permalink, "conversations.history": self._history,
            "conversations.replies": self._replies, "files.getUploadURLExternal": self._place,
            "files.completeUploadExternal": self._share, "files.info": self._file,
        }
        method = request.path_params["method"]
        return yes(methods[method](wish) if method in methods else self.workspace(method, wish))

    def _post(self, wish: dict[str, Any]) -> dict[str, Any]:
        channel = self.inside(wish["channel"], write=True)
        metadata = json.loads(wish["metadata"]) if "metadata" in wish else None
        ts = self._make(channel, wish.get("text", ""), wish, {"metadata": metadata})
        return {"channel": channel, "ts": ts, "message": {"text": wish.get("text", "")}}

    def _make(self, channel: str, text: str, wish: dict[str, Any], more: dict[str, Any]) -> str:
        if self.says:
            word, self.says = self.says, ""
            raise no(word)
        if not text.strip() and not more.get("files"):
            raise no("no_text")
        if len(text) > LONGEST:
            raise no("msg_too_long")
        if len(more.get("files", [])) > 10:
            raise no("too_many_attachments")
        thread = wish.get("thread_ts")
        if thread and thread not in self.posts:
            raise no("thread_not_found")
        ts = self._moment()
        known = ("unfurl_links", "unfurl_media", "username", "icon_url", "reply_broadcast")
        chosen = {name: wish[name] for name in known if name in wish}
        said = {"ts": ts, "channel": channel, "user": BOT, "text": _linked(text), "wish": chosen, **more}
        self.posts[ts] = said | ({"thread_ts": thread} if thread else {})
        return ts

    def _moment(self) -> str:
        last = max((float(ts) for ts in (*self.posts, *self.remarks)), default=0.0)
        return f"{max(clock.now().timestamp(), last + 0.00001):.6f}"

    def remark_id(self, on: str) -> str:
        """A message is known by its time."""
        return self._moment()

    def _own(self, wish: dict[str, Any]) -> dict[str, Any]:
        post = self.posts.get(wish["ts"])
        if post is None or post["channel"] != wish["channel"]:
            raise no("message_not_found")
        return post

    def _update(self, wish: dict[str, Any]) -> dict[str, Any]:
        self._own(wish)["text"] = _linked(wish["text"])
        return {"ts": wish["ts"]}

    def _delete(self, wish: dict[str, Any]) -> dict[str, Any]:
        self.drop(self._own(wish)["ts"])
        return {"ts": wish["ts"]}

    def drop(self, id: str) -> None:
        """Take a message away; one with a thread leaves a stone in its place."""
        taken = self.posts[id]
        super().drop(id)
        if any(post.get("thread_ts") == id for post in self.posts.values()):
            self.stones[id] = {**taken, **STONE}

    def _permalink(self, wish: dict[str, Any]) -> dict[str, Any]:
        post = self._own({**wish, "ts": wish["message_ts"]})
        inside = f"?thread_ts={post['thread_ts']}&cid={post['channel']}" if "thread_ts" in post else ""
        return {"permalink": f"{self.url}/archives/{post['channel']}/p{post['ts'].replace('.', '')}{inside}"}

    def _history(self, wish: dict[str, Any]) -> dict[str, Any]:
        inside = [post for post in self._listed(wish) if post.get("thread_ts", post["ts"]) == post["ts"]]
        return {"messages": inside[::-1][: int(wish.get("limit", 100))]}

    def _replies(self, wish: dict[str, Any]) -> dict[str, Any]:
        first = self.posts.get(wish["ts"]) or self.stones.get(wish["ts"])
        if first is None:
            raise no("thread_not_found")
        parts = [post for post in self._listed(wish) if post.get("thread_ts") == wish["ts"] != post["ts"]]
        return page(wish, "messages", [first, *self.said(wish, parts)], min(self.lists, int(wish.get("limit", 1000))))

    def _listed(self, wish: dict[str, Any]) -> list[dict[str, Any]]:
        channel, since, until = self.inside(wish["channel"]), wish.get("oldest", "0"), wish.get("latest", "9" * 10)
        inside = [post for post in (*self.posts.values(), *self.stones.values()) if post["channel"] == channel]
        return [self.counted(post) for post in inside if float(since) <= float(post["ts"]) <= float(until)]

    def _place(self, wish: dict[str, Any]) -> dict[str, Any]:
        id = f"F{self.new_id()}"
        length, alt = int(wish["length"]), wish.get("alt_txt", "")
        if length > 1_000_000_000 or len(alt) > 2000:
            raise no("invalid_arguments", "length: too large")
        self.media[id] = {"name": wish["filename"], "length": length, "alt": alt, "size": 0, "ts": "", "left": 0}
        return {"upload_url": f"{self.url}/upload/{id}", "file_id": id}

    async def upload(self, request: Request) -> Response:
        """The bytes of a file; no token is needed."""
        self.media[request.path_params["id"]]["size"] = len(await request.body())
        return PlainTextResponse("OK")

    def _share(self, wish: dict[str, Any]) -> dict[str, Any]:
        channel, ids = self.inside(wish["channel_id"]), [one["id"] for one in json.loads(wish["files"])]
        if any(id not in self.media or self.media[id]["size"] != self.media[id]["length"] for id in ids):
            raise no("file_not_found")
        alts = [self.media[id]["alt"] for id in ids]
        ts = self._make(channel, wish.get("initial_comment", ""), wish, {"files": ids, "alts": alts})
        for id in ids:
            self.media[id] |= {"ts": ts, "channel": channel, "left": self.works_for}
        return {"files": [{"id": id} for id in ids]}

    def _file(self, wish: dict[str, Any]) -> dict[str, Any]:
        file = self.media[wish["file"]]
        late, file["left"] = file["left"] > 0, max(file["left"] - 1, 0)
        kind = "private" if CHANNELS[file.get("channel", "C0DEMO")][1] else "public"
        shares = {kind: {file["channel"]: [{"ts": file["ts"]}]}} if file["ts"] and not late else {}
        return {"file": {"id": wish["file"], "shares": shares}}

    async def hook(self, request: Request) -> Response:
        """A message by webhook: the answer is a word, never an id."""
        if self.dead:
            return PlainTextResponse("no_service", 404)
        wish = await request.json()
        try:
            self._make("C0DEMO", wish.get("text", ""), wish, {})
        except Refusal as refused:
            return PlainTextResponse(refused.body["error"], 400)
        return PlainTextResponse("ok")

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        ts = request.path_params["ts"]
        post = self.posts.get(f"{ts[:-6]}.{ts[-6:]}")
        said = html.escape(post["text"]) if post else "No such message"
        return HTMLResponse(f"<title>Slack simulator</title><h1>Harbour</h1><p>{said}</p>", 200 if post else 404)


def _linked(text: str) -> str:
    """Addresses as Slack keeps them."""
    return re.sub(r"https?://[^\s<>|]*[^\s<>|.,]", lambda link: f"<{link[0]}>", text)


def simulator(url: str) -> Simulator:
    """A fresh Slack at this address."""
    return SlackNetwork(url)
