"""Comments on a Lemmy server in a box: every comment has the path from its post down to it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators._lemmythings import named, view
from tidings.simulators.base import Remark, Simulator

MOST = 300  # in a tree, whatever is asked for


class LemmyRemarks(Simulator):
    """What others write under a post, and what the person writes there."""

    flat: bool

    def who(self, request: Request) -> str:
        """Whose token it is."""
        raise NotImplementedError

    def above(self, id: int) -> dict[str, Any] | None:
        """The comment of this number, which can be answered."""
        made = self._remark(self.remarks[str(id)]) if str(id) in self.remarks else self.posts.get(str(id))
        return made if made and "path" in made else None

    def path(self, id: str, parent: int | str | None) -> str:
        """From the post down: 0, the comments above, its own number."""
        above = self.above(int(parent)) if parent else None
        return f"{above['path'] if above else '0' + (f'.{parent}' if parent else '')}.{id}"

    def _remark(self, one: Remark) -> dict[str, Any]:
        parent = one.reply_to if one.reply_to != one.on else ""
        return {
            "id": int(one.id), "kind": "comment", "post_id": int(one.on), "content": one.text, "account": one.author,
            "path": self.path(one.id, parent), "ap_id": f"https://elsewhere.sim/comment/{one.id}", "deleted": False,
            "removed": False, "published": one.at.isoformat().replace("+00:00", "Z"),
        }

    async def comments(self, request: Request) -> Response:
        """The tree under a post; of one that it does not know, nothing."""
        self.who(request)
        post, depth = request.query_params["post_id"], int(request.query_params["max_depth"])
        own = [view(self, one, self.flat) for one in self.posts.values() if str(one.get("post_id")) == post]
        said = [*own, *map(self._seen, self.remarks.under(post))]
        there = [one for one in said if one["comment"]["path"].count(".") <= depth]
        there.sort(key=lambda one: one["comment"]["published"], reverse=True)
        there.sort(key=lambda one: one["comment"]["path"].rpartition(".")[0])
        return JSONResponse({"comments": [_without_words(one) for one in there[:MOST]]})

    def _seen(self, one: Remark) -> dict[str, Any]:
        return {"comment": self._remark(one), "creator": named(one.author), "post": {"id": int(one.on)}}


def _without_words(seen: dict[str, Any]) -> dict[str, Any]:
    said = seen["comment"]
    return {**seen, "comment": said | {"content": ""}} if said["deleted"] or said["removed"] else seen
