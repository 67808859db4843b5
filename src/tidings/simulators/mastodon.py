"""A Mastodon server in a box: https://docs.joinmastodon.org/api/

`keeps_keys = False` plays the servers that ignore Idempotency-Key; `replay_fails` plays the builds that know the
key again and then answer 500; `busy_for` plays Pleroma, whose lock on a key answers 409 for a while. `software` says
which of its relatives is played.
"""

import html
from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock, text
from tidings.networks.base import Access, Outgoing, Profile
from tidings.simulators import _face, _mastoservers
from tidings.simulators._mastoremarks import MastodonRemarks
from tidings.simulators.base import Refusal, Simulator

KEY_LIVES, MEDIA_LIVES = timedelta(hours=1), timedelta(hours=24)
UNFINISHED = "Cannot attach files that have not finished processing. Try again in a moment!"


class MastodonServer(MastodonRemarks):
    """Statuses, media that take time, keys, polls, limits."""

    name = "mastodon"
    in_demo = True
    moods = _mastoservers.MOODS
    keeps_keys = True
    replay_fails = False
    software = "mastodon"
    longest = 500
    works_for = 0  # times a film answers 206 before it is ready
    busy_for = 0  # times a key that is known answers 409 first

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.keys: dict[tuple[str, str], tuple[str, Any]] = {}
        self.busy: dict[str, int] = {}
        self.oauth.needs_pkce = False

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            Route("/api/{version}/instance", self.instance),
            Route("/.well-known/nodeinfo", self.nodeinfo),
            Route("/nodeinfo/2.0", self.nodeinfo_said),
            Route("/api/v1/apps", self.register, methods=["POST"]),
            *self.oauth.routes("/oauth/authorize", "/oauth/token", "/oauth/revoke"),
            Route("/api/v1/accounts/verify_credentials", self.me),
            Route("/api/v1/accounts/{id}/statuses", self.timeline),
            Route("/api/v2/media", self.upload, methods=["POST"]),
            Route("/api/v1/media/{id}", self.upload_state),
            Route("/api/v1/statuses", self.post, methods=["POST"]),
            Route("/api/v1/statuses/{id}", self.status),
            Route("/api/v1/statuses/{id}/context", self.context),
            Route("/api/v1/statuses/{id}", self.delete, methods=["DELETE"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/@{name}/{id}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The name of the server."""
        return {"server": self.url}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        server = {"url": self.url, "domain": "mastodon.sim", "software": self.software, "text": self.longest,
                  "pictures": 4, "picture_bytes": 16_777_216, "film_bytes": 103_809_024, "choices": 4}
        profile = Profile(account, f"@{account}@mastodon.sim", account.title(), "", f"{self.url}/@{account}")
        return Access(profile, {"access_token": self.oauth.grant(account).access}, server)

    def shapes(self) -> dict[str, Outgoing]:
        """Where words alone are not taken, they come with a picture."""
        found = super().shapes()
        return {"words": replace(found["a picture"], text="Good morning, world"), **found}

    async def instance(self, request: Request) -> Response:
        """Limits as the server announces them."""
        said = _mastoservers.instance(request.path_params["version"], self.software, self.longest)
        if said is None:
            raise Refusal(404, {"error": "Not found"})
        return JSONResponse(said)

    async def nodeinfo(self, request: Request) -> Response:
        """Where the server says what it is."""
        return JSONResponse({"links": [{"rel": "2.0", "href": f"{self.url}/nodeinfo/2.0"}]})

    async def nodeinfo_said(self, request: Request) -> Response:
        """What it is."""
        return JSONResponse({"software": {"name": self.software, "version": "4.7.0"}})

    async def register(self, request: Request) -> Response:
        """Any program may register."""
        wish = await request.json()
        client = self.new_id()
        self.oauth.clients[client] = f"secret-of-{client}"
        self.oauth.redirects[client] = {wish["redirect_uris"]}
        return JSONResponse({"client_id": client, "client_secret": f"secret-of-{client}"})

    async def me(self, request: Request) -> Response:
        """Whose token it is; the id is the name."""
        name = self.oauth.account_of(request)
        face = f"{self.url}/faces/{name}.png"
        who = {"id": name, "username": name, "display_name": name.title(), "url": f"{self.url}/@{name}"}
        return JSONResponse({**who, "avatar": face, "followers_count": self.crowd(name, "followers_count")})

    async def upload(self, request: Request) -> Response:
        """Take a file; films are worked on for a while."""
        self.oauth.account_of(request)
        form = await request.form()
        file: Any = form["file"]
        raw = await file.read()
        film = str(file.content_type).startswith("video/")
        handle = self.new_id()
        self.media[handle] = {
            "id": handle, "mime": file.content_type, "size": len(raw), "description": str(form.get("description", "")),
            "left": self.works_for if film else 0, "at": clock.now(), "raw": b"" if film else raw,
        }
        return JSONResponse({"id": handle, "url": None if self.media[handle]["left"] else "x"}, 202 if film else 200)

    async def upload_state(self, request: Request) -> Response:
        """206 while it is worked on."""
        self.oauth.account_of(request)
        media = self._media(request.path_params["id"])
        media["left"] = max(media["left"] - 1, 0)
        return JSONResponse({"id": media["id"]}, 206 if media["left"] else 200)

    def _media(self, handle: str) -> dict[str, Any]:
        media = self.media.get(handle)
        if media is None or media["at"] + MEDIA_LIVES < clock.now():
            raise Refusal(422, {"error": "Validation failed: Media not found"})
        return media

    async def post(self, request: Request) -> Response:
        """A status; the key is looked at first, and kept after, as the real server does."""
        name = self.oauth.account_of(request)
        key = request.headers.get("idempotency-key", "")
        known = self.keys.get((name, key)) if self.keeps_keys and key else None
        if known and known[1] + KEY_LIVES > clock.now():
            if self.replay_fails:
                raise Refusal(500, {"error": "Internal server error"})
            if known[0] not in self.posts:
                raise Refusal(404, {"error": "Record not found"})
            return self._replayed(key, self.posts[known[0]])
        made = self._make(name, await request.json())
        self.posts[made["id"]] = made
        self.keys[name, key] = (made["id"], clock.now())
        return JSONResponse(made)

    def _replayed(self, key: str, made: dict[str, Any]) -> Response:
        left = self.busy.setdefault(key, self.busy_for)
        self.busy[key] = max(left - 1, 0)
        if left:
            raise Refusal(409, {"error": "An idempotent request is currently being processed."})
        return JSONResponse(made, headers={"idempotent-replayed": "true"} if self.software == "pleroma" else {})

    def _make(self, name: str, wish: dict[str, Any]) -> dict[str, Any]:
        said, handles = wish.get("status", ""), [str(h) for h in wish.get("media_ids") or []]
        if text.mastodon(said) > self.longest:
            raise Refusal(422, {"error": f"Validation failed: Text character limit of {self.longest} exceeded"})
        if not said.strip() and not handles:
            raise Refusal(422, {"error": "Validation failed: Text can't be blank"})
        if self.software == "pixelfed" and not handles and not wish.get("in_reply_to_id"):
            raise Refusal(400, {"error": "Media is required"})
        if len(handles) > 4 or (handles and wish.get("poll")):
            raise Refusal(422, {"error": "Cannot attach more than 4 files"})
        media = [self._media(handle) for handle in handles]
        if any(piece["left"] for piece in media):
            raise Refusal(422, {"error": UNFINISHED})
        parent = wish.get("in_reply_to_id")
        if parent and parent not in self.posts and parent not in self.remarks:
            raise Refusal(404, {"error": "Record not found"})
        made = self.new_id()
        return {
            "id": made, "url": f"{self.url}/@{name}/{made}", "account": name, "created_at": clock.now().isoformat(),
            "content": f"<p>{html.escape(said)}</p>".replace("\n", "<br />"), "in_reply_to_id": parent,
            "media_attachments": [{"id": m["id"], "description": m["description"]} for m in media],
            "visibility": wish.get("visibility", "public"), "spoiler_text": wish.get("spoiler_text", ""),
            "poll": None if self.software == "pixelfed" else wish.get("poll"),
        }

    async def timeline(self, request: Request) -> Response:
        """A person's own statuses, the latest first."""
        name = self.oauth.account_of(request)
        own = [post for post in self.posts.values() if post["account"] == name]
        return JSONResponse(sorted(own, key=lambda post: -int(post["id"]))[:40])

    async def status(self, request: Request) -> Response:
        """One status, by its id."""
        self.oauth.account_of(request)
        if (id := request.path_params["id"]) not in self.posts:
            raise Refusal(404, {"error": "Record not found"})
        counted = ["favourites_count", "reblogs_count", "replies_count", "quotes_count"]
        if self.software != "mastodon":
            counted.pop()
        return JSONResponse({**self.posts[id], **{name: self.grown(id, name) for name in counted}})

    async def delete(self, request: Request) -> Response:
        """Take a status back; a second time is 404."""
        self.oauth.account_of(request)
        if self.posts.pop(request.path_params["id"], None) is None:
            raise Refusal(404, {"error": "Record not found"})
        return JSONResponse({})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        if post is None:
            return HTMLResponse("<h1>No such post</h1>", 404)
        return HTMLResponse(f"<title>Mastodon simulator</title><h1>@{post['account']}</h1>{post['content']}")


def simulator(url: str) -> Simulator:
    """A fresh server at this address."""
    return MastodonServer(url)
