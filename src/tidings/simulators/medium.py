"""Medium in a box, as its archived documentation describes it: https://github.com/Medium/medium-api-docs"""

import html
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Outgoing, Profile
from tidings.simulators.base import Refusal, Simulator

STATUSES = {"public", "draft", "unlisted"}
TYPES = {"image/jpeg", "image/png", "image/gif", "image/tiff"}


def wrong(status: int, code: int, message: str) -> Refusal:
    """An error as Medium words it."""
    return Refusal(status, {"errors": [{"message": message, "code": code}]})


class MediumNetwork(Simulator):
    """Articles and pictures; nothing can be listed."""

    name = "medium"
    chosen = {"title": "Good morning"}

    def hosts(self) -> dict[str, str]:
        """The one host."""
        return {"api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            Route("/v1/me", self.me),
            Route("/v1/users/{id}/publications", self.publications),
            Route("/v1/images", self.image, methods=["POST"]),
            Route("/v1/{owner}/{id}/posts", self.post, methods=["POST"]),
            Route("/@{name}/{id}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """A token that its owner has had for years."""
        return {"token": self.oauth.grant().access}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this writer."""
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/@{account}")
        return Access(profile, {"access_token": self.oauth.grant(account).access})

    def refused(self) -> Outgoing:
        """Three words in one tag are fine; a status of one's own is not."""
        return Outgoing("Hello", options={**self.chosen, "status": "loud"})

    def _who(self, request: Request) -> str:
        try:
            return self.oauth.account_of(request)
        except Refusal:
            raise wrong(401, 6003, "Token was invalid.") from None

    async def me(self, request: Request) -> Response:
        """Whose token it is."""
        name = self._who(request)
        me = {"id": name, "username": name, "name": name.title(), "url": f"{self.url}/@{name}", "imageUrl": ""}
        return JSONResponse({"data": me})

    async def publications(self, request: Request) -> Response:
        """Where this writer may publish."""
        self._who(request)
        return JSONResponse({"data": [{"id": "b45573563f5a", "name": "Harbour Stories", "url": f"{self.url}/harbour"}]})

    async def image(self, request: Request) -> Response:
        """One picture."""
        self._who(request)
        file: Any = (await request.form())["image"]
        if file.content_type not in TYPES:
            raise wrong(400, 2002, "The image type is not supported.")
        id = f"picture-{len(self.media)}"
        self.media[id] = {"mime": file.content_type, "size": len(await file.read())}
        return JSONResponse({"data": {"url": f"{self.url}/images/{id}", "md5": id}}, 201)

    async def post(self, request: Request) -> Response:
        """An article."""
        name, wish = self._who(request), await request.json()
        owner, id = request.path_params["owner"], request.path_params["id"]
        if owner == "publications" and id != "b45573563f5a":
            raise wrong(403, 6026, "User does not have permission to write to this publication.")
        if wish.get("contentFormat") not in ("html", "markdown") or wish.get("publishStatus") not in STATUSES:
            raise wrong(400, 2004, "contentFormat or publishStatus is not valid.")
        if not wish.get("title") or not wish.get("content") or any(len(tag) > 25 for tag in wish.get("tags", [])):
            raise wrong(400, 2005, "title, content and tags of at most 25 characters are needed.")
        made = self.new_id()
        self.posts[made] = {"id": made, "account": name, "at": clock.now(), "owner": f"{owner}/{id}", "wish": wish}
        shown = {"id": made, "url": f"{self.url}/@{name}/{made}", "publishStatus": wish["publishStatus"]}
        return JSONResponse({"data": {**shown, "tags": wish.get("tags", [])[:3]}}, 201)

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        if post is None or post["wish"]["publishStatus"] == "draft":
            return HTMLResponse("<h1>404</h1>", 404)
        return HTMLResponse(f"<title>Medium simulator</title><pre>{html.escape(post['wish']['content'])}</pre>")


def simulator(url: str) -> Simulator:
    """A fresh Medium at this address."""
    return MediumNetwork(url)
