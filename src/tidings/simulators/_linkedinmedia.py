"""How LinkedIn takes pictures, documents and films: announced, sent to an address of their own, then worked on."""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.simulators._refusal import Refusal
from tidings.simulators.base import Simulator

PART = 4_194_304


def problem(status: int, code: str, message: str) -> Refusal:
    """An error as LinkedIn words it."""
    return Refusal(status, {"message": message, "status": status, "code": code})


class LinkedInMedia(Simulator):
    """Uploads, and what may be done with them."""

    lists_own = False  # pages may ask for what is theirs, members may not
    works_for = 0
    breaks = 0  # that many films cannot be worked on

    def speaker(self, request: Request) -> str:
        """Whose token it is."""
        raise NotImplementedError

    def author_of(self, name: str) -> str:
        """Who posts with this token."""
        raise NotImplementedError

    def urn(self, kind: str) -> str:
        """A fresh URN."""
        raise NotImplementedError

    def media_routes(self) -> list[Route]:
        """Announcing, sending, asking."""
        return [
            *(Route(f"/rest/{kind}s", self.begin, methods=["POST"]) for kind in ("image", "document", "video")),
            Route("/upload/{urn}/{part}", self.take, methods=["PUT"]),
            Route("/rest/images/{urn}", self.image),
            Route("/rest/videos/{urn}", self.video),
        ]

    async def begin(self, request: Request) -> Response:
        """Announce an upload, or end one that came in parts."""
        name, kind, wish = self.speaker(request), request.url.path.rpartition("/")[2][:-1], await request.json()
        if request.query_params["action"] == "finalizeUpload":
            return self._end(wish["finalizeUploadRequest"])
        told = wish["initializeUploadRequest"]
        if told["owner"] != self.author_of(name):
            raise problem(403, "ACCESS_DENIED", "Not enough permissions")
        return JSONResponse({"value": self._announced(kind, told)})

    def _announced(self, kind: str, told: dict[str, Any]) -> dict[str, Any]:
        urn, token = self.urn(kind), secrets.token_urlsafe(12)
        size = told.get("fileSizeBytes", 0)
        fresh = {"parts": {}, "left": self.works_for, "done": False}
        self.media[urn] = {"kind": kind, "token": token, "size": size, **fresh}
        if kind != "video":
            return {kind: urn, "uploadUrl": f"{self.url}/upload/{urn}/0"}
        begins = range(0, size, PART)
        parts = [
            {"uploadUrl": f"{self.url}/upload/{urn}/{n}", "firstByte": at, "lastByte": min(at + PART, size) - 1}
            for n, at in enumerate(begins)
        ]
        return {"video": urn, "uploadToken": token, "uploadInstructions": parts}

    async def take(self, request: Request) -> Response:
        """One part, or all of it."""
        media = self.media[request.path_params["urn"]]
        raw = await request.body()
        tag = secrets.token_hex(8)
        media["parts"][request.path_params["part"]] = (tag, len(raw))
        media["done"] = media["kind"] != "video"
        return Response(status_code=201, headers={"etag": tag})

    def _end(self, told: dict[str, Any]) -> Response:
        media = self.media[told["video"]]
        tags = [tag for tag, _size in media["parts"].values()]
        if told["uploadToken"] != media["token"] or told["uploadedPartIds"] != tags:
            raise problem(400, "ILLEGAL_ARGUMENT", "uploadedPartIds do not fit")
        media["done"] = sum(size for _tag, size in media["parts"].values()) == media["size"]
        return Response(status_code=200)

    async def image(self, request: Request) -> Response:
        """Whether a picture may be used; members may not ask."""
        self.speaker(request)
        if not self.lists_own:
            raise problem(403, "ACCESS_DENIED", "Not enough permissions")
        sent = self.media[request.path_params["urn"]]["done"]
        return JSONResponse({"status": "AVAILABLE" if sent else "WAITING_UPLOAD"})

    async def video(self, request: Request) -> Response:
        """How far LinkedIn is with a film."""
        self.speaker(request)
        media = self.media[request.path_params["urn"]]
        if self.breaks > 0:
            self.breaks -= 1
            return JSONResponse({"status": "PROCESSING_FAILED"})
        media["left"] -= 1
        return JSONResponse({"status": "AVAILABLE" if media["done"] and media["left"] < 0 else "PROCESSING"})

    def usable(self, content: dict[str, Any]) -> None:
        """Refuses media that were never sent, are still worked on, or stand where they may not."""
        images = content.get("multiImage", {}).get("images", [])
        if images and not 2 <= len(images) <= 20:
            raise problem(422, "UNPROCESSABLE_ENTITY", "multiImage: 2 to 20")
        if any(self.media.get(named["id"], {}).get("kind") != "image" for named in images):
            raise problem(422, "UNPROCESSABLE_ENTITY", "multiImage: images only")
        alone = [content["media"]] if "media" in content else []
        for named in (*images, *alone):
            media = self.media.get(named["id"])
            if media is None or not media["done"] or (media["kind"] == "video" and media["left"] >= 0):
                raise problem(422, "MEDIA_ASSET", f"{named['id']} is not available")
