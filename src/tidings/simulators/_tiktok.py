"""TikTok's sign-in in a box, and what it says to posts that it does not take."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from tidings.core import clock
from tidings.simulators import _notices
from tidings.simulators.base import OAuthBox, Refusal

CLIENT, SECRET = "tiktok-client", "tiktok-secret"
SCOPES = "user.info.basic,video.upload,video.publish,video.list,user.info.stats"
MB = 1_000_000
COMMON = {"privacy_level", "disable_comment", "brand_content_toggle", "brand_organic_toggle", "is_aigc", "title"}
FILM = COMMON | {"disable_duet", "disable_stitch", "video_cover_timestamp_ms"}
PICTURES = COMMON | {"description", "auto_add_music"}


class KeyBox(OAuthBox):
    """The client id is called client_key; refusals are flat."""

    async def consent(self, request: Request) -> Response:
        """The page, for who names the key."""
        wish = dict(request.query_params)
        wish["client_id"] = wish.pop("client_key", "")
        if wish["client_id"] not in self.clients:
            return JSONResponse({"error": "invalid_client", "error_description": "Client key is invalid."}, 400)
        if request.method == "GET":
            return HTMLResponse(self._page(wish))
        return self.answer(dict(await request.form()), wish)

    def _client(self, request: Request, given: Any) -> str:
        return super()._client(request, {**given, "client_id": given.get("client_key", "")})


def notice(
    person: str, secret: str = "", at: datetime | None = None, event: str = "authorization.removed"
) -> tuple[dict[str, str], bytes]:
    """One of the events that all come to one address."""
    now = int((at or clock.now()).timestamp())
    said = {"client_key": CLIENT, "event": event, "create_time": now, "user_openid": person, "content": "{}"}
    return _notices.stamped(said, secret or SECRET, at)


def ok(data: Any) -> JSONResponse:
    """A success as TikTok says it."""
    return JSONResponse({"data": data, "error": {"code": "ok", "message": "", "log_id": "2026"}})


def refusal(status: int, code: str, message: str = "") -> Refusal:
    """A refusal in TikTok's form, at times with a 200."""
    return Refusal(status, {"data": {}, "error": {"code": code, "message": message or code, "log_id": "2026"}})


def invalid(message: str) -> Refusal:
    """What was sent is wrong."""
    return refusal(400, "invalid_params", message)


def check(told: dict[str, Any], film: bool, offered: list[str]) -> None:
    """Refuses what TikTok refuses of a post that is to be published at once."""
    if unknown := set(told) - (FILM if film else PICTURES):
        raise invalid(f"{min(unknown)} is not a field.")
    if told.get("privacy_level") not in offered:
        raise refusal(403, "privacy_level_option_mismatch", "Choose one of the privacy levels that are offered.")
    if told.get("brand_content_toggle") and told["privacy_level"] == "SELF_ONLY":
        raise invalid("Branded content visibility cannot be set to private.")
    words(told, film)


def words(told: dict[str, Any], film: bool) -> None:
    """Refuses words that are too long."""
    if length(told.get("title", "")) > (2200 if film else 90) or length(told.get("description", "")) > 4000:
        raise invalid("The title or the description is too long.")


def length(said: str) -> int:
    """In UTF-16 units."""
    return len(said.encode("utf-16-le")) // 2


def plan(source: dict[str, Any]) -> None:
    """Refuses pieces of the wrong size, and films that are too large."""
    size, chunk, many = source["video_size"], source["chunk_size"], source["total_chunk_count"]
    whole = many == 1 and chunk == size <= 64 * MB
    pieces = 5 * MB <= chunk <= 64 * MB and many == size // chunk and many <= 1000
    if source.get("source") != "FILE_UPLOAD" or size > 4000 * MB or not (whole or pieces):
        raise invalid("The total chunk count, the chunk size or the video size is invalid.")
