"""MeWe in a box, as far as its developer programme is known.

Switches: `agreed` (whether the person has agreed by the time they come back), `says` (status of a post: 200 or 204).
"""

import html
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, App, Profile
from tidings.simulators.base import Refusal, Simulator

CLIENT, SECRET = "mewe-app", "mewe-key"
GROUPS = {"g1": "Bread Lovers", "g2": "Harbour"}


def wrong(status: int, message: str) -> Refusal:
    """An error as MeWe words it."""
    return Refusal(status, {"message": message})


class MeWeNetwork(Simulator):
    """A page to sign in, photos, posts without a name."""

    name = "mewe"
    names_posts = False
    moods = {"that answers with nothing": {"says": 204}}
    says = 200
    agreed = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.access_lives = timedelta(days=30)
        self.asked: dict[str, str] = {}

    def hosts(self) -> dict[str, str]:
        """The one host."""
        return {"api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        at = "/api/dev"
        return [
            Route("/login", self.login, methods=["GET", "POST"]),
            Route(f"{at}/token", self.token),
            Route(f"{at}/me", self.me),
            Route(f"{at}/groups", self.groups),
            Route(f"{at}/photo/upload", self.photo, methods=["POST"]),
            Route(f"{at}/me/post", self.post, methods=["POST"]),
            Route(f"{at}/group/{{group}}/post", self.post, methods=["POST"]),
            Route("/{name}/posts", self.page),
            Route("/group/{group}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this person."""
        profile = Profile(account, account, account.title(), "", f"{self.url}/{account}/posts")
        return Access(profile, {"access_token": self.oauth.grant(account).access}, {}, App(CLIENT, SECRET))

    def _app(self, request: Request) -> None:
        if (request.headers.get("x-app-id"), request.headers.get("x-api-key")) != (CLIENT, SECRET):
            raise wrong(401, "Unauthorized")

    def _who(self, request: Request) -> str:
        self._app(request)
        try:
            return self.oauth.account_of(request)
        except Refusal:
            raise wrong(401, "Unauthorized") from None

    async def login(self, request: Request) -> Response:
        """The page where a person allows us in; POST is their answer."""
        wish = request.query_params
        if wish.get("client_id") != CLIENT:
            return HTMLResponse("<h1>Unknown app</h1>", 400)
        if request.method == "GET":
            return HTMLResponse(
                "<!doctype html><title>MeWe simulator</title>"
                "<form method=post><input type=hidden name=account value=demo>"
                "<button name=answer value=allow>Allow</button> <button name=answer value=deny>Deny</button></form>"
            )
        said, back = await request.form(), {"state": wish.get("state", "")}
        if said.get("answer") == "allow":
            back["loginRequestToken"] = self.new_id()
            self.asked[back["loginRequestToken"]] = str(said.get("account", "demo"))
        return RedirectResponse(f"{wish['redirect_uri']}?{urlencode(back)}", 303)

    async def token(self, request: Request) -> Response:
        """A token for what the person brought back, once they have agreed."""
        self._app(request)
        name = self.asked.get(request.query_params["loginRequestToken"])
        if name is None:
            raise wrong(400, "Unknown login request")
        if not self.agreed:
            return JSONResponse({"pending": True})
        token = self.oauth.grant(name)
        ends = (token.ends or clock.now()).isoformat().replace("+00:00", "Z")
        return JSONResponse({"apiToken": token.access, "expiresAt": ends})

    async def me(self, request: Request) -> Response:
        """Whose token it is."""
        name = self._who(request)
        return JSONResponse({"userId": name, "name": name.title(), "handle": name})

    async def groups(self, request: Request) -> Response:
        """Groups, one to a page."""
        self._who(request)
        n, listed = int(request.query_params.get("page", "0")), list(GROUPS.items())
        more = {"nextPage": f"/api/dev/groups?page={n + 1}"} if n + 1 < len(listed) else {}
        return JSONResponse({"groups": [{"id": listed[n][0], "name": listed[n][1]}], **more})

    async def photo(self, request: Request) -> Response:
        """One picture."""
        self._who(request)
        file: Any = (await request.form())["file"]
        if file.content_type not in ("image/jpeg", "image/png"):
            raise wrong(400, "Unsupported file type")
        id = self.new_id()
        self.media[id] = {"size": len(await file.read())}
        return JSONResponse({"id": id})

    async def post(self, request: Request) -> Response:
        """A post; no name comes back."""
        name, wish, group = self._who(request), await request.json(), request.path_params.get("group", "")
        if group and group not in GROUPS:
            raise wrong(403, "Forbidden")
        photos = wish.get("uploadedPhotoIds", [])
        if not (wish["text"] or photos) or len(wish["text"]) > 63_206 or any(id not in self.media for id in photos):
            raise wrong(400, "Bad request")
        id = self.new_id()
        self.posts[id] = {"id": id, "account": name, "at": clock.now(), "group": group, "wish": wish}
        return Response(status_code=204) if self.says == 204 else JSONResponse({})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        group = request.path_params.get("group", "")
        said = [p["wish"]["text"] for p in self.posts.values() if p["group"] == group]
        return HTMLResponse("<title>MeWe simulator</title>" + "".join(f"<p>{html.escape(one)}</p>" for one in said))


def simulator(url: str) -> Simulator:
    """A fresh MeWe at this address."""
    return MeWeNetwork(url)
