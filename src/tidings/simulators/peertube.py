"""A PeerTube instance in a box: https://docs.joinpeertube.org/api-rest-reference.html

Switches: `works_for` (looks at which a film is still being transcoded), `spoils` (then that has failed), `filters`
(films do not pass the upload filter).
"""

import html
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, Profile
from tidings.simulators import _face, _peertube
from tidings.simulators._peertube import PasswordBox, refusal
from tidings.simulators._peertubenumbers import CHANNELS
from tidings.simulators._peertuberemarks import Comments
from tidings.simulators._resumable import Sessions, take
from tidings.simulators.base import Simulator

UP = "/api/v1/videos/upload-resumable"


class PeerTubeInstance(Comments):
    """A film is among `media` until it is opened, and among `posts` from then on, as comments are."""

    name = "peertube"
    chosen = {"title": "A walk by the sea"}
    moods = {"that transcodes": {"works_for": 3, "lag": timedelta(minutes=3)}}
    works_for = 1
    spoils = False
    filters = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.box = PasswordBox(self.name, url, access_lives=timedelta(days=1), gives_refresh=True)
        self.oauth = self.box
        self.sessions = Sessions()

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        at = "/api/v1/videos"
        return [
            Route("/api/v1/config", self.config),
            Route("/api/v1/oauth-clients/local", self.client),
            Route("/api/v1/users/token", self.box.exchange, methods=["POST"]),
            Route("/api/v1/users/revoke-token", self.revoke, methods=["POST"]),
            Route("/api/v1/users/me", self.me),
            Route(UP, self.begin, methods=["POST"]),
            Route(UP, self.piece, methods=["PUT"]),
            *[Route(f"{at}/{name}", self.choices) for name in _peertube.LISTS],
            Route(f"{at}/{{id}}", self.film, methods=["GET", "PUT", "DELETE"]),
            Route(f"{at}/{{id}}/comment-threads", self.threads, methods=["GET", "POST"]),
            Route(f"{at}/{{id}}/comment-threads/{{comment}}", self.comment),
            Route(f"{at}/{{id}}/comments/{{comment}}", self.comment, methods=["POST", "DELETE"]),
            *self.number_routes(),
            *self.remark_routes(),
            Route("/faces/{name}.png", _face.answer),
            Route("/w/{id}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The instance, and who signs in."""
        return {"server": self.url, "username": "demo", "password": _peertube.PASSWORD}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token, kinds = self.oauth.grant(account), ["video/mp4", "video/webm", "video/quicktime"]
        server = {"url": self.url, "domain": "peertube.sim", "types": kinds, "user": account}
        profile = Profile("1", f"@{account}_films@peertube.sim", "Films", "", f"{self.url}/c/{account}_films")
        return Access(profile, {"access_token": token.access, "refresh_token": token.refresh}, server)

    async def config(self, request: Request) -> Response:
        """What the instance says of itself."""
        endings = {"extensions": [".mp4", ".webm", ".mov", ".mkv"]}
        return JSONResponse({"serverVersion": "8.1.0", "video": {"file": endings}, "user": {"videoQuota": -1}})

    async def client(self, request: Request) -> Response:
        """The credentials of its own web client."""
        return JSONResponse({"client_id": _peertube.CLIENT, "client_secret": _peertube.SECRET})

    async def revoke(self, request: Request) -> Response:
        """End the access that asks for it."""
        self.box.who(request)
        given = request.headers["authorization"].partition(" ")[2]
        for token in self.oauth.tokens:
            token.revoked = token.revoked or token.access == given
        return JSONResponse({})

    async def me(self, request: Request) -> Response:
        """The person and their two video channels."""
        name = self.box.who(request)
        face = [{"path": f"/faces/{name}.png", "width": 120}]
        told = [{"id": n + 1, "name": f"{name}_{kind}", "displayName": kind.title(), "avatars": face}
                for n, kind in enumerate(CHANNELS)]
        return JSONResponse({"username": name, "videoChannels": told, "videoQuota": -1})

    async def begin(self, request: Request) -> Response:
        """A session for a film that is announced."""
        name, wish = self.box.who(request), await request.json()
        if int(request.headers["x-upload-content-length"]) > _peertube.LARGEST:
            raise refusal(413, "quota_reached", "The user video quota is exceeded with this video.")
        if request.headers["x-upload-content-type"] not in ("video/mp4", "video/webm", "video/quicktime"):
            raise refusal(415, "", "This file is not supported.")
        _peertube.check(wish)
        id = self.sessions.begin(request, name, wish)
        return Response(status_code=201, headers={"Location": f"{self.url}{UP}?upload_id={id}"})

    async def piece(self, request: Request) -> Response:
        """A piece of the film, or the question how much is there."""
        session = self.sessions.live(request.query_params.get("upload_id", ""))
        if session is None:
            raise refusal(404, "", "Upload not found")
        self.box.who(request)
        answer = await take(session, request)
        if answer is not None:
            return answer
        if self.filters:
            raise refusal(403, "", "This video cannot be uploaded on this instance.")
        uuid = f"{self.new_id()}-4a5b"
        self.media[uuid] = {**session.wish, "uuid": uuid, "shortUUID": f"s{self.new_id()}", "account": session.account,
                            "left": self.works_for, "size": session.there, "thumbnail": 0}
        session.made = {"video": {"id": 1, "uuid": uuid, "shortUUID": self.media[uuid]["shortUUID"]}}
        return JSONResponse(session.made)

    async def choices(self, request: Request) -> Response:
        """Categories, licences, languages."""
        return JSONResponse(_peertube.LISTS[request.url.path.rpartition("/")[2]])

    def _one(self, name: str, id: str) -> dict[str, Any]:
        found = self.media.get(id) or self.posts.get(id)
        if not found or found["account"] != name:
            raise refusal(404, "", "Video not found")
        return found

    async def film(self, request: Request) -> Response:
        """A film: looked at, changed, taken back."""
        name, id = self.box.who(request), request.path_params["id"]
        found = self._one(name, id)
        if request.method == "GET":
            found["left"] = max(found["left"] - 1, 0)
            state = 2 if found["left"] else 7 if self.spoils else 1
            told = {"uuid": id, "privacy": {"id": found["privacy"]}, "state": {"id": state}}
            return JSONResponse(told | self.counted(id))
        if request.method == "DELETE":
            (self.media if id in self.media else self.posts).pop(id)
            return Response(status_code=204)
        form = dict(await request.form())
        picture: Any = form.pop("thumbnailfile", None)
        found["thumbnail"] = len(await picture.read()) if picture else found["thumbnail"]
        if "privacy" in form:
            found["privacy"] = int(str(form.pop("privacy")))
            self.posts[id] = found
            self.media.pop(id, None)
        found |= form
        return Response(status_code=204)

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        short = request.path_params["id"].partition(";")[0]
        film = next((post for post in self.posts.values() if post.get("shortUUID") == short), None)
        said = html.escape(film["name"]) if film else "No such video"
        return HTMLResponse(f"<title>PeerTube simulator</title><h1>{said}</h1>", 200 if film else 404)


def simulator(url: str) -> Simulator:
    """A fresh instance at this address."""
    return PeerTubeInstance(url)
