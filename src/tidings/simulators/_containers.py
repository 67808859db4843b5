"""Containers in a box: built out of sight, fetched by Meta, published by their id, dead after a day.

Switches: `works_for` (looks at which a film is still in progress), `lag` (posts younger than this are not listed),
`quota` (posts in 24 hours), `propagates` (publishings that do not know the container yet). What a second publishing of
one container does is not documented, so it does the worst here: it makes a second post.
"""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from PIL import Image, UnidentifiedImageError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from tidings.core import clock
from tidings.simulators import _meta
from tidings.simulators._meta import DAY, MetaBox, refusal

FETCHED_MOST = {"image": 8_000_000, "video": 1_000_000_000}


class ContainerBox(MetaBox):
    """The story that Threads and Instagram share; a network says what it refuses and how a post is listed."""

    state, fault = "status", "error_message"
    publishing = ""  # the scope that a post needs
    works_for = 1
    propagates = 0
    lag = timedelta(0)
    quota = 250

    async def look_over(self, name: str, wish: dict[str, Any]) -> None:
        """Refuse what the network refuses at once; may add to `wish` what it thinks of it."""

    def shown(self, post: dict[str, Any]) -> dict[str, Any]:
        """A post as the network tells of it."""
        raise NotImplementedError

    async def begin(self, request: Request) -> Response:
        """A container; its media are fetched."""
        name, wish = self.who(request, self.publishing), await _meta.said(request)
        await self.look_over(name, wish)
        container = self.new_id()
        trouble = await self.fetched(wish)
        self.media[container] = {
            "id": container, "account": name, "wish": wish, "at": clock.now(), "published": False, "fault": trouble,
            "left": self.works_for if "video_url" in wish else 0,
        }
        return JSONResponse({"id": container})

    async def fetched(self, wish: Mapping[str, Any]) -> str:
        """What is wrong with the medium behind the address; nothing, if all is well."""
        kind = next((kind for kind in FETCHED_MOST if f"{kind}_url" in wish), "")
        if not kind:
            return ""
        try:
            raw = await self.fetch(str(wish[f"{kind}_url"]))
        except (OSError, ValueError):
            return f"FAILED_DOWNLOADING_{kind.upper()}"
        if len(raw) > FETCHED_MOST[kind]:
            return f"INVALID_{kind.upper()}_SIZE"
        return self.picture(raw) if kind == "image" else self.film(raw)

    def picture(self, raw: bytes) -> str:
        """What is wrong with these bytes of a picture."""
        try:
            picture = Image.open(io.BytesIO(raw))
        except UnidentifiedImageError:
            return "INVALID_IMAGE_FORMAT"
        return self.frame(picture.format or "", picture.width / picture.height)

    def frame(self, kind: str, ratio: float) -> str:
        """What is wrong with a picture of this format and ratio."""
        raise NotImplementedError

    def film(self, raw: bytes) -> str:
        """What is wrong with these bytes of a film."""
        return "" if raw[4:8] == b"ftyp" else "FAILED_PROCESSING_VIDEO"

    def condition(self, container: dict[str, Any]) -> str:
        """How far a container is."""
        if container["published"]:
            return "PUBLISHED"
        if container["at"] + DAY < clock.now():
            return "EXPIRED"
        if container["fault"]:
            return "ERROR"
        return "IN_PROGRESS" if container["left"] > 0 else "FINISHED"

    def usable(self, name: str, id: str) -> dict[str, Any]:
        """A container of one's own that can be published, or hung into another."""
        container = self.media.get(id)
        if container is None or container["account"] != name:
            raise refusal(24, "The requested resource does not exist", 4279009)
        if self.condition(container) not in ("FINISHED", "PUBLISHED"):
            raise refusal(9007, "Media ID is not available", 2207027)
        return container

    async def publish(self, request: Request) -> Response:
        """The commit."""
        name, wish = self.who(request, self.publishing), await _meta.said(request)
        if self.propagates > 0:
            self.propagates -= 1
            raise refusal(24, "The requested resource does not exist", 4279009)
        container = self.usable(name, str(wish.get("creation_id", "")))
        if self.used(name, container["wish"]) >= self.most(container["wish"]):
            raise refusal(9, "Application request limit reached", 2207042, is_transient=False)
        container["published"] = True
        made = self.new_id()
        self.posts[made] = {"id": made, "account": name, "at": clock.now(), "wish": container["wish"]}
        return JSONResponse({"id": made})

    def most(self, wish: Mapping[str, Any]) -> int:
        """How many of this kind an account may post in a day."""
        return self.quota

    def used(self, name: str, wish: Mapping[str, Any]) -> int:
        """How many of this kind the account has posted in the last day."""
        kind, since = bool(wish.get("reply_to_id")), clock.now() - DAY
        own = [post for post in self.posts.values() if post["account"] == name and post["at"] > since]
        return sum(1 for post in own if bool(post["wish"].get("reply_to_id")) == kind)

    def about(self, container: dict[str, Any]) -> dict[str, Any]:
        """What a container says of itself; each look brings a film nearer to its end."""
        state = self.condition(container)
        container["left"] = max(container["left"] - 1, 0)
        said = {"id": container["id"], self.state: state}
        return said | ({self.fault: container["fault"]} if state == "ERROR" else {})

    async def node(self, request: Request) -> Response:
        """A container or a post, by its id."""
        name, id = self.who(request), request.path_params["id"]
        if id in self.media and self.media[id]["account"] == name:
            return JSONResponse(self.about(self.media[id]))
        if id not in self.posts or self.posts[id]["account"] != name:
            raise _meta.not_there(id)
        return JSONResponse(_meta.chosen(self.shown(self.posts[id]), request.query_params.get("fields", "id")))

    def listing(self, request: Request, name: str, want: Any) -> Response:
        """The account's own posts that are wanted, the latest first, without those younger than the lag."""
        since, until = float(request.query_params.get("since", 0)), clock.now() - self.lag
        own = [p for p in self.posts.values() if p["account"] == name and want(p["wish"])]
        own = [p for p in own if p["at"].timestamp() >= since and p["at"] <= until]
        fields = request.query_params.get("fields", "id")
        latest = sorted(own, key=lambda post: -int(post["id"]))
        return JSONResponse({"data": [_meta.chosen(self.shown(post), fields) for post in latest]})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        words = post["wish"].get("text") or post["wish"].get("caption") or "" if post else ""
        if post is None:
            return HTMLResponse("<h1>No such post</h1>", 404)
        return HTMLResponse(f"<title>{self.name} simulator</title><h1>@{post['account']}</h1><p>{_safe(words)}</p>")


def _safe(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
