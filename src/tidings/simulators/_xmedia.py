"""How X takes media: pictures at once, films and animations in segments that it then works on."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators.base import Refusal, Simulator

MEDIA_LIVES = timedelta(hours=24)
SEGMENT = 5 * 1024 * 1024


class XMedia(Simulator):
    """The media half of the simulator. `works_for`: times a film is "in progress"; `spoils`: then it has failed."""

    works_for = 1
    spoils = False

    def media_routes(self) -> list[Route]:
        """The paths below /2/media."""
        return [
            Route("/2/media/upload", self.picture, methods=["POST"]),
            Route("/2/media/upload", self.state),
            Route("/2/media/upload/initialize", self.initialize, methods=["POST"]),
            Route("/2/media/upload/{id}/append", self.append, methods=["POST"]),
            Route("/2/media/upload/{id}/finalize", self.finalize, methods=["POST"]),
            Route("/2/media/metadata", self.describe, methods=["POST"]),
        ]

    def who(self, request: Request) -> str:
        """Whose token it is, refusing as X does."""
        try:
            return self.oauth.account_of(request)
        except Refusal as refused:
            raise problem(refused.status, "Unauthorized", "Unauthorized") from refused

    async def picture(self, request: Request) -> Response:
        """A picture in one request."""
        name, form = self.who(request), await request.form()
        file: Any = form["media"]
        if form.get("media_category") != "tweet_image" or file.size > SEGMENT:
            raise invalid("media: this is no picture of at most 5 MB")
        return JSONResponse({"data": self._new_media(name, "tweet_image", file.size, done=True)})

    async def initialize(self, request: Request) -> Response:
        """Announce a film or an animation."""
        name, wish = self.who(request), await request.json()
        if wish.get("media_category") not in ("tweet_video", "tweet_gif"):
            raise invalid("media_category is not valid")
        return JSONResponse({"data": self._new_media(name, wish["media_category"], wish["total_bytes"])})

    def _new_media(self, name: str, category: str, total: int, done: bool = False) -> dict[str, Any]:
        handle, key = self.new_id(), {"tweet_video": 7, "tweet_gif": 16}.get(category, 3)
        self.media[handle] = {
            "id": handle, "media_key": f"{key}_{handle}", "account": name, "category": category, "total": total,
            "segments": {}, "done": done, "left": self.works_for if category == "tweet_video" else 0, "alt": "",
            "spoilt": self.spoils, "at": clock.now(),
        }
        return {"id": handle, "media_key": f"{key}_{handle}", "expires_after_secs": 86_400}

    def usable(self, name: str, handle: str) -> dict[str, Any]:
        """The media of this handle, while it is the account's own and less than a day old."""
        media = self.media.get(handle)
        if media is None or media["account"] != name or media["at"] + MEDIA_LIVES < clock.now():
            raise invalid("Your media IDs are invalid.")
        return media

    async def append(self, request: Request) -> Response:
        """One segment: in order, each at most 5 MB; one that came before may come again."""
        media, form = self.usable(self.who(request), request.path_params["id"]), await request.form()
        file: Any = form["media"]
        index = int(str(form.get("segment_index", -1)))
        if media["done"] or not 0 <= index <= min(len(media["segments"]), 999) or file.size > SEGMENT:
            raise invalid("segment_index or media is not valid")
        media["segments"][index] = file.size
        return JSONResponse({"data": {"expires_at": int((media["at"] + MEDIA_LIVES).timestamp())}})

    async def finalize(self, request: Request) -> Response:
        """The end of the segments; X begins its work."""
        media = self.usable(self.who(request), request.path_params["id"])
        if sum(media["segments"].values()) != media["total"]:
            raise invalid("total_bytes and the segments differ")
        media["done"] = True
        return JSONResponse({"data": _state(media)})

    async def state(self, request: Request) -> Response:
        """How far X's work on a film is."""
        media = self.usable(self.who(request), request.query_params.get("media_id", ""))
        media["left"] = max(media["left"] - 1, 0)
        return JSONResponse({"data": _state(media)})

    async def describe(self, request: Request) -> Response:
        """Alternative text."""
        name, wish = self.who(request), await request.json()
        alt = wish["metadata"]["alt_text"]["text"]
        if len(alt) > 1000:
            raise invalid("alt_text.text is too long")
        self.usable(name, wish["id"])["alt"] = alt
        return JSONResponse({"data": {"id": wish["id"]}})


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Refusal:
    """A refusal in X's form."""
    return Refusal(status, {"title": title, "detail": detail, "type": "about:blank", "status": status}, headers)


def invalid(message: str) -> Refusal:
    """400, with what is wrong."""
    return Refusal(400, {"errors": [{"message": message}], "title": "Invalid Request", "type": "invalid-request"})


def _state(media: dict[str, Any]) -> dict[str, Any]:
    said = {"id": media["id"], "media_key": media["media_key"]}
    if media["category"] != "tweet_video":
        return {**said}
    info: dict[str, Any] = {"state": "in_progress", "check_after_secs": 5} if media["left"] else {"state": "succeeded"}
    if media["spoilt"] and not media["left"]:
        info = {"state": "failed", "error": {"code": 1, "message": "InvalidMedia: the film has no picture"}}
    return {**said, "processing_info": info}
