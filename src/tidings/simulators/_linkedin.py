"""LinkedIn in a box, for members and pages alike.

Switches: `remembers` (how long a post is refused as a duplicate), `works_for` (times a film answers PROCESSING),
`lag` (posts younger than this are not listed yet), `kills` (that many posts die after they were accepted).
"""

import html
import re
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators._linkedincomments import Comments
from tidings.simulators._linkedinmedia import problem

VERSIONS = {f"2026{month:02}" for month in range(1, 12)} | {"202512"}
ESCAPED = re.compile(r"\\.|\{hashtag\|\\#\|\w+\}|@\[(?:[^\]\\]|\\.)*\]\(urn:li:\w+:[\w-]+\)")
BARE = re.compile(r"[|{}@\[\]()<>#*_~]")


class LinkedInNetwork(Comments):
    """Posts and comments, their duplicates and their deaths."""

    remembers = timedelta(minutes=10)
    lag = timedelta(0)
    audiences = frozenset({"PUBLIC", "CONNECTIONS", "LOGGED_IN"})
    kills = 0
    per_day = 150

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"authorize": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth/v2/authorization", "/oauth/v2/accessToken", "/oauth/v2/revoke"),
            *self.media_routes(),
            Route("/rest/posts", self.post, methods=["POST"]),
            Route("/rest/posts", self.listed),
            Route("/rest/posts/{urn}", self.one),
            Route("/rest/posts/{urn}", self.update, methods=["POST"]),
            Route("/rest/posts/{urn}", self.delete, methods=["DELETE"]),
            *self.comment_routes(),
            Route("/feed/update/{urn}", self.page),
        ]

    def speaker(self, request: Request) -> str:
        """Whose token it is; refuses a call without the version it was written for."""
        name = self.oauth.account_of(request)
        version = request.headers.get("linkedin-version", "")
        if not version:
            raise problem(400, "VERSION_MISSING", "A version must be present. Please specify a version.")
        if version not in VERSIONS:
            raise problem(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
        return name

    def author_of(self, name: str) -> str:
        """Who posts with this token."""
        raise NotImplementedError

    def urn(self, kind: str) -> str:
        """A fresh URN; its number carries the time."""
        return f"urn:li:{kind}:{(int(clock.now().timestamp() * 1000) << 22) + len(self.posts) + len(self.media)}"

    async def post(self, request: Request) -> Response:
        """A post: looked at, then compared with what the author said before."""
        name, wish = self.speaker(request), await request.json()
        if wish.get("author") != self.author_of(name):
            raise problem(403, "ACCESS_DENIED", "Not enough permissions to access: posts.CREATE")
        self._check(wish)
        since = clock.now() - self.remembers
        twin = next((p for p in self.posts.values() if p["wish"] == wish and p["at"] > since), None)
        if twin:
            raise problem(422, "DUPLICATE_POST", f"Content is a duplicate of {twin['id']}")
        made = self.urn("share")
        state = "PUBLISH_FAILED" if self.kills > 0 else "PUBLISHED"
        self.kills = max(self.kills - 1, 0)
        self.posts[made] = {"id": made, "wish": wish, "at": clock.now(), "lifecycleState": state}
        return Response(status_code=201, headers={"x-restli-id": made})

    def _check(self, wish: dict[str, Any]) -> None:
        said, content = wish.get("commentary", ""), wish.get("content", {})
        if len(said) > 3000:
            raise problem(400, "FIELD_LENGTH_TOO_LONG", "commentary: is longer than 3000 characters")
        if BARE.search(ESCAPED.sub("", said)):
            raise problem(400, "INVALID_COMMENTARY", "commentary: reserved characters must be escaped")
        if wish.get("visibility") not in self.audiences or wish.get("lifecycleState") != "PUBLISHED":
            raise problem(422, "UNPROCESSABLE_ENTITY", "visibility or lifecycleState is not valid")
        self.usable(content)
        poll = content.get("poll")
        if poll and (not 2 <= len(poll["options"]) <= 4 or len(poll["question"]) > 140):
            raise problem(422, "UNPROCESSABLE_ENTITY", "poll: 2 to 4 options, a question of 140 characters")

    def _own(self, request: Request, name: str) -> list[dict[str, Any]]:
        own = [p for p in self.posts.values() if p["wish"].get("author") == self.author_of(name)]
        return sorted((p for p in own if p["at"] <= clock.now() - self.lag), key=lambda p: p["at"], reverse=True)

    async def listed(self, request: Request) -> Response:
        """An organization's own posts, the latest first. Members get none."""
        name = self.speaker(request)
        if not self.lists_own or request.headers.get("x-restli-method") != "FINDER":
            raise problem(403, "ACCESS_DENIED", "Not enough permissions to access: posts.FINDER-author")
        count = int(request.query_params["count"])
        return JSONResponse({"elements": [_shown(p) for p in self._own(request, name)[:count]]})

    def _post(self, request: Request) -> dict[str, Any]:
        name, post = self.speaker(request), self.posts.get(request.path_params["urn"])
        if post is None:
            raise problem(404, "NOT_FOUND", "Could not find entity")
        if post["wish"].get("author") not in (None, self.author_of(name)):
            raise problem(403, "ACCESS_DENIED", "Not enough permissions to access: posts")
        return post

    async def one(self, request: Request) -> Response:
        """One post, for those who may list theirs."""
        post = self._post(request)
        if not self.lists_own:
            raise problem(403, "ACCESS_DENIED", "Not enough permissions to access: posts.GET")
        return JSONResponse(_shown(post))

    async def update(self, request: Request) -> Response:
        """Another commentary."""
        post, patch = self._post(request), (await request.json())["patch"]["$set"]
        if request.headers.get("x-restli-method") != "PARTIAL_UPDATE":
            raise problem(400, "ILLEGAL_ARGUMENT", "X-RestLi-Method must be PARTIAL_UPDATE")
        post["wish"] = {**post["wish"], "commentary": patch["commentary"]}
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        """Take a post back; a second time is as good."""
        self.speaker(request)
        self.posts.pop(request.path_params["urn"], None)
        return Response(status_code=204)

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["urn"])
        if post is None:
            return HTMLResponse("<h1>This post cannot be displayed</h1>", 404)
        said = html.escape(post["wish"].get("commentary", ""))
        return HTMLResponse(f"<title>LinkedIn simulator</title><p>{said}</p>")


def _shown(post: dict[str, Any]) -> dict[str, Any]:
    at: datetime = post["at"]
    return {**post["wish"], "id": post["id"], "createdAt": int(at.timestamp() * 1000),
            "lifecycleState": post.get("lifecycleState", "PUBLISHED")}
