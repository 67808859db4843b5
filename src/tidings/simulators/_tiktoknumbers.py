"""TikTok's numbers in a box: https://developers.tiktok.com/doc/tiktok-api-v2-video-query"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tidings.simulators._tiktok import invalid, ok
from tidings.simulators.base import Simulator

COUNTED = {"view_count", "like_count", "comment_count", "share_count"}
STATS = {"follower_count", "likes_count"}  # need a scope of their own
MOST = 20


class Counts(Simulator):
    """Of public posts only, and of the fields that are asked for."""

    def who(self, request: Request, scope: str) -> str:
        """Whose token it is."""
        raise NotImplementedError

    def seen_by_all(self, made: dict[str, Any]) -> bool:
        """Whether it is public, and moderators have let it pass."""
        raise NotImplementedError

    def public(self, name: str) -> list[dict[str, Any]]:
        """What everyone can see of an account, the oldest first."""
        own = [post for post in self.posts.values() if post["account"] == name]
        return [post for post in own if post["direct"] and self.seen_by_all(post)]

    async def query(self, request: Request) -> Response:
        """Posts by their numbers; what is not the account's own or not public is simply missing."""
        name, wish = self.who(request, "video.list"), await request.json()
        ids = wish.get("filters", {}).get("video_ids", [])
        if not 1 <= len(ids) <= MOST or not all(str(id).isdigit() for id in ids):
            raise invalid("The video ids are invalid, or more than 20.")
        found = [post["number"] for post in self.public(name) if post["number"] in ids]
        told = [{"id": id, **{field: self.grown(id, field) for field in COUNTED}} for id in found]
        return ok({"videos": [self.chosen_of(request, one) for one in told]})

    def liked(self, request: Request, name: str) -> dict[str, Any]:
        """Followers and likes; who may not read them and asks gets nothing at all."""
        if STATS & set(_fields(request)):
            self.who(request, "user.info.stats")
        return {field: self.crowd(name, field) for field in STATS}

    def chosen_of(self, request: Request, told: dict[str, Any]) -> dict[str, Any]:
        """Only the fields that were asked for."""
        return {field: value for field, value in told.items() if field in _fields(request)}


def _fields(request: Request) -> list[str]:
    return request.query_params.get("fields", "").split(",")
