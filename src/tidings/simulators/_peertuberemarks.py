"""Comments under the films of a PeerTube instance in a box: ours are among `posts`, others' are `remarks`.

Switches: `lag` (comments younger than this are not listed), `held` (ids of those that wait for approval), `young`
(whether it lists comments under all films). What was written here is plain text, what comes from elsewhere HTML.
"""

import html
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators._peertube import refusal
from tidings.simulators._peertubenumbers import Counts
from tidings.simulators._remarks import Remark

NONE = (404, "", "Video comment thread not found")


class Comments(Counts):
    """Threads of them."""

    lag = timedelta(0)
    young = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.held: set[str] = set()

    def remark_routes(self) -> list[Route]:
        """Where those under all films are."""
        return [Route("/api/v1/users/me/videos/comments", self.newest)]

    async def newest(self, request: Request) -> Response:
        """Comments under all films of the person, a page of them."""
        name, wish = self.box.who(request), request.query_params
        if not self.young:
            raise refusal(404, "", "Not found")
        if not 1 <= int(wish.get("count", "15")) <= 100:
            raise refusal(400, "", "Incorrect request parameters: count")
        films = {id for id, post in self.posts.items() if "said" not in post and post["account"] == name}
        said = [one for one in self._everything() if one["film"] in films]
        said.sort(key=lambda one: one["at"], reverse=True)
        start, count = int(wish.get("start", "0")), int(wish.get("count", "15"))
        told = [self._told(one) | {"video": {"id": 1, "uuid": one["film"]}} for one in said[start : start + count]]
        return JSONResponse({"total": len(said), "data": told})

    def _everything(self) -> list[dict[str, Any]]:
        return [*map(_remark, self.remarks.values()), *(post for post in self.posts.values() if "said" in post)]

    def _comment(self, id: str) -> dict[str, Any]:
        found = next((one for one in self._everything() if one["id"] == id), None)
        if found is None:
            raise refusal(*NONE)
        return found

    async def threads(self, request: Request) -> Response:
        """Comments under a film, the latest first; a new one."""
        name, film, until = self.box.who(request), request.path_params["id"], clock.now() - self.lag
        if request.method == "GET":
            under = [one for one in self._everything() if one["film"] == film and one["at"] <= until]
            first = [one for one in under if not one["to"]]
            return JSONResponse({"total": len(under), "data": [self._told(one) for one in reversed(first)]})
        return await self._say(request, name)

    async def _say(self, request: Request, name: str) -> Response:
        said, film, id = (await request.json())["text"], request.path_params["id"], self.new_id()
        if film not in self.posts or not 1 <= len(said) <= 10_000:
            raise refusal(400, "", "Incorrect request parameters: text")
        to = request.path_params.get("comment", "")
        thread = self._comment(to)["thread"] if to else id
        self.posts[id] = {"id": id, "account": name, "film": film, "said": said, "at": clock.now(), "to": to,
                          "thread": thread}
        return JSONResponse({"comment": self._told(self.posts[id])})

    async def comment(self, request: Request) -> Response:
        """A comment: answered, taken back; a thread with all that is below it."""
        name, id = self.box.who(request), request.path_params["comment"]
        found = self._comment(id)
        if request.method == "POST":
            return await self._say(request, name)
        if request.method == "DELETE":
            if found["account"] != name:
                raise refusal(403, "", "Cannot remove video comment of another user")
            del self.posts[id]
            return Response(status_code=204)
        if found["to"]:
            raise refusal(400, "", "Video comment is not a thread.")
        told = self._tree(found)
        return JSONResponse(told | {"comment": told["comment"] | (self.answered(id) if id in self.posts else {})})

    def _tree(self, one: dict[str, Any]) -> dict[str, Any]:
        below = [self._tree(other) for other in self._everything() if other["to"] == one["id"]]
        return {"comment": self._told(one), "children": below}

    def _told(self, one: dict[str, Any]) -> dict[str, Any]:
        name, home = one["account"], one.get("host") or self.url.partition("://")[2]
        url = f"https://{home}/accounts/{name}" if "host" in one else f"{self.url}/accounts/{name}"
        said = f"<p>{html.escape(one['said'])}</p>" if "host" in one else one["said"]
        return {
            "id": int(one["id"]), "threadId": int(one["thread"]), "inReplyToCommentId": int(one["to"] or 0) or None,
            "text": said, "createdAt": f"{one['at']:%Y-%m-%dT%H:%M:%S}.{one['at'].microsecond // 1000:03}Z",
            "account": {"name": name, "host": home, "displayName": name.title(), "url": url},
            "isDeleted": one.get("deleted", False), "heldForReview": one["id"] in self.held,
        }


def _remark(one: Remark) -> dict[str, Any]:
    """From another instance."""
    to = "" if one.reply_to in ("", one.on) else one.reply_to
    who = {"account": one.author, "host": "elsewhere.sim"}
    return {"id": one.id, **who, "film": one.on, "said": one.text, "at": one.at, "to": to, "thread": to or one.id}
