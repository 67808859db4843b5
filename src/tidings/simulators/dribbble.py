"""Dribbble in a box: API v2, https://developer.dribbble.com/v2/

Switches: `works_for` (times a shot answers 404 before it is there), `swallows` (that many shots never appear),
`counts` (whether followers are told).
"""

import html
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, App, Outgoing, Profile
from tidings.simulators import _face
from tidings.simulators.base import Refusal, Simulator

CLIENT, SECRET = "dribbble-client", "dribbble-secret"
TYPES = {"image/jpeg", "image/png", "image/gif"}


def wrong(status: int, message: str, *errors: tuple[str, str]) -> Refusal:
    """An error as Dribbble words it."""
    told = [{"attribute": attribute, "message": said} for attribute, said in errors]
    return Refusal(status, {"message": message, **({"errors": told} if told else {})})


class DribbbleNetwork(Simulator):
    """Shots that appear late."""

    name = "dribbble"
    chosen = {"title": "A field"}
    moods = {"where shots appear late": {"works_for": 2}}
    works_for = 0
    swallows = 0
    counts = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.needs_pkce = False

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"page": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/oauth/authorize", "/oauth/token"),
            Route("/v2/user", self.me),
            Route("/v2/user/shots", self.shots),
            Route("/v2/shots", self.upload, methods=["POST"]),
            Route("/v2/shots/{id}", self.shot),
            Route("/v2/shots/{id}", self.delete, methods=["DELETE"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/shots/{id}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this designer."""
        profile = Profile(account, account, account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"access_token": self.oauth.grant(account).access}, {}, App(CLIENT, SECRET))

    def refused(self) -> Outgoing:
        """A shot without a title."""
        first = next(iter(self.shapes().values()))
        return Outgoing(first.text, first.media, {"title": " "})

    def _who(self, request: Request) -> str:
        try:
            return self.oauth.account_of(request)
        except Refusal:
            raise wrong(401, "Bad credentials.") from None

    async def me(self, request: Request) -> Response:
        """Whose token it is; "reader" may not upload."""
        name = self._who(request)
        face = f"{self.url}/faces/{name}.png"
        me: dict[str, Any] = {"id": name, "login": name, "name": name.title(), "html_url": f"{self.url}/{name}"}
        teams, me["avatar_url"] = [{"id": 31, "name": "Harbour Studio"}], face
        if self.counts:
            me["followers_count"] = self.crowd(name, "followers_count")
        return JSONResponse({**me, "can_upload_shot": name != "reader", "teams": teams})

    async def upload(self, request: Request) -> Response:
        """One picture with its title; taken now, there later."""
        name, form = self._who(request), await request.form()
        file: Any = form.get("image")
        if not str(form.get("title", "")).strip():
            raise wrong(422, "Validation failed.", ("title", "can't be blank"))
        if file is None or file.content_type not in TYPES:
            raise wrong(422, "Validation failed.", ("image", "must be a JPG, PNG or GIF"))
        if len(str(form.get("tags", "")).split(",")) > 12:
            raise wrong(422, "Validation failed.", ("tags", "at most 12"))
        id, raw = self.new_id(), await file.read()
        self.media[id] = {"size": len(raw), "mime": file.content_type}
        wish = {key: str(value) for key, value in form.items() if key != "image"}
        if self.swallows > 0:
            self.swallows -= 1
        else:
            self.posts[id] = {"id": id, "account": name, "at": clock.now(), "wish": wish, "left": self.works_for}
        return Response(status_code=202, headers={"location": f"{self.url}/v2/shots/{id}"})

    def _told(self, post: dict[str, Any]) -> dict[str, Any]:
        wish, at = post["wish"], post["at"].isoformat()
        told = {"title": wish["title"], "description": wish.get("description"), "published_at": at}
        return {"id": post["id"], **told, "html_url": f"{self.url}/shots/{post['id']}"}

    async def shots(self, request: Request) -> Response:
        """The designer's own, the latest first; only what is there already."""
        name = self._who(request)
        own = [p for p in self.posts.values() if p["account"] == name]
        for post in own:
            post["left"] -= 1
        return JSONResponse([self._told(p) for p in sorted(own, key=lambda p: -int(p["id"])) if p["left"] < 0])

    async def shot(self, request: Request) -> Response:
        """One shot, once it is there."""
        self._who(request)
        post = self.posts.get(request.path_params["id"])
        if post:
            post["left"] -= 1
        if post is None or post["left"] >= 0:
            raise wrong(404, "Not found.")
        return JSONResponse(self._told(post))

    async def delete(self, request: Request) -> Response:
        """Take a shot back."""
        self._who(request)
        if self.posts.pop(request.path_params["id"], None) is None:
            raise wrong(404, "Not found.")
        return Response(status_code=204)

    async def page(self, request: Request) -> Response:
        """What a visitor sees."""
        post = self.posts.get(request.path_params["id"])
        if post is None:
            return HTMLResponse("<h1>Whoops, that page is gone.</h1>", 404)
        return HTMLResponse(f"<title>Dribbble simulator</title><h1>{html.escape(post['wish']['title'])}</h1>")


def simulator(url: str) -> Simulator:
    """A fresh Dribbble at this address."""
    return DribbbleNetwork(url)
