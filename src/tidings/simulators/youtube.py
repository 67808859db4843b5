"""YouTube in a box: films in pieces, work on them, comments. https://developers.google.com/youtube/v3/docs

Switches: `works_for` (looks at which a film is still "uploaded"), `spoils` (then it is rejected for this reason),
`audited` (else films stay locked as private), `verified` (else no thumbnails), `uploads` (left today), `lag` (comments
younger than this are not listed).
"""

import html
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, Profile
from tidings.simulators import _face, _youtube
from tidings.simulators._google import GoogleBox
from tidings.simulators._resumable import Sessions, take
from tidings.simulators._youtubenumbers import ANALYTICS, Numbers
from tidings.simulators.base import Simulator

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"


class YouTubeBox(Numbers):
    """A film is among `media` until it is opened, and among `posts` from then on, as comments are."""

    name = "youtube"
    chosen = {"title": "A walk by the sea", "made_for_kids": "no"}
    moods = {"that works on films": {"works_for": 3, "lag": timedelta(minutes=3)}}
    works_for = 1
    spoils = ""
    audited = True
    verified = True
    uploads = 10_000

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.google = GoogleBox(self.name, url)
        self.oauth = self.google
        self.sessions = Sessions()
        self.long_films = "allowed"

    def hosts(self) -> dict[str, str]:
        """Google's sign-in, the API and the pages."""
        return {**self.google.hosts(), "api": self.url, "site": self.url, "analytics": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        at, up = "/youtube/v3", "/upload/youtube/v3"
        return [
            *self.google.paths(),
            Route(f"{at}/channels", self.channels),
            Route(f"{up}/videos", self.begin, methods=["POST"]),
            Route(f"{up}/videos", self.piece, methods=["PUT"]),
            Route(f"{at}/videos", self.film, methods=["GET", "PUT", "DELETE"]),
            Route(f"{up}/thumbnails/set", self.thumbnail, methods=["POST"]),
            Route(f"{at}/videoCategories", self.categories),
            Route(f"{at}/playlists", self.playlists),
            Route(f"{at}/playlistItems", self.into_playlist, methods=["POST"]),
            *self.comment_routes(at),
            *self.number_routes(),
            Route("/faces/{name}.png", _face.answer),
            Route("/watch", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token = self.oauth.grant(account, f"{SCOPE} {ANALYTICS}")
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/channel/{account}")
        kept = {"access_token": token.access, "refresh_token": token.refresh, "scope": token.scope}
        return Access(profile, kept, {"country": "DE", "long_films": self.long_films}, self.google.app())

    def who(self, request: Request) -> str:
        """Whose token it is, if it may do anything here."""
        name = self.google.who(request)
        given = request.headers["authorization"].partition(" ")[2]
        if not any(token.access == given and SCOPE in token.scope for token in self.oauth.tokens):
            raise _youtube.closed("insufficientPermissions", "Request had insufficient authentication scopes.")
        return name

    async def channels(self, request: Request) -> Response:
        """The account's channel; the id is the name."""
        name = self.who(request)
        face = {"default": {"url": f"{self.url}/faces/{name}.png"}}
        about = {"title": name.title(), "customUrl": f"@{name}", "thumbnails": face, "country": "DE"}
        one = {"id": name, "snippet": about, "status": {"longUploadsStatus": self.long_films}}
        one |= self.statistics_here(name)
        return JSONResponse(_youtube.listed("channel", [] if name == "nobody" else [one]))

    async def begin(self, request: Request) -> Response:
        """A session for a film that is announced."""
        name, wish = self.who(request), await request.json()
        if self.uploads <= 0:
            raise _youtube.closed("quotaExceeded", "The request cannot be completed: you have exceeded your quota.")
        if int(request.headers["x-upload-content-length"]) > _youtube.LARGEST:
            raise _youtube.invalid("uploadTooLarge", "The film is too large.")
        _youtube.check(wish["snippet"], wish["status"])
        id = self.sessions.begin(request, name, {**wish, "notify": request.query_params.get("notifySubscribers")})
        place = f"{self.url}/upload/youtube/v3/videos?uploadType=resumable&upload_id={id}"
        return Response(status_code=200, headers={"Location": place})

    async def piece(self, request: Request) -> Response:
        """A piece of the film, or the question how much is there."""
        session = self.sessions.live(request.query_params.get("upload_id", ""))
        if session is None:
            raise _youtube.missing("session")
        self.who(request)
        answer = await take(session, request)
        if answer is not None:
            return answer
        self.uploads -= 1
        id = f"v{self.new_id()}"
        self.media[id] = {**session.wish, "id": id, "account": session.account, "left": self.works_for,
                          "size": session.there, "beside": []}
        session.made = self._told(id)
        return JSONResponse(session.made)

    def _one(self, name: str, id: str) -> dict[str, Any]:
        found = self.media.get(id) or self.posts.get(id)
        if not found or found["account"] != name:
            raise _youtube.missing("video")
        return found

    def _shown(self, id: str, parts: list[str]) -> dict[str, Any]:
        counted = self.statistics_of(id) if "statistics" in parts and id in self.posts else {}
        return {name: part for name, part in {**self._told(id), **counted}.items() if name in ("id", *parts)}

    def _told(self, id: str) -> dict[str, Any]:
        film = self.media.get(id) or self.posts[id]
        return {"id": id, "snippet": film["snippet"], "status": {**film["status"], **self._state(film)}}

    def _state(self, film: dict[str, Any]) -> dict[str, str]:
        if film["left"] > 0:
            return {"uploadStatus": "uploaded"}
        rejected = {"uploadStatus": "rejected", "rejectionReason": self.spoils}
        return rejected if self.spoils else {"uploadStatus": "processed"}

    async def film(self, request: Request) -> Response:
        """A film: looked at, changed, taken back."""
        name, id = self.who(request), request.query_params.get("id", "")
        if request.method == "GET":
            films = {**self.media, **self.posts}
            ours = [id for id in self.asked(request) if films.get(id, {}).get("account") == name]
            for id in ours:
                films[id]["left"] = max(films[id].get("left", 0) - 1, 0)
            parts = request.query_params["part"].split(",")
            return JSONResponse(_youtube.listed("video", [self._shown(id, parts) for id in ours]))
        if request.method == "DELETE":
            self._one(name, id)
            (self.media if id in self.media else self.posts).pop(id)
            return Response(status_code=204)
        return self._change(name, await request.json(), request.query_params["part"].split(","))

    def _change(self, name: str, wish: dict[str, Any], parts: list[str]) -> Response:
        """A part that is named is replaced as a whole. Whose status is set is open, for whom it says."""
        film = self._one(name, wish["id"])
        _youtube.check(wish.get("snippet", film["snippet"]), wish.get("status", film["status"]))
        film |= {part: wish[part] for part in parts}
        if not self.audited:
            film["status"] = {**film["status"], "privacyStatus": "private"}
        if "status" in parts:
            self.posts[film["id"]] = film
            self.media.pop(film["id"], None)
        return JSONResponse(self._told(film["id"]))

    async def thumbnail(self, request: Request) -> Response:
        """A picture for a film, by verified channels only."""
        film = self._one(self.who(request), request.query_params.get("videoId", ""))
        if not self.verified:
            raise _youtube.closed("forbidden", "The thumbnail can't be set: this channel is not verified.")
        if request.headers.get("content-type") not in ("image/jpeg", "image/png"):
            raise _youtube.invalid("invalidImage", "The provided image content is invalid.")
        film["beside"].append(f"a thumbnail of {len(await request.body())} bytes")
        return JSONResponse({"kind": "youtube#thumbnailSetResponse", "items": []})

    async def categories(self, request: Request) -> Response:
        """Of one region; films may not have all of them."""
        self.who(request)
        if not request.query_params.get("regionCode"):
            raise _youtube.invalid("missingRequiredParameter", "No filter selected.")
        told = [{"id": id, "snippet": {"title": title, "assignable": may}}
                for id, (title, may) in _youtube.CATEGORIES.items()]
        return JSONResponse(_youtube.listed("videoCategory", told))

    async def playlists(self, request: Request) -> Response:
        """The account's own."""
        self.who(request)
        told = [{"id": id, "snippet": {"title": title}} for id, title in _youtube.PLAYLISTS.items()]
        return JSONResponse(_youtube.listed("playlist", told))

    async def into_playlist(self, request: Request) -> Response:
        """Put a film into one of them."""
        name, wish = self.who(request), (await request.json())["snippet"]
        if wish["playlistId"] not in _youtube.PLAYLISTS:
            raise _youtube.missing("playlist")
        self._one(name, wish["resourceId"]["videoId"])["beside"].append(wish["playlistId"])
        return JSONResponse({"kind": "youtube#playlistItem"})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        film = self.posts.get(request.query_params.get("v", ""))
        if film is None:
            return HTMLResponse("<h1>Video unavailable</h1>", 404)
        return HTMLResponse(f"<title>YouTube simulator</title><h1>{html.escape(film['snippet']['title'])}</h1>")


def simulator(url: str) -> Simulator:
    """A fresh YouTube at this address."""
    return YouTubeBox(url)
