"""Whop in a box: forums, https://docs.whop.com/

Switches: `keeps_keys` (a key gives the first answer again for a day), `works_for` (times a file answers "pending"),
`breaks` (that many files fail), `lag` (posts younger than this are not listed), `shows_views`.
"""

import html
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, App, Outgoing, Profile
from tidings.simulators.base import Refusal, Remark, Simulator

CLIENT = "whop-app"
FORUMS = {"exp_1": "Announcements", "exp_2": "Members"}
KEYS = {"experience_id", "content", "title", "attachments", "pinned", "is_mention", "paywall_amount",
        "paywall_currency", "parent_id"}


def wrong(status: int, kind: str, message: str) -> Refusal:
    """An error as Whop words it."""
    return Refusal(status, {"error": {"type": kind, "message": message}})


class WhopNetwork(Simulator):
    """Files, posts and comments."""

    name = "whop"
    chosen = {"experience": "exp_1"}
    moods = {"that keeps keys": {"keeps_keys": True}, "that lags": {"lag": timedelta(minutes=3)}}
    keeps_keys = False
    works_for = 0
    breaks = 0
    lag = timedelta(0)
    shows_views = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = ""
        self.oauth.gives_refresh, self.oauth.access_lives = True, timedelta(hours=1)
        self.keys: dict[str, dict[str, Any]] = {}

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"api": self.url, "page": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth/authorize", "/oauth/token"),
            Route("/oauth/userinfo", self.me),
            Route("/api/v1/companies", self.companies),
            Route("/api/v1/forums", self.forums),
            Route("/api/v1/files", self.announce, methods=["POST"]),
            Route("/api/v1/files/{id}", self.file),
            Route("/upload/{id}", self.take, methods=["PUT"]),
            Route("/api/v1/forum_posts", self.post, methods=["POST"]),
            Route("/api/v1/forum_posts", self.listed),
            Route("/api/v1/forum_posts/{id}", self.one),
            Route("/api/v1/forum_posts/{id}", self.change, methods=["PATCH"]),
            Route("/experiences/{forum}/{id}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this person."""
        token = self.oauth.grant(account)
        profile = Profile(account, account, account.title(), "", f"{self.url}/@{account}")
        return Access(profile, {"access_token": token.access, "refresh_token": token.refresh}, {}, App(CLIENT))

    def refused(self) -> Outgoing:
        """A forum that does not exist."""
        return Outgoing("Hello", options={"experience": "exp_9"})

    async def me(self, request: Request) -> Response:
        """Whose token it is."""
        name = self.oauth.account_of(request)
        return JSONResponse({"sub": name, "preferred_username": name, "name": name.title()})

    async def companies(self, request: Request) -> Response:
        """The one company."""
        members = self.crowd(self.oauth.account_of(request), "member_count")
        return JSONResponse({"data": [{"id": "biz_1", "title": "Harbour Bakery", "member_count": members}]})

    async def forums(self, request: Request) -> Response:
        """Its forums."""
        self.oauth.account_of(request)
        found = [{"experience": {"id": id, "name": name}} for id, name in FORUMS.items()]
        return JSONResponse({"data": found if request.query_params["company_id"] == "biz_1" else []})

    async def announce(self, request: Request) -> Response:
        """Where to send a file."""
        self.oauth.account_of(request)
        id = f"file_{self.new_id()}"
        self.media[id] = {"name": (await request.json())["filename"], "size": 0, "left": self.works_for}
        told = {"id": id, "upload_url": f"{self.url}/upload/{id}", "upload_headers": {"x-upload": id}}
        return JSONResponse({**told, "upload_status": "pending"})

    async def take(self, request: Request) -> Response:
        """The bytes, with the headers that were told and without our token."""
        id = request.path_params["id"]
        if request.headers.get("x-upload") != id or request.headers.get("authorization"):
            raise wrong(403, "forbidden", "These are not the upload headers")
        self.media[id]["size"] = len(await request.body())
        return Response()

    async def file(self, request: Request) -> Response:
        """How far Whop is with a file."""
        self.oauth.account_of(request)
        media = self.media[request.path_params["id"]]
        if self.breaks > 0:
            self.breaks -= 1
            return JSONResponse({"upload_status": "failed"})
        media["left"] -= 1
        return JSONResponse({"upload_status": "ready" if media["size"] and media["left"] < 0 else "pending"})

    async def post(self, request: Request) -> Response:
        """A post, or a comment under one."""
        name, wish = self.oauth.account_of(request), await request.json()
        key = request.headers.get("idempotency-key", "")
        if self.keeps_keys and key in self.keys:
            return JSONResponse(self._told(self.keys[key]), headers={"Idempotent-Replayed": "true"})
        self._look(wish)
        id = f"post_{self.new_id()}"
        self.posts[id] = {"id": id, "account": name, "at": clock.now(), "wish": wish}
        self.keys[key] = self.posts[id]
        return JSONResponse(self._told(self.posts[id]))

    def _look(self, wish: dict[str, Any]) -> None:
        if unknown := set(wish) - KEYS:
            raise wrong(400, "bad_request", f"{min(unknown)} is not a parameter")
        if wish.get("experience_id") not in FORUMS:
            raise wrong(404, "not_found", "This experience was not found")
        if wish.get("parent_id") not in (None, *self.posts, *self.remarks):
            raise wrong(404, "not_found", "The parent post was not found")
        if not wish.get("content") and not wish.get("attachments"):
            raise wrong(422, "invalid", "content can't be blank")
        if len(wish.get("content", "")) > 50_000 or wish.get("paywall_amount", 0) > 10_000:
            raise wrong(422, "invalid", "content or paywall_amount is too large")
        if any(not self.media.get(one["id"], {}).get("size") for one in wish.get("attachments", [])):
            raise wrong(422, "invalid", "attachments are not ready")

    def _told(self, post: dict[str, Any]) -> dict[str, Any]:
        at, name = post["at"].isoformat(), post["account"]
        who = {"id": name, "username": name, "name": name.title()}
        return {"id": post["id"], "content": post["wish"].get("content", ""), "user": who, "created_at": at}

    def remark_id(self, on: str) -> str:
        """That of a post, for comments are posts."""
        return f"post_{self.new_id()}"

    def _remark(self, one: Remark) -> dict[str, Any]:
        forum = self.posts[one.on]["wish"]["experience_id"]
        wish = {"experience_id": forum, "content": one.text, "parent_id": one.reply_to or one.on}
        return {"id": one.id, "account": one.author, "at": one.at, "wish": wish}

    async def listed(self, request: Request) -> Response:
        """What is in a forum, or under a post, the latest first."""
        self.oauth.account_of(request)
        asked, until = request.query_params, clock.now() - self.lag
        said = [*self.posts.values(), *(self._remark(one) for one in self.remarks.values() if one.on in self.posts)]
        parents = [p["wish"].get("parent_id") for p in said]
        there = [
            p for p in said
            if p["wish"]["experience_id"] == asked["experience_id"] and p["at"] <= until
            and p["wish"].get("parent_id") == asked.get("parent_id")
        ]
        there.sort(key=lambda p: p["at"], reverse=True)
        told = [{**self._told(p), "comment_count": parents.count(p["id"])} for p in there]
        most = int(asked.get("first", 25))
        return JSONResponse({"data": told[:most], "page_info": {"has_next_page": len(told) > most}})

    async def one(self, request: Request) -> Response:
        """One post, with what is counted of it."""
        self.oauth.account_of(request)
        id = request.path_params["id"]
        if id not in self.posts:
            raise wrong(404, "not_found", "This forum post was not found")
        views = self.grown(id, "view_count") if self.shows_views else None
        counts = {name: self.grown(id, name) for name in ("like_count", "comment_count")}
        return JSONResponse({**self._told(self.posts[id]), "view_count": views, **counts})

    async def change(self, request: Request) -> Response:
        """Other words."""
        self.oauth.account_of(request)
        post = self.posts[request.path_params["id"]]
        post["wish"] = {**post["wish"], "content": (await request.json())["content"]}
        return JSONResponse(self._told(post))

    async def page(self, request: Request) -> Response:
        """What a member sees."""
        post = self.posts.get(request.path_params["id"])
        if post is None:
            return HTMLResponse("<h1>Nothing here</h1>", 404)
        return HTMLResponse(f"<title>Whop simulator</title><p>{html.escape(post['wish'].get('content', ''))}</p>")


def simulator(url: str) -> Simulator:
    """A fresh Whop at this address."""
    return WhopNetwork(url)
