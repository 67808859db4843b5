"""Tumblr in a box: blogs, drafts that become posts of another id, films that are worked on.

https://www.tumblr.com/docs/en/api/v2. Switches: `works_for` (times a film has no address yet), `lag` (younger posts are
not listed), `busy_for` (films that are told to come back), `full` (the blog has posted enough today).
"""

import html
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, App, Outgoing, Profile
from tidings.simulators import _face
from tidings.simulators._tumblrnumbers import answer, refusal
from tidings.simulators._tumblrremarks import Activity
from tidings.simulators.base import Simulator

CLIENT, SECRET = "tumblr-key", "tumblr-secret"
FIELDS = {
    "content", "layout", "state", "publish_on", "date", "tags", "source_url", "slug", "interactability_reblog",
    "parent_tumblelog_uuid", "parent_post_id", "reblog_key",
}


class TumblrNetwork(Activity):
    """Blogs and their posts."""

    name = "tumblr"
    moods = {"that lists late": {"lag": timedelta(minutes=2), "works_for": 3}}
    works_for = 1
    busy_for = 0
    lag = timedelta(0)
    full = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.drafts: dict[str, dict[str, Any]] = {}
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.needs_pkce, self.oauth.gives_refresh = False, True
        self.oauth.access_lives = timedelta(seconds=2520)

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"page": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth2/authorize", "/v2/oauth2/token"),
            Route("/v2/user/info", self.info),
            Route("/v2/blog/{name}/avatar/{size}", _face.answer),
            Route("/v2/blog/{blog}/posts", self.write, methods=["POST"]),
            Route("/v2/blog/{blog}/posts", self.listed),
            Route("/v2/blog/{blog}/posts/{id}", self.change, methods=["PUT"]),
            Route("/v2/blog/{blog}/posts/{id}", self.one),
            Route("/v2/blog/{blog}/notes", self.notes),
            Route("/v2/blog/{blog}/notifications", self.activity),
            Route("/v2/blog/{blog}/post/delete", self.delete, methods=["POST"]),
            Route("/{blog}/post/{id}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this person's first blog, which may be named as well."""
        account = account.removeprefix("t:")
        token = self.oauth.grant(account)
        profile = Profile(f"t:{account}", f"@{account}", account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"access_token": token.access, "refresh_token": token.refresh}, {}, App(CLIENT, SECRET))

    def refused(self) -> Outgoing:
        """More than a megabyte."""
        return Outgoing("x" * 1_000_001)

    async def write(self, request: Request) -> Response:
        """A new post with its media, as a draft or at once."""
        blog, form = self.blog(request), await request.form()
        wish = json.loads(str(form["json"]))
        self._check(wish)
        content, id = [self._kept(block, form) for block in wish["content"]], self.new_id()
        told = {"id": id, "blog": blog, "left": self.works_for, "at": clock.now()}
        self.drafts[id] = {**wish, "content": content, **told}
        if wish.get("state") != "draft":
            self._publish(self.drafts.pop(id), id)
        return answer({"id": id}, 201)

    def _check(self, wish: Mapping[str, Any]) -> None:
        content = wish.get("content")
        if not isinstance(content, list) or not content or set(wish) - FIELDS:
            raise refusal(400, "'content' must be an array", 8001)
        kinds = [block["type"] for block in content]
        longest = max(len(block.get(field, "")) for block in content for field in ("text", "alt_text"))
        if longest > 4096 or len(content) > 1000:
            raise refusal(400, "a text has at most 4096 characters", 8001)
        if len(json.dumps(content)) > 1_000_000:
            raise refusal(400, "the post is larger than 1 MB", 8001)
        if kinds.count("image") > 30 or kinds.count("video") > 1 or kinds.count("link") > 10:
            raise refusal(400, "too many blocks of one type", 8001)
        if sum(len(block.get("formatting", ())) for block in content) > 100:
            raise refusal(400, "at most 100 links", 8001)
        if "parent_post_id" in wish:
            self._check_parent(wish, kinds)

    def _check_parent(self, wish: Mapping[str, Any], kinds: list[str]) -> None:
        parent = self.posts.get(str(wish["parent_post_id"]), {})
        if (parent.get("blog"), parent.get("reblog_key")) != (wish["parent_tumblelog_uuid"], wish["reblog_key"]):
            raise refusal(400, "the parent post cannot be found", 8002)
        if "video" in kinds:
            raise refusal(403, "no video in a reblog", 8008)

    def _kept(self, block: dict[str, Any], form: Any) -> dict[str, Any]:
        """A block as it is stored: what came along in this request has an address from now on."""
        if block["type"] not in ("image", "video"):
            return block
        one = block["media"][0] if block["type"] == "image" else block["media"]
        if one.get("identifier") not in form:
            raise refusal(400, "the media data is missing", 8005)
        if block["type"] == "video" and self.busy_for > 0:
            self.busy_for -= 1
            raise refusal(403, "There is a video still transcoding", 8010)
        id = self.new_id()
        self.media[id] = {"type": one["type"], "size": form[one["identifier"]].size}
        media = {"type": one["type"], "url": f"{self.url}/media/{id}", "width": one["width"], "height": one["height"]}
        return {**block, "media": [media] if block["type"] == "image" else media}

    def _publish(self, draft: dict[str, Any], id: str) -> None:
        made = {**draft, "id": id, "genesis_post_id": draft["id"], "reblog_key": f"key{id[-6:]}", "at": clock.now()}
        page = f"{self.url}/{draft['blog'][2:]}/post/{id}"
        self.posts[id] = {**made, "state": "published", "post_url": page, "timestamp": int(clock.now().timestamp())}

    def _find(self, request: Request) -> dict[str, Any]:
        blog, id = self.blog(request), request.path_params["id"]
        post = self.drafts.get(id) or self.posts.get(id)
        if post is None or post["blog"] != blog:
            raise refusal(404, "Not Found")
        return post

    async def change(self, request: Request) -> Response:
        """Other content for a post; a draft that is published is a post of another id from then on."""
        post, wish = self._find(request), await request.json()
        self._check(wish)
        if "'identifier'" in str(wish["content"]):
            raise refusal(400, "the media data is missing", 8005)
        if self.full:
            raise refusal(403, "The blog's daily posting limit has been reached", 8023)
        post |= wish
        if post["id"] in self.drafts and wish.get("state") == "published":
            self._publish(self.drafts.pop(post["id"]), self.new_id())
        return answer({"id": post["id"]})

    async def one(self, request: Request) -> Response:
        """A post or a draft; a film has no address while it is worked on."""
        post = self._find(request)
        post["left"] -= 1
        return answer(_shown(post, hides=post["left"] >= 0))

    async def listed(self, request: Request) -> Response:
        """What is published on a blog, the latest first."""
        blog, until = self.blog(request), clock.now() - self.lag
        own = [post for post in self.posts.values() if post["blog"] == blog and post["at"] <= until]
        at = int(request.query_params.get("offset", 0))
        latest = sorted(own, key=lambda post: -int(post["id"]))[at:at + 20]
        return answer({"blog": {"uuid": blog}, "posts": [_shown(post) for post in latest], "total_posts": len(own)})

    async def delete(self, request: Request) -> Response:
        """Take a post back."""
        self.blog(request)
        if self.posts.pop(str((await request.form())["id"]), None) is None:
            raise refusal(404, "Not Found")
        return answer({})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        said = " ".join(block.get("text", "") for block in post["content"]) if post else "There is nothing here."
        return HTMLResponse(f"<title>Tumblr simulator</title><p>{html.escape(said)}</p>", 200 if post else 404)


def _shown(post: Mapping[str, Any], hides: bool = False) -> dict[str, Any]:
    content = [{**block, "media": {}} if hides and block["type"] == "video" else block for block in post["content"]]
    told = {name: value for name, value in post.items() if name not in ("at", "left", "blog")}
    return {**told, "content": content, "tumblelog_uuid": post["blog"], "id_string": post["id"]}


def simulator(url: str) -> Simulator:
    """A fresh Tumblr at this address."""
    return TumblrNetwork(url)
