"""Who speaks to Tumblr in a box, what its answers look like, and what it counts."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators.base import Refusal, Simulator


class TumblrNumbers(Simulator):
    """Blogs and the notes of their posts; simulators/tumblr.py has the rest."""

    def blog(self, request: Request) -> str:
        """Which blog is meant; a person has two, and no others."""
        person, blog = self.who(request), request.path_params["blog"]
        if blog.removesuffix("-two") != f"t:{person}":
            raise refusal(404, "Not Found")
        return str(blog)

    def who(self, request: Request) -> str:
        """Whose token it is, refusing as Tumblr does."""
        if not request.headers.get("user-agent"):
            raise refusal(400, "A User-Agent is required")
        try:
            return self.oauth.account_of(request)
        except Refusal as refused:
            raise refusal(401, "Unauthorized", 1016) from refused

    async def notes(self, request: Request) -> Response:
        """The latest notes of a post; how many there are of each kind in one mode only."""
        blog, asked = self.blog(request), request.query_params
        id, mode = asked["id"], asked.get("mode", "all")
        if self.posts.get(id, {}).get("blog") != blog:
            raise refusal(404, "Not Found")
        told = ("total_notes", "total_likes", "total_reblogs") if mode == "conversation" else ("total_notes",)
        latest = [{"type": "like", "blog_name": "reader", "timestamp": 1}]
        listed: dict[str, Any] = {"notes": [], "rollup_notes": latest} if mode == "conversation" else {"notes": latest}
        return answer(listed | {theirs: self.grown(id, theirs) for theirs in told})

    async def info(self, request: Request) -> Response:
        """The person's blogs, the first one not first."""
        name = self.who(request)
        told = [self._told(f"{name}-two", "Second"), {**self._told(name, name.title()), "primary": True}]
        return answer({"user": {"name": name, "blogs": told}})

    def _told(self, name: str, title: str) -> dict[str, Any]:
        uuid = f"t:{name}"
        followers = self.crowd(uuid, "followers")
        return {"name": name, "title": title, "url": f"{self.url}/{name}", "uuid": uuid, "followers": followers}


def answer(response: Any, status: int = 200) -> Response:
    """An answer in Tumblr's form."""
    return JSONResponse({"meta": {"status": status, "msg": "OK"}, "response": response}, status)


def refusal(status: int, title: str, code: int = 0) -> Refusal:
    """A refusal in Tumblr's form."""
    return Refusal(status, {"meta": {"status": status, "msg": title}, "errors": [{"title": title, "code": code}]})
