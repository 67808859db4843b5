"""Comments on Reddit in a box: a tree under each post, in which what was deleted holds its place."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators.base import Refusal, Remark, Simulator

GONE = {"author": "[deleted]", "body": "[deleted]"}


class RedditRemarks(Simulator):
    """What hangs below a post: others' comments, and those of the profile."""

    most = 500  # comments that are listed at once; the newest

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.deleted: dict[str, dict[str, Any]] = {}  # by their authors; they go on being listed, without one

    def who(self, request: Request) -> str:
        """Whose token it is."""
        raise NotImplementedError

    def remark_id(self, on: str) -> str:
        """The full name of a comment."""
        return f"t1_{self.new_id()[-12:]}"

    def above(self, id: str) -> dict[str, Any] | None:
        """The post or comment of this name, which can be answered."""
        return self._remark(self.remarks[id]) if id in self.remarks else self.posts.get(id)

    def _remark(self, one: Remark) -> dict[str, Any]:
        post = self.posts.get(one.on) or self.deleted[one.on]
        return {
            "name": one.id, "id": one.id[3:], "parent_id": one.reply_to or one.on, "link_id": one.on, "body": one.text,
            "author": one.author, "created_utc": one.at.timestamp(), "permalink": f"{post['permalink']}{one.id[3:]}/",
        }

    async def comments(self, request: Request) -> Response:
        """A post, and the tree below it."""
        self.who(request)
        id, most = f"t3_{request.path_params['id']}", min(int(request.query_params.get("limit", 200)), self.most)
        post = self.posts.get(id) or self.deleted.get(id)
        if post is None:
            raise Refusal(404, {"message": "Not Found", "error": 404})
        own = [one for one in (*self.posts.values(), *self.deleted.values()) if one.get("link_id") == id]
        said = sorted([*map(self._remark, self.remarks.under(id)), *own], key=lambda one: -float(one["created_utc"]))
        return JSONResponse([_wrapped([_child("t3", post)]), _wrapped(_tree(id, said[:most], len(said) - most))])


def _tree(post: str, said: list[dict[str, Any]], left_out: int) -> list[dict[str, Any]]:
    names = {one["name"] for one in said}
    lost = {one["parent_id"]: one for one in said if one["parent_id"] not in {post, *names}}
    kept = [{**one, **GONE, "name": name, "parent_id": post} for name, one in lost.items()]
    more = [{"kind": "more", "data": {"count": left_out, "name": "t1__", "id": "_", "children": []}}]
    return _below(post, [*said, *kept]) + (more if left_out > 0 else [])


def _below(parent: str, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    here = [one for one in said if one["parent_id"] == parent]
    under = {one["name"]: _below(one["name"], said) for one in here}
    return [_child("t1", {**one, "replies": _wrapped(below) if (below := under[one["name"]]) else ""}) for one in here]


def shown(thing: dict[str, Any]) -> dict[str, Any]:
    """A post or comment without what only the simulator knows of it."""
    return {key: value for key, value in thing.items() if key != "from"}


def listing(kind: str, things: Iterable[dict[str, Any]]) -> Response:
    """Things as Reddit lists them."""
    return JSONResponse(_wrapped([_child(kind, one) for one in things]))


def _child(kind: str, thing: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "data": shown(thing)}


def _wrapped(children: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": children}}


def errors(code: str, said: str) -> Response:
    """Errors come with status 200."""
    return JSONResponse({"json": {"errors": [[code, said, None]]}})
