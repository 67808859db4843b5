"""Moltbook in a box, as its guide describes it: https://www.moltbook.com/skill.md

Switches: `asks` (looks at a post until its agent has answered the question; -1: it never does), `apart` (between two
posts), `claimed`, `counts` (what it says of a post).
"""

import html
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Profile
from tidings.simulators._moltbookremarks import MoltbookRemarks
from tidings.simulators.base import Refusal, Simulator

SUBMOLTS = {"general": "General", "bread": "Bread"}
QUESTION = {"verification_code": "moltbook_verify_1", "challenge_text": "A lO]bStEr hAs tw^eLvE sHeLlS"}
OPEN = timedelta(minutes=5)


def wrong(status: int, error: str, **more: Any) -> Refusal:
    """An error as Moltbook words it."""
    return Refusal(status, {"success": False, "error": error, "hint": "See skill.md", **more})


class MoltbookNetwork(MoltbookRemarks):
    """Posts, comments, a question before each is shown."""

    name = "moltbook"
    chosen = {"title": "Good morning"}
    moods = {"that asks a question": {"asks": 2}}
    asks = 0
    apart = timedelta(0)
    claimed = True
    counts = ("upvotes", "downvotes", "comment_count")

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.left: dict[str, int] = {}  # looks until the question about it is answered

    def hosts(self) -> dict[str, str]:
        """The one host."""
        return {"api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        at = "/api/v1"
        return [
            Route(f"{at}/agents/status", self.status),
            Route(f"{at}/agents/me", self.me),
            Route(f"{at}/agents/profile", self.profile),
            Route(f"{at}/submolts", self.submolts),
            Route(f"{at}/posts", self.post, methods=["POST"]),
            Route(f"{at}/posts/{{id}}", self.one),
            Route(f"{at}/posts/{{id}}", self.delete, methods=["DELETE"]),
            Route(f"{at}/posts/{{id}}/comments", self.comment, methods=["POST"]),
            Route(f"{at}/posts/{{id}}/comments", self.comments),
            Route("/post/{id}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The key of an agent."""
        return {"key": self.oauth.grant().access}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this agent."""
        profile = Profile(account, account, account, "", f"{self.url}/u/{account}")
        return Access(profile, {"access_token": self.oauth.grant(account).access})

    def _who(self, request: Request) -> str:
        try:
            name = self.oauth.account_of(request)
        except Refusal:
            raise wrong(401, "Invalid API key") from None
        if not self.claimed and request.method != "GET":
            raise wrong(403, "Your agent must be claimed first")
        return name

    async def status(self, request: Request) -> Response:
        """Whether a person answers for this agent."""
        self._who(request)
        return JSONResponse({"success": True, "status": "claimed" if self.claimed else "pending_claim"})

    async def me(self, request: Request) -> Response:
        """Which agent it is."""
        name = self._who(request)
        return JSONResponse({"success": True, "agent": {"id": name, "name": name, "description": "Bakes"}})

    async def profile(self, request: Request) -> Response:
        """An agent's latest posts."""
        self._who(request)
        name = request.query_params["name"]
        own = [p for p in reversed(self.posts.values()) if p["author"]["name"] == name and not p["post"]]
        agent = {"name": name, **{theirs: self.crowd(name, theirs) for theirs in ("karma", "follower_count")}}
        return JSONResponse({"success": True, "agent": agent, "recentPosts": own[:20]})

    async def submolts(self, request: Request) -> Response:
        """Communities."""
        self._who(request)
        listed = [{"name": name, "display_name": label} for name, label in SUBMOLTS.items()]
        return JSONResponse({"success": True, "submolts": listed})

    def _keep(self, name: str, post: str, **more: Any) -> dict[str, Any]:
        id = self.new_id()
        asked = {"verification_status": "pending", "verification": QUESTION} if self.asks else {}
        told = {"id": id, "author": {"name": name}, "post": post, "created_at": clock.now().isoformat()}
        self.posts[id], self.left[id] = {**told, **more, **asked}, self.asks
        return self.posts[id]

    async def post(self, request: Request) -> Response:
        """A post; it may have to wait."""
        name, wish = self._who(request), await request.json()
        if not wish.get("title") or len(wish["title"]) > 300 or len(wish.get("content", "")) > 40_000:
            raise wrong(400, "title or content is not valid")
        if wish.get("submolt_name", wish.get("submolt")) not in SUBMOLTS:
            raise wrong(404, "Submolt not found")
        own = [clock.from_iso(p["created_at"]) for p in self.posts.values() if p["author"]["name"] == name]
        if own and max(own) + self.apart > clock.now():
            raise wrong(429, "You can only post once every 30 minutes", retry_after_minutes=12)
        made = self._keep(name, "", title=wish["title"], content=wish.get("content", ""), wish=wish)
        return JSONResponse({"success": True, "post": made}, 201)

    async def comment(self, request: Request) -> Response:
        """A comment; it may have to wait, too."""
        name, wish, post = self._who(request), await request.json(), request.path_params["id"]
        if post not in self.posts:
            raise wrong(404, "Post not found")
        if wish.get("parent_id") not in (None, *self.posts, *self.remarks):
            raise wrong(404, "Parent comment not found")
        made = self._keep(name, post, content=wish["content"], parent_id=wish.get("parent_id"))
        return JSONResponse({"success": True, "comment": made}, 201)

    def look(self, made: dict[str, Any]) -> dict[str, Any]:
        """Each look brings the agent nearer to its answer."""
        left = self.left[made["id"]]
        self.left[made["id"]] = max(left - 1, 0) if left >= 0 else left
        if made.get("verification_status") == "pending" and left == 0:
            made["verification_status"] = "verified"
        if made.get("verification_status") == "pending" and clock.from_iso(made["created_at"]) + OPEN < clock.now():
            made["verification_status"] = "failed"
        counted = ("upvotes", "downvotes") if made["post"] else ("upvotes", "downvotes", "comment_count")
        shown = {name: value for name, value in made.items() if name != "verification"}
        return shown | {name: self.grown(made["id"], name) for name in counted if name in self.counts}

    def _found(self, request: Request) -> dict[str, Any]:
        self._who(request)
        found = self.posts.get(request.path_params["id"])
        if found is None:
            raise wrong(404, "Post not found")
        return found

    async def one(self, request: Request) -> Response:
        """A post."""
        return JSONResponse({"success": True, "post": self.look(self._found(request))})

    async def comments(self, request: Request) -> Response:
        """What is said under a post, the latest first."""
        said = self.tree(self._found(request)["id"])
        first = said[:min(int(request.query_params.get("limit", 35)), 100)]
        return JSONResponse({"success": True, "comments": first, "has_more": len(first) < len(said)})

    async def delete(self, request: Request) -> Response:
        """Take a post away."""
        del self.posts[self._found(request)["id"]]
        return JSONResponse({"success": True})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        if post is None or post.get("verification_status") in ("pending", "failed"):
            return HTMLResponse("<h1>404</h1>", 404)
        said = html.escape(post["content"])
        return HTMLResponse(f"<title>Moltbook simulator</title><h1>{html.escape(post['title'])}</h1><pre>{said}</pre>")


def simulator(url: str) -> Simulator:
    """A fresh Moltbook at this address."""
    return MoltbookNetwork(url)
