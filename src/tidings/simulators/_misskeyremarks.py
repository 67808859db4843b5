"""Notes that answer or mention somebody, as a Misskey server in a box lists them. Here everybody mentions whoever wrote
something above them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators._misskeynumbers import Numbers, wrong
from tidings.simulators.base import Remark

LONGEST = 100


class Mentions(Numbers):
    """`visible`: who can see a remark, where that is not everybody. `warned`: what stands over one."""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.visible: dict[str, str] = {}
        self.warned: dict[str, str] = {}

    def who(self, request: Request) -> str:
        """Whose token it is."""
        raise NotImplementedError

    async def mentions(self, request: Request) -> Response:
        """The latest first."""
        name, wish = self.who(request), await request.json()
        limit = wish.get("limit", 10)
        if not 1 <= limit <= LONGEST:
            raise wrong(400, "INVALID_PARAM", "Invalid param.")
        until = wish.get("untilId", "")
        found = [self._remark(one) for one in self.remarks.values() if self._to(one) == name]
        latest = [one for one in found[::-1] if not until or int(one["id"]) < int(until)]
        return JSONResponse(latest[:limit])

    def packed(self, note: dict[str, Any]) -> dict[str, Any]:
        """A note of somebody here, with who it is."""
        name = note["userId"]
        user = {"id": name, "username": name, "name": name.title(), "host": None}
        return {**note, "visibility": note.get("visibility", "public"), "user": user}

    def _to(self, one: Remark) -> str:
        return str(self.posts[one.on]["userId"]) if one.on in self.posts else "demo"

    def _remark(self, one: Remark, shallow: bool = False) -> dict[str, Any]:
        above = one.reply_to or one.on or None
        user = {"id": f"id-of-{one.author}", "username": one.author, "name": one.author.title(), "host": "far.sim"}
        return {
            "id": one.id, "createdAt": one.at.isoformat().replace("+00:00", "Z"), "userId": user["id"], "user": user,
            "text": one.text, "cw": self.warned.get(one.id), "visibility": self.visible.get(one.id, "public"),
            "replyId": above, **({} if shallow else {"reply": self._above(above)}),
        }

    def _above(self, id: str | None) -> dict[str, Any] | None:
        if id in self.remarks:
            return self._remark(self.remarks[str(id)], shallow=True)
        return self.packed(self.posts[str(id)]) if id in self.posts else None
