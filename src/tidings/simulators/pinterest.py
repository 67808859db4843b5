"""Pinterest in a box: boards with sections, pins with their media inside, films that are worked on.

https://developers.pinterest.com/docs/api/v5/. Switches: `works_for` (times a film is "processing"), `spoils` (then it
has failed), `trial` (the app's pins are seen by their maker only), `lag` (pins younger than this are not listed).
"""

import html
import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, App, Profile
from tidings.simulators import _boards, _face
from tidings.simulators._pinnumbers import PinNumbers
from tidings.simulators.base import Refusal, Simulator

CLIENT, SECRET = "pin-client", "pin-secret"
SCOPES = "boards:read boards:write pins:read pins:write user_accounts:read"
PAGE = 2  # boards at once, so that there are pages


class PinterestNetwork(PinNumbers):
    """Pins, boards and the store that takes films."""

    name = "pinterest"
    chosen = {"board": "1001"}
    moods = {"that lags": {"lag": timedelta(minutes=3), "works_for": 3}}
    works_for = 1
    spoils = False
    trial = False
    lag = timedelta(0)

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.needs_pkce, self.oauth.gives_refresh = False, True
        self.oauth.access_lives = timedelta(days=30)

    def hosts(self) -> dict[str, str]:
        """The store has an address of its own, as over there."""
        return {"page": self.url, "api": f"{self.url}/api"}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth/", "/api/v5/oauth/token", "/api/v5/oauth/token/revoke"),
            Route("/api/v5/user_account", self.me),
            Route("/api/v5/user_account/analytics", self.days),
            Route("/api/v5/boards", self.boards),
            Route("/api/v5/boards/{id}/sections", self.sections),
            Route("/api/v5/media", self.register, methods=["POST"]),
            Route("/api/v5/media/{id}", self.state),
            Route("/store", self.store, methods=["POST"]),
            Route("/api/v5/pins", self.pin, methods=["POST"]),
            Route("/api/v5/pins", self.pins),
            Route("/api/v5/pins/{id}", self.one, methods=["GET", "PATCH", "DELETE"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/pin/{id}/", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token = self.oauth.grant(account, SCOPES)
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/{account}/")
        return Access(profile, {"access_token": token.access, "refresh_token": token.refresh}, {}, App(CLIENT, SECRET))

    def who(self, request: Request, scope: str = "") -> str:
        """Whose token it is, refusing as Pinterest does."""
        try:
            name = self.oauth.account_of(request)
        except Refusal as refused:
            raise _boards.refusal(401, 2, "Authentication failed.") from refused
        given = request.headers["authorization"].partition(" ")[2]
        (token,) = [token for token in self.oauth.tokens if token.access == given]
        if scope not in re.split("[ ,]", f"{token.scope} "):
            raise _boards.refusal(403, 29, f"Your request is missing the required scope {scope}.")
        return name

    async def me(self, request: Request) -> Response:
        """Whose token it is; the id is the name."""
        name = self.who(request, "user_accounts:read")
        told = {"id": name, "username": name, "business_name": name.title(), **self.profile_counts(name)}
        return JSONResponse({**told, "profile_image": f"{self.url}/faces/{name}.png"})

    async def boards(self, request: Request) -> Response:
        """Two at a time; the bookmark leads on."""
        self.who(request, "boards:read")
        at = int(request.query_params.get("bookmark", 0))
        listed = [{"id": id, "name": name} for id, (name, _) in _boards.BOARDS.items()]
        return JSONResponse({"items": listed[at:at + PAGE], "bookmark": str(at + PAGE) if listed[at + PAGE:] else None})

    async def sections(self, request: Request) -> Response:
        """Those of one board."""
        self.who(request, "boards:read")
        found = _boards.board(request.path_params["id"])[1]
        return JSONResponse({"items": [{"id": id, "name": name} for id, name in found.items()], "bookmark": None})

    async def register(self, request: Request) -> Response:
        """Announce a film; it goes to the store with these parameters."""
        name, wish, id = self.who(request, "pins:write"), await request.json(), self.new_id()
        if wish != {"media_type": "video"}:
            raise _boards.refusal(400, 1, "Invalid media_type.")
        self.media[id] = {"id": id, "account": name, "status": "registered", "left": self.works_for}
        told = {"key": f"uploads/{id}", "policy": "e30=", "x-amz-signature": "0f", "Content-Type": "form"}
        place = {"upload_url": f"{self.url}/store", "upload_parameters": told}
        return JSONResponse({"media_id": id, "media_type": "video", **place}, 201)

    async def store(self, request: Request) -> Response:
        """The store knows the signature and nobody's token; the file comes last."""
        form = await request.form()
        media = self.media.get(str(form.get("key", "")).rpartition("/")[2])
        if not media or "authorization" in request.headers or list(form)[-1] != "file" or "policy" not in form:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        media["status"] = "processing"
        return Response(status_code=204)

    async def state(self, request: Request) -> Response:
        """How far Pinterest's work on a film is."""
        self.who(request, "pins:read")
        media = self._film(request.path_params["id"])
        if media["status"] == "processing":
            media["left"] -= 1
            media["status"] = "processing" if media["left"] > 0 else "failed" if self.spoils else "succeeded"
        return JSONResponse({"media_id": media["id"], "media_type": "video", "status": media["status"]})

    def _film(self, id: str) -> dict[str, Any]:
        if id not in self.media:
            raise _boards.refusal(404, 50, "Media not found.")
        return self.media[id]

    async def pin(self, request: Request) -> Response:
        """A pin, with what Pinterest refuses."""
        name, wish = self.who(request, "pins:write"), await request.json()
        _boards.check(wish)
        id, media = self.new_id(), self._media(wish["media_source"])
        told = {field: value for field, value in wish.items() if field != "media_source"}
        now = clock.now()
        since = {"created_at": f"{now:%Y-%m-%dT%H:%M:%S}", "at": now}
        self.posts[id] = {**told, **media, **since, "id": id, "account": name}
        return JSONResponse(self._shown(id), 201)

    def _media(self, source: dict[str, Any]) -> dict[str, Any]:
        """What the source has in it; refuses what cannot be shown."""
        kind, items = source.get("source_type"), source.get("items", [source])
        if kind == "video_id":
            has_cover = "cover_image_data" in source or "cover_image_key_frame_time" in source
            if self._film(source["media_id"])["status"] != "succeeded" or not has_cover:
                raise _boards.refusal(400, 235, "The video is not ready, or has no cover image.")
            return {"media": {"media_type": "video"}, "film": source["media_id"],
                    "cover": source.get("cover_image_key_frame_time", "a picture")}
        known = kind == "image_base64" or (kind == "multiple_image_base64" and len(items) in range(2, 6))
        if not known:
            raise _boards.refusal(400, 1, "Invalid media_source: from 2 to 5 images in a carousel.")
        if len({round(_boards.ratio(item), 1) for item in items}) > 1:
            raise _boards.refusal(400, 1, "All images of a carousel need the same aspect ratio.")
        return {"media": {"media_type": "image" if len(items) == 1 else "multiple_images"}, "images": len(items)}

    def _shown(self, id: str) -> dict[str, Any]:
        fields = (*_boards.FIELDS - {"media_source"}, "id", "created_at", "media")
        return {field: self.posts[id].get(field) for field in fields}

    async def pins(self, request: Request) -> Response:
        """The account's own pins, the latest first; those younger than the lag are missing."""
        name, until = self.who(request, "pins:read"), clock.now() - self.lag
        own = [id for id, pin in self.posts.items() if pin["account"] == name and pin["at"] <= until]
        listed = sorted(own, key=int, reverse=True)[:int(request.query_params.get("page_size", 25))]
        return JSONResponse({"items": [self._shown(id) for id in listed], "bookmark": None})

    async def one(self, request: Request) -> Response:
        """One pin: shown, changed or taken back."""
        name, id = self.who(request, "pins:read"), request.path_params["id"]
        if self.posts.get(id, {}).get("account") != name:
            raise _boards.refusal(404, 50, "Pin not found.")
        if request.method == "DELETE":
            del self.posts[id]
            return Response(status_code=204)
        if request.method == "PATCH":
            self.posts[id] |= await request.json()
        counted = self.counted(id) if request.query_params.get("pin_metrics") == "true" else {}
        return JSONResponse({**self._shown(id), **counted})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        pin = None if self.trial else self.posts.get(request.path_params["id"])
        said = f"<p>{html.escape(pin.get('description', ''))}</p>" if pin else "<h1>No such pin</h1>"
        return HTMLResponse(f"<title>Pinterest simulator</title>{said}", 200 if pin else 404)


def simulator(url: str) -> Simulator:
    """A fresh Pinterest at this address."""
    return PinterestNetwork(url)
