"""A Forem site in a box: https://developers.forem.com/api/v1

Switches: `holds` (a publishing is answered 200 and not done), `tells_followers` (sites of before 2023 do not),
`page_max` (articles that a list holds at most), `hidden` (ids of comments that the writer hid). A title may not be used
twice in five minutes; a block of settings at the head of the text wins over the fields.
"""

import html
import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Outgoing, Profile
from tidings.simulators import _face
from tidings.simulators.base import Refusal, Remark, Simulator

FIELDS = {"title", "body_markdown", "published", "series", "main_image", "canonical_url", "description", "tags",
          "organization_id"}
TWICE = "Title has already been used in the last five minutes"


def wrong(status: int, message: str) -> Refusal:
    """An error as Forem words it."""
    return Refusal(status, {"error": message, "status": status})


class ForemSite(Simulator):
    """Articles by key."""

    name = "devto"
    chosen = {"title": "Good morning"}
    holds = False
    tells_followers = True
    page_max = 1000

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.keys = {"key-of-demo": "demo", "key-of-other": "other"}
        self.hidden: set[str] = set()
        self.articles: dict[str, dict[str, Any]] = {}  # drafts among them; `posts` are those that can be read

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            Route("/api/tags", self.tags),
            Route("/api/users/me", self.me),
            Route("/api/articles", self.create, methods=["POST"]),
            Route("/api/articles/me/unpublished", self.drafts),
            Route("/api/articles/me/published", self.published),
            Route("/api/articles/{id}", self.update, methods=["PUT"]),
            Route("/api/comments", self.comments),
            Route("/faces/{name}.png", _face.answer),
            Route("/{name}/{slug}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The site and a key."""
        return {"server": self.url, "key": "key-of-demo"}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this writer."""
        profile = Profile(account, f"{account}@dev.sim", account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"key": f"key-of-{account}"}, {"url": self.url})

    def lock_out(self) -> None:
        """Every key is deleted."""
        self.keys.clear()

    def refused(self) -> Outgoing:
        """Five tags."""
        return Outgoing("Hello", options={**self.chosen, "tags": ["a", "b", "c", "d", "e"]})

    def _who(self, request: Request) -> str:
        if request.headers.get("accept") != "application/vnd.forem.api-v1+json":
            raise wrong(406, "not acceptable")
        if name := self.keys.get(request.headers.get("api-key", "")):
            return name
        raise wrong(401, "unauthorized")

    async def tags(self, request: Request) -> Response:
        """Anybody may ask."""
        return JSONResponse([{"id": 1, "name": "bread"}])

    async def me(self, request: Request) -> Response:
        """Whose key it is."""
        name = self._who(request)
        face = f"{self.url}/faces/{name}.png"
        told = {"id": len(name), "username": name, "name": name.title(), "profile_image": face}
        crowd = {"followers_count": self.crowd(name, "followers_count")} if self.tells_followers else {}
        return JSONResponse({**told, **crowd})

    async def create(self, request: Request) -> Response:
        """A draft, or an article at once."""
        name, wish = self._who(request), (await request.json())["article"]
        now = clock.now()
        same = [a for a in self.articles.values() if a["name"] == name and a["title"] == wish.get("title")]
        if any(timedelta(0) <= now - a["at"] < timedelta(minutes=5) for a in same[-1:]):
            raise wrong(422, TWICE)
        await self._look(wish)
        id = str(len(self.articles) + 501)
        self.articles[id] = {"id": int(id), "name": name, "at": clock.now(), "published": False}
        return JSONResponse(self._take(self.articles[id], wish), 201)

    async def _look(self, wish: dict[str, Any]) -> None:
        """What Forem refuses, and the pictures it fetches."""
        tags = [tag.strip() for tag in wish.get("tags", "").split(",") if tag.strip()]
        if unknown := set(wish) - FIELDS:
            raise wrong(422, f"found unpermitted parameter: {min(unknown)}")
        if not wish.get("title") or len(wish["title"]) > 128:
            raise wrong(422, "Title can't be blank and is too long above 128 characters")
        if len(tags) > 4 or any(not tag.isalnum() or len(tag) > 30 for tag in tags):
            raise wrong(422, "Tags: at most 4, of 30 letters and digits")
        if len(wish.get("body_markdown", "").encode()) > 800_000:
            raise wrong(422, "Body markdown is too long")
        taken = {article.get("canonical_url") for article in self.articles.values()} - {None}
        if wish.get("canonical_url") in taken:
            raise wrong(422, "Canonical url has already been taken")
        shown = re.findall(r"!\[[^\]]*\]\((\S+?)\)", wish.get("body_markdown", ""))
        for link in filter(None, [wish.get("main_image"), *shown]):
            await self._fetched(link)

    async def _fetched(self, link: str) -> None:
        try:
            self.media[self.new_id()] = {"link": link, "size": len(await self.fetch(link))}
        except OSError:
            raise wrong(422, "Main image could not be fetched") from None

    def _take(self, article: dict[str, Any], wish: dict[str, Any]) -> dict[str, Any]:
        article.update(wish)
        if article.get("body_markdown", "").startswith("---"):
            article["title"] = "What the settings in the text say"
        article["published"] = bool(article["published"]) and not self.holds
        article["url"] = f"{self.url}/{article['name']}/article-{article['id']}"
        self.posts.pop(str(article["id"]), None)
        if article["published"]:
            self.posts[str(article["id"])] = article
        shown = {name: article.get(name) for name in ("id", "title", "url", "body_markdown")}
        return {**shown, "published_at": article["at"].isoformat() if article["published"] else None}

    async def drafts(self, request: Request) -> Response:
        """What this writer has not published yet."""
        name = self._who(request)
        own = [a for a in self.articles.values() if a["name"] == name and not a["published"]]
        return JSONResponse([{k: a.get(k) for k in ("id", "title", "body_markdown")} for a in own])

    async def published(self, request: Request) -> Response:
        """What is out, the newest first, a page of it; how often it was read is told here only."""
        name, asked = self._who(request), request.query_params
        most, page = min(int(asked.get("per_page", "30")), self.page_max), int(asked.get("page", "1"))
        own = sorted((p for p in self.posts.values() if p["name"] == name), key=lambda p: p["at"], reverse=True)
        return JSONResponse([self._counted(post) for post in own[(page - 1) * most : page * most]])

    def _counted(self, post: dict[str, Any]) -> dict[str, Any]:
        names = ("page_views_count", "public_reactions_count", "comments_count")
        counts = {name: self.grown(str(post["id"]), name) for name in names}
        return {**{name: post.get(name) for name in ("id", "title", "url", "body_markdown")}, **counts}

    async def update(self, request: Request) -> Response:
        """Change an article; publishing is a change as well."""
        name, article = self._who(request), self.articles.get(request.path_params["id"])
        if article is None or article["name"] != name:
            raise wrong(404, "not found")
        return JSONResponse(self._take(article, (await request.json())["article"]))

    async def comments(self, request: Request) -> Response:
        """Those under an article, as threads."""
        self._who(request)
        id = request.query_params.get("a_id", "")
        if id not in self.posts:
            raise wrong(404, "not found")
        return JSONResponse(self._below(id, ("", id)))

    def _below(self, post: str, above: tuple[str, ...]) -> list[dict[str, Any]]:
        return [
            self._said(one) | {"id_code": one.id, "children": self._below(post, (one.id,))}
            for one in self.remarks.under(post) if one.reply_to in above
        ]

    def _said(self, one: Remark) -> dict[str, Any]:
        told = {"type_of": "comment", "created_at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}"}
        if one.id in self.hidden:
            return {**told, "body_html": "<p>[hidden by post author]</p>", "user": {}}
        who = {"name": one.author.title(), "username": one.author, "user_id": 7}
        return {**told, "body_html": f"<p>{html.escape(one.text)}</p>\n\n", "user": who}

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["slug"].removeprefix("article-"))
        if post is None:
            return HTMLResponse("<h1>This page does not exist</h1>", 404)
        title, said = html.escape(post["title"]), html.escape(post["body_markdown"])
        return HTMLResponse(f"<title>{title}</title><pre>{said}</pre>")


def simulator(url: str) -> Simulator:
    """A fresh site at this address."""
    return ForemSite(url)
