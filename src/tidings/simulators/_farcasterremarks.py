"""Conversations as Neynar shows them: pages of what answers a cast directly, and what hangs below each of that."""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators.base import Refusal, Remark, Simulator

FIRST = 1001  # numbers of those who only write remarks
DEEPEST, LONGEST = 5, 50


def wrong(status: int, code: str, message: str) -> Refusal:
    """An error as Neynar words it."""
    return Refusal(status, {"code": code, "message": message})


class Conversations(Simulator):
    """`readers`: who wrote remarks, and the number of each."""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.readers: dict[str, int] = {}

    def key(self, request: Request) -> None:
        """Refuses whoever shows none, or another."""
        raise NotImplementedError

    def shown(self, post: dict[str, Any]) -> dict[str, Any]:
        """A cast of ours."""
        raise NotImplementedError

    def new_id(self) -> str:
        """The hash of a cast."""
        return f"0x{secrets.token_hex(20)}"

    def parent_fits(self, wish: dict[str, Any]) -> None:
        """Refuses an answer to nothing, and one that names somebody else as the author of what it answers."""
        parent = str(wish.get("parent") or "")
        if parent and parent not in self.posts and parent not in self.remarks:
            raise wrong(404, "NotFound", "Parent cast not found")
        if parent in self.remarks and wish.get("parent_author_fid") != self._number(self.remarks[parent].author):
            raise wrong(400, "InvalidField", "parent_author_fid must be the author of parent")

    async def conversation(self, request: Request) -> Response:
        """What hangs below a cast."""
        self.key(request)
        asked = request.query_params
        depth, most, start = (int(asked.get(name, usual)) for name, usual in
                              (("reply_depth", 2), ("limit", 20), ("cursor", 0)))
        if depth > DEEPEST or not 1 <= most <= LONGEST or asked["type"] != "hash":
            raise wrong(400, "InvalidField", "reply_depth, limit, type")
        casts = [*map(self.shown, self.posts.values()), *map(self._remark, self.remarks.values())]
        found = next((cast for cast in casts if cast["hash"] == asked["identifier"]), None)
        if found is None:
            raise wrong(404, "NotFound", "Cast not found")
        casts.sort(key=lambda cast: str(cast["timestamp"]), reverse=asked.get("sort_type") == "desc_chron")
        tree = _tree(found, casts, depth)
        direct = tree["direct_replies"]
        following = str(start + most) if start + most < len(direct) else None
        page = {**tree, "direct_replies": direct[start : start + most]}
        return JSONResponse({"conversation": {"cast": page}, "next": {"cursor": following}})

    def _number(self, author: str) -> int:
        return self.readers.setdefault(author, FIRST + len(self.readers))

    def _remark(self, one: Remark) -> dict[str, Any]:
        who = {"object": "user", "fid": self._number(one.author), "username": one.author,
               "display_name": one.author.title()}
        return {
            "object": "cast", "hash": one.id, "author": who, "text": one.text, "parent_hash": one.reply_to or one.on,
            "timestamp": one.at.isoformat().replace("+00:00", "Z"),
        }


def _tree(cast: dict[str, Any], casts: list[dict[str, Any]], depth: int) -> dict[str, Any]:
    below = [one for one in casts if one["parent_hash"] == cast["hash"]] if depth else []
    return {**cast, "direct_replies": [_tree(one, casts, depth - 1) for one in below]}
