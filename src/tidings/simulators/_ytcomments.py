"""Comments under YouTube's films, in a box: https://developers.google.com/youtube/v3/docs/commentThreads"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators import _youtube
from tidings.simulators.base import Simulator


class Comments(Simulator):
    """Among the posts; those younger than `lag` are not listed."""

    lag = timedelta(0)

    def who(self, request: Request) -> str:
        """Whose token it is."""
        raise NotImplementedError

    def comment_routes(self, at: str) -> list[Route]:
        """Where they are."""
        return [
            Route(f"{at}/commentThreads", self.threads, methods=["GET", "POST"]),
            Route(f"{at}/comments", self.comment, methods=["GET", "PUT", "DELETE"]),
        ]

    async def threads(self, request: Request) -> Response:
        """Comments under a film, the latest first; a new one."""
        name, until = self.who(request), clock.now() - self.lag
        if request.method == "GET":
            film = request.query_params["videoId"]
            under = [post for post in self.posts.values() if post.get("film") == film and post["at"] <= until]
            return JSONResponse(_youtube.listed("commentThread", [_thread(post) for post in reversed(under)]))
        wish = (await request.json())["snippet"]
        said, id = wish["topLevelComment"]["snippet"]["textOriginal"], f"c{self.new_id()}"
        if wish["videoId"] not in self.posts:
            raise _youtube.missing("video")
        if not said.strip() or len(said) > 10_000:
            raise _youtube.invalid("commentTextTooLong" if said.strip() else "commentTextRequired", "Invalid comment.")
        self.posts[id] = {"id": id, "account": name, "film": wish["videoId"], "said": said, "at": clock.now()}
        return JSONResponse(_thread(self.posts[id]))

    async def comment(self, request: Request) -> Response:
        """A comment: looked at, changed, taken back."""
        name = self.who(request)
        wish: Any = await request.json() if request.method == "PUT" else {"id": request.query_params.get("id", "")}
        found = self.posts.get(wish["id"])
        if request.method == "GET":
            asked = [self.posts[id] for id in wish["id"].split(",") if id in self.posts]
            return JSONResponse(_youtube.listed("comment", [self._counted(post) for post in asked]))
        if not found or found["account"] != name:
            raise _youtube.missing("comment")
        if request.method == "DELETE":
            del self.posts[wish["id"]]
            return Response(status_code=204)
        found["said"] = wish["snippet"]["textOriginal"]
        return JSONResponse({"id": found["id"]})

    def _counted(self, post: dict[str, Any]) -> dict[str, Any]:
        said = {"textOriginal": post["said"], "likeCount": self.grown(post["id"], "snippet.likeCount")}
        return {"id": post["id"], "snippet": said}


def _thread(post: dict[str, Any]) -> dict[str, Any]:
    said = {"textOriginal": post["said"], "authorChannelId": {"value": post["account"]}}
    return {"id": post["id"], "snippet": {"videoId": post["film"], "topLevelComment": {"snippet": said}}}
