"""How Facebook takes media, in a box: photos at once, films in pieces, reels and stories in one stream.

`works_for`: looks at which a film is still worked on; `spoils`: then it has failed. `piece`: bytes asked for at a time.
"""

import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators import _meta
from tidings.simulators._facebook_login import LoginBox
from tidings.simulators._meta import refusal

KINDS = {"reels": "reel", "stories": "story"}


class FacebookMediaBox(LoginBox):
    """Media that no post shows yet."""

    works_for = 1
    spoils = False
    piece = 1_000_000

    def media_routes(self) -> list[Route]:
        """The paths by which media come."""
        return [
            Route("/v26.0/{page}/photos", self.photo, methods=["POST"]),
            Route("/v26.0/{page}/videos", self.video, methods=["POST"]),
            Route("/video-upload/v26.0/{id}", self.stream, methods=["POST"]),
        ]

    async def photo(self, request: Request) -> Response:
        """A picture; published ones are refused here, since that would be a post of its own."""
        page, form = self.who(request, "pages_manage_posts"), await request.form()
        file: Any = form["source"]
        raw = await file.read()
        if form.get("published") != "false":
            raise refusal(100, "Here only unpublished photos are expected")
        if len(raw) > 4_000_000 or raw[:3] not in (b"\xff\xd8\xff", b"\x89PN"):
            raise refusal(324, "Requires upload file: Missing or invalid image file", 2069019)
        return JSONResponse({"id": self._new(page, "photo", len(raw), alt=str(form.get("alt_text_custom", "")))})

    def _new(self, page: str, kind: str, size: int, **more: Any) -> str:
        made = self.new_id()
        self.media[made] = {
            "id": made, "account": page, "kind": kind, "size": size, "at": clock.now(), "done": kind == "photo",
            "got": b"", "left": self.works_for, "spoilt": self.spoils, "out": False, **more,
        }
        return made

    def own(self, page: str, id: str, kind: str) -> dict[str, Any]:
        """A medium of this page and kind."""
        media = self.media.get(str(id))
        if media is None or media["account"] != page or media["kind"] != kind:
            raise _meta.not_there(str(id))
        return media

    async def video(self, request: Request) -> Response:
        """Start, pieces, finish."""
        page, said = self.who(request, "publish_video"), await _meta.said(request)
        if said.get("upload_phase") == "start":
            id = self._new(page, "film", int(said["file_size"]))
            return JSONResponse({"video_id": id, "upload_session_id": f"session-{id}", **self._wanted(self.media[id])})
        media = self.own(page, str(said.get("upload_session_id", "")).removeprefix("session-"), "film")
        if said.get("upload_phase") == "transfer":
            return await self._piece(media, said)
        if len(media["got"]) != media["size"] or said.get("published") is not False:
            raise refusal(6000, "There was a problem uploading your video file.", 1363037)
        media |= {"done": True, "words": {name: said[name] for name in ("title", "description") if name in said}}
        return JSONResponse({"success": True})

    async def _piece(self, media: dict[str, Any], said: dict[str, Any]) -> Response:
        if int(said["start_offset"]) != len(media["got"]):
            raise refusal(6001, "There was a problem uploading your video file: wrong offset.", 1363037)
        media["got"] += await said["video_file_chunk"].read()
        return JSONResponse(self._wanted(media))

    def _wanted(self, media: dict[str, Any]) -> dict[str, str]:
        start = len(media["got"])
        return {"start_offset": str(start), "end_offset": str(min(start + self.piece, media["size"]))}

    def begin(self, page: str, kind: str) -> Response:
        """The start of a reel, or of a film in a story."""
        id = self._new(page, kind, 0)
        return JSONResponse({"video_id": id, "upload_url": f"{self.url}/video-upload/v26.0/{id}"})

    async def stream(self, request: Request) -> Response:
        """All bytes of such a film."""
        token = self.live(request.headers.get("authorization", "").removeprefix("OAuth "))
        media, raw = self.media[request.path_params["id"]], await request.body()
        if media["account"] != token.account or request.headers.get("offset") != "0":
            raise refusal(100, "Invalid offset or video")
        if len(raw) != int(request.headers.get("file_size", 0)):
            raise refusal(6000, "There was a problem uploading your video file.", 1363037)
        media |= {"size": len(raw), "got": hashlib.sha256(raw).digest(), "done": True}
        return JSONResponse({"success": True})

    def status(self, media: dict[str, Any]) -> dict[str, Any]:
        """How far a film is; each look brings it nearer to its end."""
        working, media["left"] = media["left"] > 0, max(media["left"] - 1, 0)
        started = media["out"] or media["kind"] == "film"
        if media["spoilt"] and started and not working:
            errors = [{"code": 1363008, "message": "The film has no picture."}]
            return {"video_status": "error", "processing_phase": {"status": "error", "errors": errors}}
        worked = {"status": "not_started" if not started else "in_progress" if working else "complete"}
        shown = {"status": "complete" if media["out"] and not working else "not_started"}
        state = "upload_complete" if not started else "processing" if working else "ready"
        return {
            "video_status": state, "uploading_phase": {"status": "complete" if media["done"] else "in_progress"},
            "processing_phase": worked, "publishing_phase": shown,
        }
