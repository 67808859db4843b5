"""Threads as Bluesky's public view shows them: a tree below a post, ten levels deep, whatever is asked for."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.networks import _atproto
from tidings.simulators._atauth import did, handle
from tidings.simulators._atrecords import POST, Records, content_id
from tidings.simulators.base import Refusal, Remark

DEFS = "app.bsky.feed.defs#"
LEVELS = 10


class Threads(Records):
    """Records, and what others answered. `hidden`: remarks that somebody blocked, of which only the place is shown."""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.hidden: set[str] = set()

    def remark_id(self, on: str) -> str:
        """A record of somebody else's."""
        return f"at://{did('reader')}/{POST}/{_atproto.tid(clock.now(), self.new_id())}"

    async def thread(self, request: Request) -> Response:
        """What hangs below a post."""
        uri, depth = request.query_params["uri"], int(request.query_params.get("depth", 6))
        if not 0 <= depth <= 1000:
            raise Refusal(400, {"error": "InvalidRequest", "message": "depth can not be greater than 1000"})
        everything = self._everything()
        if uri not in everything:
            raise Refusal(400, {"error": "NotFound", "message": f"Post not found: {uri}"})
        return JSONResponse({"thread": self._tree(everything, uri, min(depth, LEVELS))})

    def _everything(self) -> dict[str, dict[str, Any]]:
        ours = {uri: self._said(uri, post["value"], "demo", self.posts.since[uri]) for uri, post in self.posts.items()}
        return ours | {uri: self._answer(one) for uri, one in self.remarks.items()}

    def _answer(self, one: Remark) -> dict[str, Any]:
        parent = one.reply_to or one.on
        said = {"text": one.text, "reply": {"root": self._named(self._root(one.on)), "parent": self._named(parent)}}
        return self._said(one.id, said, one.author, one.at)

    def _root(self, uri: str) -> str:
        reply = self.posts[uri]["value"].get("reply") if uri in self.posts else None
        return str(reply["root"]["uri"]) if reply else uri

    def _named(self, uri: str) -> dict[str, str]:
        return {"uri": uri, "cid": self.posts[uri]["cid"] if uri in self.posts else content_id(0x71, uri.encode())}

    def _said(self, uri: str, record: dict[str, Any], who: str, at: Any) -> dict[str, Any]:
        author = {"did": uri.split("/")[2], "handle": handle(who), "displayName": who.title()}
        return {**self._named(uri), "author": author, "record": record, "indexedAt": at.isoformat()}

    def _tree(self, everything: dict[str, dict[str, Any]], uri: str, depth: int) -> dict[str, Any]:
        if uri in self.hidden:
            return {"$type": f"{DEFS}blockedPost", "uri": uri, "blocked": True}
        below = [one for one, post in everything.items() if post["record"].get("reply", {}).get("parent", {}).get("uri")
                 == uri] if depth else []
        replies = [self._tree(everything, one, depth - 1) for one in below]
        return {"$type": f"{DEFS}threadViewPost", "post": everything[uri], "replies": replies}
