"""Threads in a box: https://developers.facebook.com/docs/threads. What can be switched stands in _containers."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import regex
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, App, Profile
from tidings.simulators import _face, _meta
from tidings.simulators._meta import CLIENT, SECRET, refusal
from tidings.simulators._metanumbers import InsightsBox
from tidings.simulators._threadsremarks import RIGHT, ThreadsRemarks
from tidings.simulators.base import Simulator

KEYS = {
    "media_type", "text", "image_url", "video_url", "children", "is_carousel_item", "reply_to_id", "reply_control",
    "alt_text", "link_attachment", "quote_post_id", "poll_attachment", "topic_tag", "text_attachment",
    "is_spoiler_media", "allowlisted_country_codes", "enable_reply_approvals", "is_ghost_post",
}
COUNTED = ("views", "likes", "replies", "reposts", "quotes", "shares")
LISTED = {"TEXT": "TEXT_POST", "CAROUSEL": "CAROUSEL_ALBUM"}
CONTROLS = {"everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only"}
EMOJI = regex.compile(r"\X*?[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Regional_Indicator}]")


class ThreadsNetwork(InsightsBox, ThreadsRemarks):
    """Containers, a list of posts and one of replies, quotas for both. `forbidden`: topics that are not allowed."""

    name = "threads"
    moods = {"that lags": {"lag": timedelta(minutes=3)}}
    family, publishing = "th", "threads_content_publish"
    reading = "threads_manage_insights"
    scopes = ("threads_basic", "threads_content_publish", "threads_manage_replies", "threads_delete", reading, RIGHT)
    replies_quota = 1000
    forbidden: frozenset[str] = frozenset()

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"page": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth/authorize", "/oauth/access_token"),
            Route("/access_token", self.exchange),
            Route("/refresh_access_token", self.renew),
            Route("/v1.0/me", self.me),
            Route("/v1.0/me/threads", self.begin, methods=["POST"]),
            Route("/v1.0/me/threads", self.threads),
            Route("/v1.0/me/replies", self.replies),
            Route("/v1.0/me/threads_publish", self.publish, methods=["POST"]),
            Route("/v1.0/me/threads_publishing_limit", self.limit),
            Route("/v1.0/me/threads_insights", self.profile_numbers),
            Route("/v1.0/{id}/insights", self.numbers),
            Route("/v1.0/{id}/conversation", self.conversation),
            Route("/v1.0/{id}", self.node),
            Route("/v1.0/{id}", self.delete, methods=["DELETE"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/@{name}/post/{id}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token = self.token(account)
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/@{account}")
        kept = {"access_token": token.access, "since": self.born[token.access].isoformat()}
        return Access(profile, kept, {}, App(CLIENT, SECRET))

    async def me(self, request: Request) -> Response:
        """Whose token it is; the id is the name."""
        name = self.who(request, "threads_basic")
        face = f"{self.url}/faces/{name}.png"
        who = {"id": name, "username": name, "name": name.title(), "threads_profile_picture_url": face}
        return JSONResponse(_meta.chosen(who, request.query_params["fields"]))

    async def look_over(self, name: str, wish: dict[str, Any]) -> None:
        """What is refused before a container is made."""
        if unknown := set(wish) - KEYS:
            raise refusal(100, f"Unknown parameter: {min(unknown)}")
        words = str(wish.get("text", ""))
        if _length(words) > 500:
            raise refusal(100, "Param text must be at most 500 characters long.")
        if len(re.findall(r"https?://\S+", words)) > 5:
            raise refusal(100, "THREADS_API__LINK_LIMIT_EXCEEDED: at most 5 links")
        self._media(name, wish)
        self._words(wish)
        if wish.get("reply_control", "everyone") not in CONTROLS:
            raise refusal(100, "Param reply_control must be one of the known values")
        if "reply_to_id" in wish:
            self.there(wish["reply_to_id"])

    def _media(self, name: str, wish: dict[str, Any]) -> None:
        kind, children = wish.get("media_type"), str(wish.get("children", "")).split(",")
        needs = {"IMAGE": "image_url", "VIDEO": "video_url", "CAROUSEL": "children", "TEXT": "text"}
        if kind not in needs:
            raise refusal(100, "Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}")
        enough = wish.get(needs[kind]) or (kind == "TEXT" and wish.keys() & {"poll_attachment", "text_attachment"})
        if not enough:
            raise refusal(100, f"The parameter {needs[kind]} is required.")
        if len(str(wish.get("alt_text", ""))) > 1000:
            raise refusal(100, "Param alt_text must be at most 1000 characters long.")
        if kind == "CAROUSEL" and not 2 <= len(children) <= 20:
            raise refusal(100, "A carousel has 2 to 20 children.")
        for child in children if kind == "CAROUSEL" else ():
            if not self.usable(name, child)["wish"].get("is_carousel_item"):
                raise refusal(100, "This child is no carousel item.")

    def _words(self, wish: dict[str, Any]) -> None:
        """What belongs to posts of words alone, and what a topic may be."""
        alone = wish.keys() & {"poll_attachment", "link_attachment", "text_attachment"}
        if alone and wish["media_type"] != "TEXT":
            raise refusal(100, f"{min(alone)} is only supported for text posts.")
        poll = wish.get("poll_attachment")
        if poll is not None and ("option_b" not in poll or any(len(choice) > 25 for choice in poll.values())):
            raise refusal(100, "poll_attachment: 2 to 4 options of at most 25 characters")
        if len(wish.get("text_attachment", {}).get("plaintext", "")) > 10_000:
            raise refusal(100, "text_attachment: plaintext must be at most 10000 characters long.")
        topic = str(wish.get("topic_tag", ""))
        if len(topic) > 50 or "." in topic or "&" in topic:
            raise refusal(100, "Param topic_tag is not a valid tag.")
        if topic in self.forbidden:
            raise refusal(100, "This topic tag is not allowed.", 4279071, error_user_msg="Choose another topic.")

    def frame(self, kind: str, ratio: float) -> str:
        """JPEG and PNG, not ten times as long as wide."""
        if kind not in ("JPEG", "PNG"):
            return "INVALID_IMAGE_FORMAT"
        return "" if 0.1 <= ratio <= 10 else "INVALID_ASPECT_RATIO"

    def most(self, wish: Mapping[str, Any]) -> int:
        """Replies have a limit of their own."""
        return self.replies_quota if "reply_to_id" in wish else self.quota

    async def limit(self, request: Request) -> Response:
        """What the last day has had."""
        name, reply = self.who(request), {"reply_to_id": "1"}
        said: dict[str, Any] = {"id": name}
        for kind, wish in {"": {}, "reply_": reply}.items():
            config = {"quota_total": self.most(wish), "quota_duration": 86_400}
            said |= {f"{kind}quota_usage": self.used(name, wish), f"{kind}config": config}
        return JSONResponse({"data": [_meta.chosen(said, request.query_params.get("fields", "quota_usage"))]})

    async def numbers(self, request: Request) -> Response:
        """Of a post or a reply."""
        self.who(request, self.reading)
        return self.of_post(request, request.path_params["id"], COUNTED)

    async def profile_numbers(self, request: Request) -> Response:
        """Followers have no days, and views nothing else."""
        name = self.who(request, self.reading)
        if request.query_params.get("metric") == "views":
            return self.by_day(request, name, ("views",))
        if "since" in request.query_params:
            raise refusal(100, "followers_count does not take since and until")
        return self.totals(request, ("followers_count", "views"), lambda metric: self.crowd(name, metric))

    async def threads(self, request: Request) -> Response:
        """The account's own posts."""
        return self.listing(request, self.who(request, "threads_basic"), lambda wish: "reply_to_id" not in wish)

    async def replies(self, request: Request) -> Response:
        """The account's own replies."""
        return self.listing(request, self.who(request, "threads_basic"), lambda wish: "reply_to_id" in wish)

    def shown(self, post: dict[str, Any]) -> dict[str, Any]:
        """As it is listed: the first hashtag has become the topic."""
        wish, words = post["wish"], str(post["wish"].get("text", ""))
        words = words if "topic_tag" in wish else re.sub(r"#(\w+)", r"\1", words, count=1)
        kind = LISTED.get(wish["media_type"], wish["media_type"])
        said = {"id": post["id"], "permalink": f"{self.url}/@{post['account']}/post/{post['id']}", "media_type": kind}
        return said | {"timestamp": _meta.stamp(post["at"])} | ({"text": words} if words else {})

    async def delete(self, request: Request) -> Response:
        """Take a post back."""
        name, id = self.who(request, "threads_delete"), request.path_params["id"]
        if self.posts.get(id, {}).get("account") != name:
            raise _meta.not_there(id)
        del self.posts[id]
        return JSONResponse({"success": True, "deleted_id": id})


def _length(words: str) -> int:
    """Characters, but whole emoji by their bytes."""
    return sum(len(part.encode()) if EMOJI.match(part) else len(part) for part in regex.findall(r"\X", words))


def simulator(url: str) -> Simulator:
    """A fresh Threads at this address."""
    return ThreadsNetwork(url)
