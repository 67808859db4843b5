"""The articles of a WordPress site: drafts and public ones, their names, the bin."""

import html
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators._refusal import Refusal
from tidings.simulators.base import Simulator

STATUSES = {"publish", "future", "draft", "pending", "private"}


def wrong(status: int, code: str, message: str, **data: Any) -> Refusal:
    """An error as WordPress words it."""
    return Refusal(status, {"code": code, "message": message, "data": {"status": status, **data}})


class Articles(Simulator):
    """Kept in `articles`; `posts` are those of them that can be read."""

    moderated = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.articles: dict[str, dict[str, Any]] = {}

    def listed(self, request: Request) -> Response:
        """Articles in some states, or of one name."""
        asked = request.query_params.get("status", "publish")
        wanted = STATUSES if asked == "any" else {asked}
        slug = request.query_params.get("slug")
        own = [p for p in self.articles.values() if p["status"] in wanted and slug in (None, p["slug"])]
        return JSONResponse([self.shown(post) for post in own])

    async def create(self, request: Request, name: str, kind: str) -> Response:
        """A new article."""
        wish, id = await request.json(), str(len(self.articles) + 1001)
        if not wish.get("title") and not wish.get("content"):
            raise wrong(400, "empty_content", "Content, title, and excerpt are empty.")
        fresh = {"id": int(id), "author": name, "kind": kind, "at": clock.now(), "status": "draft", "slug": ""}
        self.articles[id] = fresh
        self._take(fresh, wish)
        return JSONResponse(self.shown(fresh), 201)

    async def update(self, request: Request, post: dict[str, Any]) -> Response:
        """Something else in it; as often as anybody likes."""
        self._take(post, await request.json())
        return JSONResponse(self.shown(post))

    def _take(self, post: dict[str, Any], wish: dict[str, Any]) -> None:
        if wish.get("status", "draft") not in STATUSES:
            raise wrong(400, "rest_invalid_param", "Invalid parameter(s): status")
        known = ("title", "content", "status", "excerpt", "featured_media", "categories", "tags", "sticky",
                 "comment_status")
        post.update({name: wish[name] for name in known if name in wish})
        if self.moderated and post["status"] == "publish":
            post["status"] = "pending"
        self._name(post, str(wish.get("slug", post["slug"])))
        self._put(post)

    def _name(self, post: dict[str, Any], wanted: str) -> None:
        """What is out has a name, made from the title if need be, or else the id; a draft may have none."""
        plain = "-".join(re.findall(r"\w+", wanted.lower()))
        if not plain and post["status"] in ("publish", "private"):
            plain = "-".join(re.findall(r"\w+", html.unescape(post.get("title", "")).lower())) or str(post["id"])
        post["slug"] = self._free(plain, post) if plain else ""

    def _put(self, post: dict[str, Any]) -> None:
        """Among what can be read, or not."""
        self.posts.pop(str(post["id"]), None)
        if post["status"] in ("publish", "private"):
            self.posts[str(post["id"])] = post

    def drop(self, id: str) -> None:
        """Somebody deletes it for good."""
        self.articles.pop(id, None)
        super().drop(id)

    def _free(self, slug: str, post: dict[str, Any]) -> str:
        taken = {other["slug"] for other in self.articles.values() if other is not post}
        return next(name for name in (slug, *(f"{slug}-{n}" for n in range(2, 999))) if name not in taken)

    def shown(self, post: dict[str, Any]) -> dict[str, Any]:
        """An article as it is told."""
        link = f"{self.url}/{post['slug']}/" if post["status"] == "publish" else f"{self.url}/?p={post['id']}"
        return {"id": post["id"], "status": post["status"], "slug": post["slug"], "link": link}

    def bin(self, post: dict[str, Any]) -> Response:
        """Into the bin; a second time is refused."""
        if post["status"] == "trash":
            raise wrong(410, "rest_already_trashed", "The post has already been deleted.")
        post["status"], post["slug"] = "trash", f"{post['slug']}__trashed"
        self._put(post)
        return JSONResponse(self.shown(post))
