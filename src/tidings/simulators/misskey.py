"""A Misskey server in a box: https://misskey-hub.net/en/docs/for-developers/api/

Switches: `longest` (characters of a note), `most` (megabytes of a file), `oldest_first` (how notes are listed); those
of its numbers are in `_misskeynumbers`.
"""

import html
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Profile
from tidings.simulators import _face
from tidings.simulators._misskeynumbers import wrong
from tidings.simulators._misskeyremarks import Mentions
from tidings.simulators.base import Refusal, Simulator

DOMAIN = "misskey.sim"
VISIBLE = {"public", "home", "followers", "specified"}
REACTIONS = {None, "likeOnly", "likeOnlyForRemote", "nonSensitiveOnly", "nonSensitiveOnlyForLocalLikeOnlyForRemote"}
CHANNELS = {"ch1": "Bread", "ch2": "Harbour"}


class MisskeyServer(Mentions):
    """MiAuth, a drive, notes, channels."""

    name = "misskey"
    moods = {"that lists the oldest first": {"oldest_first": True}}
    longest = 3000
    most = 10
    oldest_first = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.sessions: dict[str, str] = {}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        calls = {
            "meta": self.meta, "miauth/{session}/check": self.check, "i": self.me, "drive/files/create": self.upload,
            "notes/create": self.create, "notes/delete": self.delete, "users/notes": self.notes, "ap/show": self.show,
            "channels/search": self.channels, "channels/followed": self.channels,
            "users/search-by-username-and-host": self.people, "notes/show": self.note, "notes/mentions": self.mentions,
            "charts/user/following": self.following_chart, "charts/user/pv": self.visits_chart,
        }
        return [
            *(Route(f"/api/{path}", call, methods=["POST"]) for path, call in calls.items()),
            Route("/miauth/{session}", self.consent, methods=["GET", "POST"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/notes/{id}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The name of the server."""
        return {"server": self.url}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this person."""
        server = {"url": self.url, "domain": DOMAIN, "text": self.longest, "bytes": self.most * 1_000_000}
        profile = Profile(account, f"@{account}@{DOMAIN}", account.title(), "", f"{self.url}/@{account}")
        return Access(profile, {"access_token": self.oauth.grant(account).access}, server)

    def who(self, request: Request) -> str:
        """Refuses a token that it does not know."""
        try:
            return self.oauth.account_of(request)
        except Refusal:
            said = "Authentication failed. Please ensure your token is correct."
            raise wrong(401, "AUTHENTICATION_FAILED", said) from None

    async def meta(self, request: Request) -> Response:
        """What the server says of itself."""
        return JSONResponse({"maxNoteTextLength": self.longest, "version": "2026.5.1", "name": "Misskey"})

    async def consent(self, request: Request) -> Response:
        """MiAuth's page; POST is the person's answer."""
        session, asked = request.path_params["session"], request.query_params
        if request.method == "GET":
            return HTMLResponse(
                f"<!doctype html><title>Misskey simulator</title><p>{html.escape(asked['name'])} asks for "
                f"{html.escape(asked['permission'])}</p><form method=post><input type=hidden name=account value=demo>"
                "<button name=answer value=allow>Allow</button> <button name=answer value=deny>Deny</button></form>"
            )
        said = await request.form()
        if said.get("answer") == "allow":
            self.sessions[session] = self.oauth.grant(str(said.get("account", "demo"))).access
        return RedirectResponse(f"{asked['callback']}?session={session}", 303)

    async def check(self, request: Request) -> Response:
        """The token of a session, once."""
        token = self.sessions.pop(request.path_params["session"], None)
        return JSONResponse({"ok": True, "token": token} if token else {"ok": False})

    async def me(self, request: Request) -> Response:
        """Whose token it is, and what their role allows."""
        name = self.who(request)
        face = f"{self.url}/faces/{name}.png"
        followers = self.crowd(name, "followersCount")
        who = {"id": name, "username": name, "name": name.title(), "avatarUrl": face, "followersCount": followers}
        return JSONResponse({**who, "policies": {"maxFileSizeMb": self.most, "driveCapacityMb": 100}})

    async def upload(self, request: Request) -> Response:
        """A file into the drive; the same one again is the same file, unless that is forced."""
        self.who(request)
        form = await request.form()
        file: Any = form["file"]
        raw, comment = await file.read(), str(form.get("comment", ""))
        if len(raw) > self.most * 1_000_000:
            raise wrong(413, "MAX_FILE_SIZE_EXCEEDED", "Cannot upload the file because it exceeds the maximum size.")
        if len(comment) > 512:
            raise wrong(400, "COMMENT_TOO_LONG", "Cannot upload the file because the comment is too long.")
        twin = next((id for id, kept in self.media.items() if kept["raw"] == raw), None)
        id = twin if twin and form.get("force") != "true" else self.new_id()
        kept = {"raw": raw, "comment": comment, "sensitive": form.get("isSensitive") == "true"}
        self.media.setdefault(id, kept)
        return JSONResponse({"id": id, "comment": self.media[id]["comment"]})

    async def create(self, request: Request) -> Response:
        """A note."""
        name, wish = self.who(request), await request.json()
        self._fit(wish)
        id = self.new_id()
        self.posts[id] = {
            **wish, "id": id, "userId": name, "createdAt": clock.now().isoformat().replace("+00:00", "Z"),
            "text": wish.get("text"), "fileIds": wish.get("fileIds", []), "replyId": wish.get("replyId"),
        }
        return JSONResponse({"createdNote": self.posts[id]})

    def _fit(self, wish: dict[str, Any]) -> None:
        text, files, poll = wish.get("text"), wish.get("fileIds", []), wish.get("poll")
        if text == "" or not (text or files or poll or wish.get("renoteId")):
            raise wrong(400, "INVALID_PARAM", "Invalid param.")
        if len(text or "") > self.longest:
            raise wrong(400, "MAX_LENGTH", "You tried posting a note which is too long.")
        if len(files) > 16 or wish.get("visibility", "public") not in VISIBLE or len(wish.get("cw") or "") > 100:
            raise wrong(400, "INVALID_PARAM", "Invalid param.")
        if wish.get("reactionAcceptance") not in REACTIONS or (poll and not 2 <= len(poll["choices"]) <= 10):
            raise wrong(400, "INVALID_PARAM", "Invalid param.")
        if any(id not in self.media for id in files):
            raise wrong(400, "NO_SUCH_FILE", "Some files are not found.")
        if wish.get("replyId") and wish["replyId"] not in self.posts and wish["replyId"] not in self.remarks:
            raise wrong(400, "NO_SUCH_REPLY_TARGET", "No such reply target.")
        if wish.get("channelId") and wish["channelId"] not in CHANNELS:
            raise wrong(400, "NO_SUCH_CHANNEL", "No such channel.")

    async def notes(self, request: Request) -> Response:
        """Somebody's notes since a moment."""
        self.who(request)
        wish = await request.json()
        own = [n for n in self.posts.values() if n["userId"] == wish["userId"] and _ms(n) > wish["sinceDate"]]
        listed = own if self.oldest_first else own[::-1]
        return JSONResponse([self.packed(note) for note in listed[: wish["limit"]]])

    async def show(self, request: Request) -> Response:
        """A note by its address."""
        self.who(request)
        note = self.posts.get((await request.json())["uri"].rpartition("/")[2])
        if note is None:
            raise wrong(400, "NO_SUCH_OBJECT", "No such object.")
        return JSONResponse({"type": "Note", "object": note})

    async def delete(self, request: Request) -> Response:
        """Take a note away."""
        self.who(request)
        if self.posts.pop((await request.json())["noteId"], None) is None:
            raise wrong(400, "NO_SUCH_NOTE", "No such note.")
        return Response(status_code=204)

    async def channels(self, request: Request) -> Response:
        """Channels by name, or those that are followed."""
        self.who(request)
        asked = (await request.json()).get("query", "").lower()
        return JSONResponse([{"id": id, "name": name} for id, name in CHANNELS.items() if asked in name.lower()])

    async def people(self, request: Request) -> Response:
        """People by the beginning of their name."""
        self.who(request)
        asked = (await request.json())["username"]
        known = {"demo": (None, "Demo"), "anna": ("elsewhere.example", None)}
        found = [(user, *more) for user, more in known.items() if user.startswith(asked)]
        return JSONResponse([{"username": user, "host": host, "name": name} for user, host, name in found])

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        note = self.posts.get(request.path_params["id"])
        if note is None:
            return HTMLResponse("<h1>404</h1>", 404)
        return HTMLResponse(f"<title>Misskey simulator</title><pre>{html.escape(json.dumps(note, indent=1))}</pre>")


def _ms(note: dict[str, Any]) -> int:
    return int(clock.from_iso(note["createdAt"]).timestamp() * 1000)


def simulator(url: str) -> Simulator:
    """A fresh server at this address."""
    return MisskeyServer(url)
