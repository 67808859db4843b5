"""What is out on a page, in a box: posts and stories, and the lists of them. Comments stand in _facebookremarks.

`lag`: what is younger than this is not listed.
"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators import _meta
from tidings.simulators._facebookmedia import FacebookMediaBox


class FacebookPosts(FacebookMediaBox):
    """Everything that people see."""

    lag = timedelta(0)

    def out(self, id: str, page: str, wish: dict[str, Any], **more: Any) -> None:
        """From now on people see it."""
        self.posts[id] = {"id": id, "account": page, "at": clock.now(), "wish": wish, **more}

    def story(self, page: str, media: str) -> Response:
        """A story that shows this medium."""
        made = self.new_id()
        self.out(made, page, {}, media_id=media)
        return JSONResponse({"success": True, "post_id": made})

    def listed(self, request: Request, want: Any) -> list[dict[str, Any]]:
        """What is wanted and old enough to be listed, the latest first."""
        since, until = float(request.query_params.get("since", 0)), clock.now() - self.lag
        there = [p for p in self.posts.values() if want(p) and since <= p["at"].timestamp() and p["at"] <= until]
        return list(reversed(there))

    def _listed(self, request: Request, want: Any) -> Response:
        fields = request.query_params.get("fields", "id")
        there = self.listed(request, want)
        return JSONResponse({"data": [_meta.chosen(self.shown(post), fields) for post in there]})

    async def stories(self, request: Request) -> Response:
        """The page's stories."""
        page = self.who(request, "pages_read_engagement")
        return self._listed(request, lambda post: post["account"] == page and "media_id" in post)

    async def published(self, request: Request) -> Response:
        """The page's own posts."""
        page = self.who(request, "pages_read_engagement")
        return self._listed(request, lambda p: p["account"] == page and not p.keys() & {"media_id", "comment_on"})

    def shown(self, post: dict[str, Any]) -> dict[str, Any]:
        """A post as it is told of."""
        words = post["wish"].get("message") or post["wish"].get("description")
        said = {"id": post["id"], "permalink_url": f"{self.url}/posts/{post['id']}", "is_published": True}
        said |= {"created_time": _meta.stamp(post["at"]), "from": {"id": post["account"], "name": post["account"]}}
        said |= {"media_id": post["media_id"], "post_id": post["id"]} if "media_id" in post else {}
        return said | ({"message": words} if words else {})
