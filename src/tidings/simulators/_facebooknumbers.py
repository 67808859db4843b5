"""What Facebook counts, in a box: of posts, of films and reels, and of a page's days."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tidings.simulators import _meta
from tidings.simulators._facebookremarks import OF_OTHERS, FacebookRemarks
from tidings.simulators._meta import refusal
from tidings.simulators._metanumbers import InsightsBox

OF_POSTS = ("post_media_view", "post_total_media_view_unique", "post_clicks", "post_reactions_by_type_total")
OF_PAGES = (
    "page_media_view", "page_total_media_view_unique", "page_views_total", "page_daily_follows_unique",
    "page_daily_unfollows_unique", "page_follows",
)
OF_FILMS, OF_REELS = ("total_video_views",), ("fb_reels_total_plays", "blue_reels_play_count")


class FacebookNumbers(InsightsBox, FacebookRemarks):
    """Numbers that lag, and those that a post tells itself."""

    reading = "read_insights"

    def number_routes(self) -> list[Route]:
        """The paths by which numbers are asked for."""
        return [
            Route("/v26.0/me/insights", self.page_numbers),
            Route("/v26.0/{id}/insights", self.numbers),
            Route("/v26.0/{id}/video_insights", self.film_numbers),
        ]

    async def page_numbers(self, request: Request) -> Response:
        """The page's days."""
        return self.by_day(request, self.who(request, self.reading), OF_PAGES)

    async def numbers(self, request: Request) -> Response:
        """Of a post; a film has this list only where it is a post's."""
        self.who(request, self.reading)
        id = request.path_params["id"]
        if id in self.media:
            raise refusal(100, "(#100) Tried accessing nonexisting field (insights) on node type (Video)")
        return self.of_post(request, id, OF_POSTS)

    async def film_numbers(self, request: Request) -> Response:
        """Of a film or a reel."""
        self.who(request, self.reading)
        id = request.path_params["id"]
        kind = self.media.get(id, {}).get("kind")
        return self.of_post(request, id, OF_REELS if kind == "reel" else OF_FILMS)

    def summaries(self, request: Request, id: str, fields: str) -> dict[str, Any]:
        """Reactions and comments in all, and what was shared, if it was."""
        self.who(request, OF_OTHERS)
        asked = [field.partition(".")[0] for field in fields.split(",")]
        if id not in self.posts:
            raise _meta.not_there(id)
        lacks = {"reactions", "shares"} if id in self.media else {"likes"}
        if wrong := lacks & set(asked):
            raise refusal(100, f"(#100) Tried accessing nonexisting field ({min(wrong)})")
        shared = self.grown(id, "shares.count")
        said: dict[str, Any] = {
            name: {"data": [], "summary": {"total_count": self.grown(id, f"{name}.summary.total_count")}}
            for name in asked if name != "shares"
        }  # fmt: skip
        return {"id": id, **said, **({"shares": {"count": shared}} if shared and "shares" in asked else {})}
