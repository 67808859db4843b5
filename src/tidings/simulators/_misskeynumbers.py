"""What a Misskey server in a box counts: on a note, and in charts of a profile, the latest day first."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators.base import Refusal, Simulator


def wrong(status: int, code: str, message: str, **info: Any) -> Refusal:
    """An error as Misskey words it."""
    told = {"info": info} if info else {}
    return Refusal(status, {"error": {"code": code, "message": message, "id": "0000", "kind": "client", **told}})


class Numbers(Simulator):
    """`charts`: kept as Misskey keeps them, "none", or "zeros" as some relatives answer."""

    charts = "kept"
    adds_up = True  # whether a note says how many reactions it has, and not only which

    async def note(self, request: Request) -> Response:
        """A note, by its id."""
        id = (await request.json())["noteId"]
        if id not in self.posts:
            raise wrong(400, "NO_SUCH_NOTE", "No such note.")
        hearts = self.grown(id, "reactionCount")
        counted = {name: self.grown(id, name) for name in ("renoteCount", "repliesCount")}
        counted |= {"reactionCount": hearts} if self.adds_up else {}
        return JSONResponse({**self.posts[id], **counted, "reactions": {"\N{HEAVY BLACK HEART}": hearts}})

    async def following_chart(self, request: Request) -> Response:
        """Who began and ceased to follow."""
        return JSONResponse({whose: {"followers": await self._chart(request, f"{whose}.followers", "inc", "total")}
                             for whose in ("local", "remote")})

    async def visits_chart(self, request: Request) -> Response:
        """Who opened the profile."""
        return JSONResponse({"pv": await self._chart(request, "pv", "user", "visitor")})

    async def _chart(self, request: Request, place: str, *names: str) -> dict[str, list[int]]:
        wish = await request.json()
        if self.charts == "none":
            raise wrong(404, "NO_SUCH_ENDPOINT", "No such endpoint.")
        if wish["span"] not in ("day", "hour") or not 1 <= wish["limit"] <= 500:
            raise wrong(400, "INVALID_PARAM", "Invalid param.")
        days = [clock.now().date() - timedelta(days=ago) for ago in range(wish["limit"])]
        kept = int(self.charts == "kept")
        return {name: [kept * self.day(wish["userId"], f"{place}.{name}", day) for day in days] for name in names}
