"""Comments on Instagram, in a box: others' and the profile's own. What answers an answer hangs on the comment above."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators import _meta
from tidings.simulators._containers import ContainerBox
from tidings.simulators._meta import refusal
from tidings.simulators._metaremarks import RemarksBox, Row
from tidings.simulators.base import Remark


class InstagramRemarks(RemarksBox, ContainerBox):
    """Everything that is said under posts. `commenting`: the scope that it needs."""

    commenting = ""
    at_once = 50

    def parent(self, id: str) -> str:
        """Posts hang on nothing."""
        if id in self.remarks:
            return self.above(self.remarks[id])
        return str(self.posts.get(id, {}).get("wish", {}).get("comment_on", ""))

    async def comment(self, request: Request) -> Response:
        """A comment under a post."""
        name, wish = self.who(request, self.commenting), await _meta.said(request)
        post = self.posts.get(request.path_params["id"])
        if post is None or "comment_on" in post["wish"]:
            raise _meta.not_there(request.path_params["id"])
        if post["wish"].get("comment_enabled") is False:
            raise refusal(100, "Comments are disabled.")
        return self._say(name, wish, post["id"])

    async def reply(self, request: Request) -> Response:
        """An answer to a comment; to one that is hidden there is none."""
        name, wish, id = self.who(request, self.commenting), await _meta.said(request), request.path_params["id"]
        self._a_comment(id)
        if id in self.hidden:
            raise refusal(100, "You cannot reply to hidden comments.")
        return self._say(name, wish, self.top(id))

    def _say(self, name: str, wish: dict[str, Any], parent: str) -> Response:
        if not wish.get("message"):
            raise refusal(100, "There is no message.")
        made = self.new_id()
        said = {"text": wish["message"], "comment_on": parent}
        self.posts[made] = {"id": made, "account": name, "at": clock.now(), "wish": said}
        return JSONResponse({"id": made})

    async def comments(self, request: Request) -> Response:
        """What has been said right under a post, as far as it is listed; answers to it for the asking."""
        self.who(request, self.commenting)
        post, fields = request.path_params["id"], request.query_params.get("fields", "id")
        self.there(post)
        found = [one for one in self._rows(request) if self.parent(one["id"]) == post]
        answers = self._rows(request) if "replies" in fields else []
        inner = fields.partition("replies")[2].partition("{")[2].rstrip("}")
        rows = [_meta.chosen(one, fields) | self._below(one["id"], answers, inner) for one in found]
        return self.paged(request, rows)

    async def replies(self, request: Request) -> Response:
        """The answers to a comment."""
        self.who(request, self.commenting)
        id, fields = request.path_params["id"], request.query_params.get("fields", "id")
        self._a_comment(id)
        return self.paged(request, [_meta.chosen(one, fields) for one in self._rows(request) if self._on(one, id)])

    def _below(self, id: str, answers: list[Row], fields: str) -> Row:
        found = [_meta.chosen(one, fields) for one in answers if self._on(one, id)]
        return {"replies": self.page_of(found, {"limit": self.at_once})} if found else {}

    def _on(self, row: Row, comment: str) -> bool:
        """Whether it is listed below this comment."""
        return row["id"] != comment and self.top(row["id"]) == comment

    def _a_comment(self, id: str) -> None:
        if not self.parent(id):
            raise _meta.not_there(id)

    def _rows(self, request: Request) -> list[Row]:
        """Everybody's, the latest first, without those younger than the lag."""
        since, until = float(request.query_params.get("since", 0)), clock.now() - self.lag
        own = [self.shown(post) | {"at": post["at"]} for post in self.posts.values() if "comment_on" in post["wish"]]
        every = [one | {"hidden": one["id"] in self.hidden} for one in (*own, *map(self._row, self.remarks.values()))]
        found = [one for one in every if since <= one["at"].timestamp() and one["at"] <= until]
        return sorted(found, key=lambda one: -int(one["id"]))

    def _row(self, one: Remark) -> Row:
        who = {"username": one.author, "from": {"id": f"id-of-{one.author}", "username": one.author}}
        return {"id": one.id, "text": one.text, "timestamp": _meta.stamp(one.at), "at": one.at, **who}
