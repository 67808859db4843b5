"""Replies on Threads, in a box: all levels below the post that a thread begins with, in one list."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tidings.core import clock
from tidings.simulators import _meta
from tidings.simulators._containers import ContainerBox
from tidings.simulators._meta import refusal
from tidings.simulators._metaremarks import RemarksBox, Row
from tidings.simulators.base import Remark

RIGHT = "threads_read_replies"


class ThreadsRemarks(RemarksBox, ContainerBox):
    """Everything that hangs below posts."""

    at_once = 50

    def parent(self, id: str) -> str:
        """A post that begins a thread hangs on nothing."""
        if id in self.remarks:
            return self.above(self.remarks[id])
        return str(self.posts.get(id, {}).get("wish", {}).get("reply_to_id", ""))

    async def conversation(self, request: Request) -> Response:
        """All replies, the latest first unless asked otherwise; only of a thread as a whole."""
        name, id, asked = self.who(request, RIGHT), request.path_params["id"], request.query_params
        self.there(id)
        if self.parent(id):
            raise refusal(100, "Param media_id must be a root-level thread")
        every = [*self._own(name), *map(self._row, self.remarks.values())]
        found = [one for one in every if id in self.ancestors(one["id"])]
        found.sort(key=lambda one: int(one["id"]), reverse=asked.get("reverse") != "false")
        rows = [_meta.chosen(one | self._place(one["id"], id), asked.get("fields", "id")) for one in found]
        return self.paged(request, rows)

    def _own(self, name: str) -> list[Row]:
        old = clock.now() - self.lag
        return [self.shown(post) | {"username": post["account"], "is_reply_owned_by_me": post["account"] == name}
                for post in self.posts.values() if post["at"] <= old]

    def _row(self, one: Remark) -> Row:
        words: dict[str, Any] = {"text": one.text} if one.text else {}
        said = {"id": one.id, "permalink": f"{self.url}/@{one.author}/post/{one.id}", "media_type": "TEXT_POST"}
        more = {"username": one.author, "timestamp": _meta.stamp(one.at), "is_reply_owned_by_me": False}
        return {**said, **more, **words}

    def _place(self, id: str, root: str) -> Row:
        hidden = "HIDDEN" if id in self.hidden or self.hidden & set(self.ancestors(id)) else "NOT_HUSHED"
        return {"root_post": {"id": root}, "replied_to": {"id": self.parent(id)}, "hide_status": hidden}
