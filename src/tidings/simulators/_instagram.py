"""Instagram in a box, whichever way one signs in. What can be switched stands in _containers.

A picture is fetched and looked at before its container is made, so what is wrong with it is refused at once; a film is
looked at afterwards.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators import _face, _meta
from tidings.simulators._instagramremarks import InstagramRemarks
from tidings.simulators._meta import refusal
from tidings.simulators._metanumbers import InsightsBox

KEYS = {
    "image_url", "video_url", "media_type", "is_carousel_item", "alt_text", "children", "caption", "cover_url",
    "thumb_offset", "share_to_feed", "audio_name", "location_id", "user_tags", "collaborators", "trial_params",
    "is_ai_generated",
}
FOR_REELS = {"cover_url", "thumb_offset", "share_to_feed", "audio_name", "trial_params"}
TROUBLES = {  # code, subcode, words
    "FAILED_DOWNLOADING_IMAGE": (9004, 2207052, "The media could not be fetched from this uri"),
    "INVALID_IMAGE_FORMAT": (9004, 2207005, "The image format is not supported"),
    "INVALID_ASPECT_RATIO": (36003, 2207009, "The submitted image has an invalid aspect ratio"),
    "INVALID_IMAGE_SIZE": (36000, 2207004, "The image size is too large"),
}
LEAST = 5  # viewers of a story, without whom it has no numbers
FOR_ALL = ("views", "reach", "shares", "reposts", "total_interactions")
COUNTED = {
    "FEED": (*FOR_ALL, "likes", "comments", "saved", "profile_visits", "follows"),
    "REELS": (*FOR_ALL, "likes", "comments", "saved", "ig_reels_video_view_total_time", "ig_reels_avg_watch_time"),
    "STORY": (*FOR_ALL, "replies", "navigation", "profile_visits", "follows"),
}
SHOWN_AS = {"CAROUSEL": "CAROUSEL_ALBUM"}


class InstagramBox(InsightsBox, InstagramRemarks):
    """Containers, posts, stories; comments stand in _instagramremarks."""

    moods = {"that lags": {"lag": timedelta(minutes=3)}}
    state, fault = "status_code", "status"
    quota = 1000  # more than a profile really has: tests that look at something else are not to run into it

    def media_routes(self, version: str = "/v26.0") -> list[Route]:
        """The paths that both ways share, and the page a receipt leads to."""
        return [
            Route(f"{version}/{{id}}/media", self.begin, methods=["POST"]),
            Route(f"{version}/{{id}}/media", self.feed),
            Route(f"{version}/{{id}}/stories", self.stories),
            Route(f"{version}/{{id}}/media_publish", self.publish, methods=["POST"]),
            Route(f"{version}/{{id}}/content_publishing_limit", self.limit),
            Route(f"{version}/{{id}}/comments", self.comment, methods=["POST"]),
            Route(f"{version}/{{id}}/comments", self.comments),
            Route(f"{version}/{{id}}/replies", self.reply, methods=["POST"]),
            Route(f"{version}/{{id}}/replies", self.replies),
            Route(f"{version}/{{id}}/insights", self.numbers),
            Route(f"{version}/{{id}}", self.node),
            Route(f"{version}/{{id}}", self.change, methods=["POST"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/p/{id}/", self.page),
            Route("/stories/{name}/{id}/", self.page),
        ]

    async def look_over(self, name: str, wish: dict[str, Any]) -> None:
        """What is refused before a container is made."""
        if unknown := set(wish) - KEYS:
            raise refusal(100, f"Unknown parameter: {min(unknown)}")
        self._words(str(wish.get("caption", "")))
        kind = wish.get("media_type", "IMAGE")
        if kind == "CAROUSEL":
            self._carousel(name, str(wish.get("children", "")).split(","))
        elif not wish.keys() & {"image_url", "video_url"}:
            raise refusal(100, "The parameter image_url is required")
        if kind != "REELS" and (extra := wish.keys() & FOR_REELS):
            raise refusal(100, f"Param {min(extra)} is only for reels")
        if len(wish.get("collaborators", [])) > 3:
            raise refusal(100, "Param collaborators must have at most 3 elements.")
        if "alt_text" in wish and ("image_url" not in wish or len(wish["alt_text"]) > 1000):
            raise refusal(100, "Param alt_text is for images, with at most 1000 characters.")
        if wish.get("trial_params", {}).get("graduation_strategy", "MANUAL") not in ("MANUAL", "SS_PERFORMANCE"):
            raise refusal(100, "Param trial_params[graduation_strategy] must be one of {MANUAL, SS_PERFORMANCE}")

    def _words(self, caption: str) -> None:
        if len(caption) > 2200:
            raise refusal(100, "The caption is too long", 2207010)
        if len(re.findall(r"#\w+", caption)) > 30:
            raise refusal(100, "The caption has too many hashtags", 2207040)
        if len(re.findall(r"@\w+", caption)) > 20:
            raise refusal(100, "The caption has too many mentions", 2207040)

    def _carousel(self, name: str, children: list[str]) -> None:
        if not 2 <= len(children) <= 10:
            raise refusal(100, "Param children must have 2 to 10 elements.", 2207028)
        for child in children:
            if not self.usable(name, child)["wish"].get("is_carousel_item"):
                raise refusal(100, "This child is no carousel item.")

    async def fetched(self, wish: Mapping[str, Any]) -> str:
        """What is wrong with a picture is refused at once."""
        trouble = await super().fetched(wish)
        if trouble == "INVALID_ASPECT_RATIO" and wish.get("media_type") == "STORIES":
            return ""
        if trouble in TROUBLES:
            code, subcode, words = TROUBLES[trouble]
            raise refusal(code, words, subcode)
        return f"Error: Media upload has failed: {trouble}" if trouble else ""

    def frame(self, kind: str, ratio: float) -> str:
        """JPEG, from 4:5 to 1.91:1."""
        if kind != "JPEG":
            return "INVALID_IMAGE_FORMAT"
        return "" if 0.79 <= ratio <= 1.92 else "INVALID_ASPECT_RATIO"

    async def limit(self, request: Request) -> Response:
        """What the last day has had."""
        name = self.who(request)
        config = {"quota_total": self.quota, "quota_duration": 86_400}
        return JSONResponse({"data": [{"quota_usage": self.used(name, {}), "config": config}]})

    def used(self, name: str, wish: Mapping[str, Any]) -> int:
        """Comments are no posts."""
        return super().used(name, {}) - sum(1 for post in self.posts.values() if "comment_on" in post["wish"])

    async def feed(self, request: Request) -> Response:
        """The account's own posts and reels."""
        return self.listing(request, self.who(request), lambda wish: not _story(wish) and "comment_on" not in wish)

    async def stories(self, request: Request) -> Response:
        """The account's own stories."""
        return self.listing(request, self.who(request), _story)

    def shown(self, post: dict[str, Any]) -> dict[str, Any]:
        """As it is listed; reels and films in stories are VIDEO."""
        wish = post["wish"]
        kind = "VIDEO" if "video_url" in wish else SHOWN_AS.get(wish.get("media_type", ""), "IMAGE")
        place = f"stories/{post['account']}" if _story(post["wish"]) else "p"
        said = {"id": post["id"], "permalink": f"{self.url}/{place}/{post['id']}/", "media_type": kind}
        said |= {"timestamp": _meta.stamp(post["at"]), "username": post["account"]}
        said |= {"media_product_type": _became(wish)}
        words = {name: wish[name] for name in ("caption", "text") if wish.get(name) and not _story(wish)}
        return said | words

    async def node(self, request: Request) -> Response:
        """Also the profile itself; a comment has become nothing."""
        name, id, fields = self.who(request), request.path_params["id"], request.query_params.get("fields", "id")
        if id == name:
            who = {"id": id, "followers_count": self.crowd(name, "followers_count")}
            return JSONResponse(_meta.chosen(who, fields))
        if "comment_on" in self.posts.get(id, {}).get("wish", {}) and "media_product_type" in fields:
            raise refusal(100, "(#100) Tried accessing nonexisting field (media_product_type) on node type (IGComment)")
        return await super().node(request)

    async def numbers(self, request: Request) -> Response:
        """Of a post, of what it has become; of a story that enough people saw, for a day. Or of the profile, by day."""
        name, id = self.who(request, self.reading), request.path_params["id"]
        if id == name:
            return self.by_day(request, name, ("reach",))
        if id not in self.posts:
            raise _meta.not_there(id)
        kind = _became(self.posts[id]["wish"])
        if kind == "STORY" and self.posts[id]["at"] + _meta.DAY < clock.now():
            raise _meta.not_there(id)
        if kind == "STORY" and self.grown(id, "reach") < LEAST:
            raise refusal(10, "(#10) Not enough viewers for the media to show insights")
        return self.of_post(request, id, COUNTED[kind])

    async def change(self, request: Request) -> Response:
        """Comments on or off."""
        self.who(request, self.commenting)
        wish = await _meta.said(request)
        self.posts[request.path_params["id"]]["wish"] |= {"comment_enabled": wish["comment_enabled"]}
        return JSONResponse({"success": True})


def _story(wish: Mapping[str, Any]) -> bool:
    return wish.get("media_type") == "STORIES"


def _became(wish: Mapping[str, Any]) -> str:
    return {"STORIES": "STORY", "REELS": "REELS"}.get(str(wish.get("media_type")), "FEED")
