"""What a PeerTube instance in a box counts. `watches`: whether it tells how long films were watched.

https://docs.joinpeertube.org/api-rest-reference/api/video-stats.html
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.simulators._peertube import PasswordBox, refusal
from tidings.simulators.base import Simulator

COUNTED = ("views", "likes", "dislikes", "comments")
CHANNELS = ("films", "talks")  # every account has two


class Counts(Simulator):
    """Of films, comments and video channels."""

    watches = True
    box: PasswordBox

    def number_routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/api/v1/videos/{id}/stats/overall", self.watching),
            Route("/api/v1/video-channels/{name}", self.channel),
        ]

    def counted(self, id: str) -> dict[str, Any]:
        """What is told with a film once it is open."""
        return {name: self.grown(id, name) for name in COUNTED} if id in self.posts else {}

    def answered(self, id: str) -> dict[str, Any]:
        """What is told with a comment."""
        return {"totalReplies": self.grown(id, "totalReplies")}

    async def watching(self, request: Request) -> Response:
        """How a film was watched, for whose it is."""
        name, id = self.box.who(request), request.path_params["id"]
        if self.posts.get(id, {}).get("account") != name:
            raise refusal(404, "", "Video not found")
        if not self.watches:
            raise refusal(403, "", "Cannot see stats of this video")
        told = {theirs: self.grown(id, theirs) for theirs in ("totalWatchTime", "totalViewers")}
        return JSONResponse({**told, "averageWatchTime": 12, "viewersPeak": 3, "countries": []})

    async def channel(self, request: Request) -> Response:
        """A video channel, by its name."""
        name = request.path_params["name"]
        kind = name.rpartition("_")[2]
        if kind not in CHANNELS:
            raise refusal(404, "", "Video channel not found")
        id = CHANNELS.index(kind) + 1
        return JSONResponse({"id": id, "name": name, "followersCount": self.crowd(str(id), "followersCount")})
