"""A listmonk server in a box: https://listmonk.app/docs/apis/apis/

What a campaign may become depends on what it is: only drafts and paused ones can be started, only what runs or is
paused can be cancelled. What is sent is finished at the next look. Switch: `missing` (what it answers of a campaign
that is not there).
"""

import base64
import html
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, Outgoing, Profile
from tidings.simulators.base import Refusal, Simulator

LISTS = {3: "Readers", 4: "Friends", 5: "Nobody yet"}
FRIENDS = 7  # who reads the second list; nobody reads the last, and everybody else the first
TEMPLATES = {1: ("Default", "campaign"), 2: ("Order", "tx"), 6: ("Harbour", "campaign")}
BECOMES = {"running": ("draft", "paused"), "cancelled": ("running", "paused"), "paused": ("running",)}
FORMATS = ("richtext", "html", "markdown", "plain", "visual")


def wrong(status: int, message: str) -> Refusal:
    """An error as listmonk words it."""
    return Refusal(status, {"message": message})


def told(data: Any) -> Response:
    """Every answer stands under one name."""
    return JSONResponse({"data": data})


class ListmonkServer(Simulator):
    """Lists, templates, media and campaigns."""

    name = "listmonk"
    chosen = {"subject": "Good morning", "list": "3"}
    missing = 404

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.users = {"demo": "token-of-demo", "other": "token-of-other", "reader": "token-of-reader"}
        self.campaigns: dict[str, dict[str, Any]] = {}  # drafts among them; `posts` are those that were started

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the pages a receipt leads to."""
        return [
            Route("/api/health", self.health),
            Route("/api/lists", self.lists),
            Route("/api/lists/{id:int}", self.list),
            Route("/api/templates", self.templates),
            Route("/api/media", self.upload, methods=["POST"]),
            Route("/api/campaigns", self.listed, methods=["GET"]),
            Route("/api/campaigns", self.create, methods=["POST"]),
            Route("/api/campaigns/{id}", self.campaign, methods=["GET", "DELETE"]),
            Route("/api/campaigns/{id}/status", self.change, methods=["PUT"]),
            Route("/admin/campaigns/{id}", self.page),
            Route("/archive/uuid-{id}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The server, a user and a token."""
        return {"server": self.url, "user": "demo", "token": "token-of-demo"}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this user, by name or as one is called here."""
        account = account.partition("@")[0]
        profile = Profile(f"{account}@news.sim", f"{account}@news.sim", "news.sim", "", self.url)
        return Access(profile, {"user": account, "token": f"token-of-{account}"}, {"url": self.url})

    def lock_out(self) -> None:
        """Every user is deleted."""
        self.users.clear()

    def refused(self) -> Outgoing:
        """A list that nobody reads."""
        return Outgoing("Hello", options={**self.chosen, "list": "5"})

    def drop(self, id: str) -> None:
        """Somebody deletes it over there."""
        del self.campaigns[id]
        super().drop(id)

    def _enter(self, request: Request, right: str = "") -> str:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        user, _, token = base64.b64decode(given).decode().partition(":") if kind == "Basic" else ("", "", "")
        if not token or self.users.get(user) != token:
            raise wrong(403, "invalid API credentials")
        if right and user == "reader":
            raise wrong(403, f"permission denied: {right}")
        return user

    async def health(self, request: Request) -> Response:
        """Whether it is well."""
        self._enter(request)
        return told(True)

    def _list(self, id: int, user: str) -> dict[str, Any]:
        readers = {3: self.crowd(f"{user}@news.sim", "subscriber_count") - FRIENDS, 4: FRIENDS, 5: 0}
        return {"id": id, "name": LISTS[id], "subscriber_count": readers[id]}

    async def lists(self, request: Request) -> Response:
        """Every list."""
        user = self._enter(request)
        return told({"results": [self._list(id, user) for id in LISTS]})

    async def list(self, request: Request) -> Response:
        """One list."""
        user = self._enter(request)
        if request.path_params["id"] not in LISTS:
            raise wrong(400, "List not found")
        return told(self._list(request.path_params["id"], user))

    async def templates(self, request: Request) -> Response:
        """Every template, those for other mail included."""
        self._enter(request)
        return told([{"id": id, "name": name, "type": kind} for id, (name, kind) in TEMPLATES.items()])

    async def upload(self, request: Request) -> Response:
        """A file; its address is told without the server's."""
        self._enter(request, "media:manage")
        file: Any = (await request.form())["file"]
        if not str(file.content_type).startswith("image/"):
            raise wrong(400, "Unsupported file type")
        id = len(self.media) + 1
        self.media[str(id)] = {"mime": file.content_type, "size": len(await file.read())}
        return told({"id": id, "url": f"{urlsplit(self.url).path}/uploads/{id}-{file.filename}"})

    async def listed(self, request: Request) -> Response:
        """Campaigns that are in a state and have something in their names."""
        self._enter(request)
        asked, state = request.query_params.get("query", ""), request.query_params.get("status")
        found = [c for c in self.campaigns.values() if asked in c["name"] and state in (None, c["status"])]
        return told({"results": found})

    async def create(self, request: Request) -> Response:
        """A draft."""
        user, wish = self._enter(request, "campaigns:manage"), await request.json()
        if not wish.get("name") or not wish.get("subject") or len(wish["subject"]) > 5000:
            raise wrong(400, "Invalid length for `subject`.")
        if not wish.get("lists") or not set(wish["lists"]) <= LISTS.keys():
            raise wrong(400, "Invalid list IDs.")
        if wish.get("content_type") not in FORMATS or wish["body"].count("{{") != wish["body"].count("}}"):
            raise wrong(400, "Error compiling template: unclosed action")
        id = len(self.campaigns) + 21
        self.campaigns[str(id)] = {**wish, "id": id, "uuid": f"uuid-{id}", "status": "draft", "by": user}
        return told(self.campaigns[str(id)])

    def _known(self, request: Request) -> dict[str, Any]:
        found = self.campaigns.get(request.path_params["id"])
        if found is None:
            raise wrong(self.missing, "Campaign not found.")
        return found

    async def campaign(self, request: Request) -> Response:
        """Look at one, or delete it."""
        self._enter(request, "" if request.method == "GET" else "campaigns:manage")
        found = self._known(request)
        if request.method == "DELETE":
            del self.campaigns[str(found["id"])]
            self.posts.pop(str(found["id"]), None)
            return told(True)
        if found["status"] == "running":
            found["status"] = "finished"
        bare = {"body": ""} if request.query_params.get("no_body") == "true" else {}
        return told({**found, **bare, **self._counted(str(found["id"]))})

    def _counted(self, id: str) -> dict[str, int]:
        """All zero of a draft."""
        counts = ("sent", "views", "clicks", "bounces")
        return {name: self.grown(id, name) if id in self.posts else 0 for name in counts}

    async def change(self, request: Request) -> Response:
        """Start or stop one."""
        self._enter(request, "campaigns:send")
        found, wanted = self._known(request), (await request.json())["status"]
        if found["status"] not in BECOMES[wanted]:
            raise wrong(400, "Only paused campaigns and drafts can be started.")
        found["status"] = wanted
        if wanted == "running":
            self.posts[str(found["id"])] = found
        return told(found)

    async def page(self, request: Request) -> Response:
        """What is kept of it."""
        found = self.posts.get(request.path_params["id"])
        if found is None:
            return HTMLResponse("<h1>Not found</h1>", 404)
        return HTMLResponse(f"<title>{html.escape(found['subject'])}</title>{found['body']}")


def simulator(url: str) -> Simulator:
    """A fresh server at this address."""
    return ListmonkServer(url)
