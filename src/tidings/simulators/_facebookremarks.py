"""Comments on a page, in a box: others' and the page's own, on three levels at most.

`nameless`: Facebook does not say whom others' comments are from. What it does without the right to others' words is not
known: here it refuses the list of all levels, and leaves others out of the other one.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators import _meta
from tidings.simulators._facebookposts import FacebookPosts
from tidings.simulators._meta import refusal
from tidings.simulators._metaremarks import RemarksBox, Row
from tidings.simulators.base import Remark

OF_OTHERS = "pages_read_user_content"  # the right to what others made
LEVELS = 2  # comments under a post, and answers to them; nothing hangs on an answer


class FacebookRemarks(RemarksBox, FacebookPosts):
    """Everything that is said under posts."""

    nameless = False

    def remark_id(self, on: str) -> str:
        """As the page's own comments are called."""
        return f"{on}_{self.new_id()}"

    def parent(self, id: str) -> str:
        """Posts hang on nothing."""
        if id in self.remarks:
            return self.above(self.remarks[id])
        return str(self.posts.get(id, {}).get("comment_on", ""))

    async def comment(self, request: Request) -> Response:
        """A comment under a post, or below a comment of others or of the page."""
        page, wish = self.who(request, "pages_manage_engagement"), await _meta.said(request)
        parent = request.path_params["id"]
        self.there(parent)
        if self._level(parent) >= LEVELS:
            raise refusal(100, "(#100) Invalid parameter: this comment cannot be replied to")
        if photo := wish.get("attachment_id"):
            self.own(page, photo, "photo")
        made = f"{parent}_{self.new_id()}"
        self.out(made, page, wish, comment_on=parent)
        return JSONResponse({"id": made})

    async def comments(self, request: Request) -> Response:
        """What has been said right under a post or a comment, or on all levels below it."""
        id, asked = request.path_params["id"], request.query_params
        self.who(request, "pages_read_engagement")
        self.there(id)
        every = asked.get("filter") == "stream"
        others = OF_OTHERS in self.live(request.headers["authorization"].removeprefix("Bearer ")).scope.split(",")
        if every and not others:
            raise refusal(10, f"(#10) This endpoint requires the '{OF_OTHERS}' permission", status=403)
        rows = [*self._own(request), *(map(self._remark, self.remarks.values()) if others else ())]
        found = [row for row in rows if id in (self.ancestors(row["id"]) if every else (self.parent(row["id"]),))]
        found.sort(key=lambda row: row["id"].rpartition("_")[2], reverse=asked.get("order") == "reverse_chronological")
        return self.paged(request, [_meta.chosen(row, asked.get("fields", "id")) for row in found])

    def _own(self, request: Request) -> list[Row]:
        listed = self.listed(request, lambda post: "comment_on" in post)
        return [self.shown(post) | self._place(post["id"]) for post in listed]

    def _remark(self, one: Remark) -> Row:
        who = {} if self.nameless else {"from": {"id": f"id-of-{one.author}", "name": one.author.title()}}
        words = {"message": one.text} if one.text else {"attachment": {"url": f"{self.url}/photo/{one.id}"}}
        said = {"id": one.id, "created_time": _meta.stamp(one.at), **words, **who, **self._place(one.id)}
        return {**said, "permalink_url": f"{self.url}/posts/{one.on}?comment_id={one.id}"}

    def _place(self, id: str) -> dict[str, Any]:
        """Where it hangs, and what may hang on it."""
        below = {"parent": {"id": self.parent(id)}} if self._level(id) > 1 else {}
        return {"can_comment": self._level(id) < LEVELS, "is_hidden": id in self.hidden, **below}

    def _level(self, id: str) -> int:
        return sum(1 for _ in self.ancestors(id))
