"""A Lemmy server in a box, as 0.19 speaks: https://join-lemmy.org/api/

`knows` is whether it has heard of the community on the other server; otherwise that is resolved first. `flat` puts the
numbers of a post into it, as 1.0 does.
"""

import html
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Profile
from tidings.simulators._lemmyremarks import LemmyRemarks
from tidings.simulators._lemmythings import COMMUNITIES, DOMAIN, LANGUAGES, PEOPLE, named, view, wrong
from tidings.simulators.base import Refusal, Simulator

POST = {"name", "community_id", "url", "body", "alt_text", "honeypot", "nsfw", "language_id", "custom_thumbnail"}
COMMENT = {"content", "post_id", "parent_id", "language_id"}


class LemmyServer(LemmyRemarks):
    """Communities, posts, comments, pictures."""

    name = "lemmy"
    chosen = {"community": "bread@bakers.example", "title": "Good morning"}
    moods = {"that has not heard of the community": {"knows": False}}
    knows = True
    flat = False
    code = ""  # the second factor, if there is one

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        at = "/api/v3"
        return [
            Route(f"{at}/site", self.site),
            Route(f"{at}/user/login", self.login, methods=["POST"]),
            Route(f"{at}/user/logout", self.logout, methods=["POST"]),
            Route(f"{at}/community", self.community),
            Route(f"{at}/resolve_object", self.resolve),
            Route(f"{at}/search", self.search),
            Route("/pictrs/image", self.picture, methods=["POST"]),
            Route(f"{at}/user", self.person),
            *(Route(f"{at}/{kind}", self.make, methods=["POST"]) for kind in ("post", "comment")),
            *(Route(f"{at}/{kind}", self.one) for kind in ("post", "comment")),
            *(Route(f"{at}/{kind}/delete", self.delete, methods=["POST"]) for kind in ("post", "comment")),
            Route(f"{at}/comment/list", self.comments),
            Route("/post/{id}", self.page),
            Route("/comment/{id}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """What a person types."""
        return {"server": self.url, "user": "demo", "password": "correct horse", "code": self.code}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this person, by name or number."""
        account = next((name for name, id in PEOPLE.items() if account == str(id)), account)
        profile = Profile(str(PEOPLE[account]), f"@{account}@{DOMAIN}", account.title(), "", f"{self.url}/u/{account}")
        token = self.oauth.grant(account).access
        return Access(profile, {"access_token": token}, {"url": self.url, "domain": DOMAIN})

    def who(self, request: Request) -> str:
        """Whose token it is."""
        try:
            return self.oauth.account_of(request)
        except Refusal:
            raise wrong(401, "incorrect_login") from None

    async def site(self, request: Request) -> Response:
        """The server, and who asks; a token it does not know makes nobody of them."""
        said: dict[str, Any] = {"site_view": {"site": {"name": "Lemmy"}}, "all_languages": LANGUAGES}
        try:
            me = named(self.oauth.account_of(request))
        except Refusal:
            return JSONResponse(said)
        return JSONResponse({**said, "my_user": {"local_user_view": {"person": me}}})

    async def login(self, request: Request) -> Response:
        """A token for a name and a password."""
        given = await request.json()
        if given.get("password") != "correct horse":
            raise wrong(401, "incorrect_login")
        if self.code and given.get("totp_2fa_token") != self.code:
            raise wrong(400, "incorrect_totp_token" if given.get("totp_2fa_token") else "missing_totp_token")
        token = self.oauth.grant(given["username_or_email"]).access
        return JSONResponse({"jwt": token, "registration_created": False, "verify_email_sent": False})

    async def logout(self, request: Request) -> Response:
        """Forget this token."""
        self.who(request)
        given = request.headers["authorization"].partition(" ")[2]
        for token in self.oauth.tokens:
            token.revoked = token.revoked or token.access == given
        return JSONResponse({"success": True})

    def _community(self, name: str) -> dict[str, Any]:
        short, _, host = name.partition("@")
        return {**COMMUNITIES[name], "name": short, "actor_id": f"https://{host}/c/{short}"}

    async def community(self, request: Request) -> Response:
        """One that this server has heard of."""
        self.who(request)
        name = request.query_params["name"]
        if name not in COMMUNITIES or not (self.knows or name.endswith(DOMAIN)):
            raise wrong(404, "couldnt_find_community")
        return JSONResponse({"community_view": {"community": self._community(name)}})

    async def resolve(self, request: Request) -> Response:
        """Ask the other server."""
        self.who(request)
        name = request.query_params["q"].removeprefix("!")
        if name not in COMMUNITIES:
            raise wrong(404, "couldnt_find_object")
        self.knows = True
        return JSONResponse({"community": {"community": self._community(name)}})

    async def search(self, request: Request) -> Response:
        """Communities or people."""
        self.who(request)
        asked, kind = request.query_params["q"].lower(), request.query_params["type_"]
        communities = [{"community": self._community(name)} for name in COMMUNITIES if asked in name]
        people = [{"person": named(name)} for name in PEOPLE if asked in name]
        both = {"communities": communities, "users": people}
        return JSONResponse({name: found if name == kind.lower() else [] for name, found in both.items()})

    async def picture(self, request: Request) -> Response:
        """One picture."""
        self.who(request)
        file: Any = (await request.form())["images[]"]
        if file.content_type not in ("image/jpeg", "image/png", "image/webp", "image/gif"):
            raise Refusal(400, {"msg": "Unsupported media type"})
        id = f"{self.new_id()}.jpg"
        self.media[id] = {"size": len(await file.read())}
        return JSONResponse({"msg": "ok", "files": [{"file": id, "delete_token": f"delete-{id}"}]}, 201)

    async def make(self, request: Request) -> Response:
        """A post or a comment."""
        name, wish, kind = self.who(request), json.loads(await request.body()), request.url.path.rpartition("/")[2]
        (self._fit_comment if kind == "comment" else self._fit_post)(wish)
        id = self.new_id()
        path = {"path": self.path(id, wish.get("parent_id"))} if kind == "comment" else {}
        self.posts[id] = {
            **wish, **path, "id": int(id), "kind": kind, "account": name, "ap_id": f"{self.url}/{kind}/{id}",
            "published": clock.now().isoformat().replace("+00:00", "Z"), "deleted": False, "removed": False,
        }
        return JSONResponse({f"{kind}_view": self._view(self.posts[id])})

    def _fit_post(self, wish: dict[str, Any]) -> None:
        if set(wish) - POST or not isinstance(wish.get("community_id"), int):
            raise wrong(400, "unknown field or community_id")
        if not 3 <= len(wish["name"]) <= 200 or not wish["name"].strip():
            raise wrong(400, "invalid_post_title")
        if len(wish.get("body", "")) > 50_000:
            raise wrong(400, "invalid_body_field")
        if not wish.get("url", "https://").startswith(("http://", "https://")) or len(wish.get("url", "")) > 2000:
            raise wrong(400, "invalid_url")
        found = next((one for one in COMMUNITIES.values() if one["id"] == wish["community_id"]), None)
        if found is None:
            raise wrong(404, "couldnt_find_community")
        if found["posting_restricted_to_mods"]:
            raise wrong(400, "only_mods_can_post_in_community")

    def _fit_comment(self, wish: dict[str, Any]) -> None:
        if set(wish) - COMMENT or not 0 < len(wish["content"]) <= 10_000:
            raise wrong(400, "invalid_body_field")
        if str(wish["post_id"]) not in self.posts:
            raise wrong(404, "couldnt_find_post")
        if "parent_id" in wish and self.above(wish["parent_id"]) is None:
            raise wrong(404, "couldnt_find_comment")

    def _view(self, made: dict[str, Any]) -> dict[str, Any]:
        return view(self, made, self.flat)

    async def person(self, request: Request) -> Response:
        """What somebody has said, the latest first."""
        self.who(request)
        whose = {str(id): name for name, id in PEOPLE.items()}[request.query_params["person_id"]]
        own = [one for one in reversed(self.posts.values()) if one["account"] == whose]
        lists = {f"{kind}s": [self._view(one) for one in own if one["kind"] == kind] for kind in ("post", "comment")}
        return JSONResponse(lists)

    async def one(self, request: Request) -> Response:
        """A post or a comment; who made it sees it deleted, too."""
        self.who(request)
        kind, made = request.url.path.rpartition("/")[2], self.posts.get(request.query_params["id"])
        if made is None or made["kind"] != kind:
            raise wrong(404, f"couldnt_find_{kind}")
        return JSONResponse({f"{kind}_view": self._view(made)})

    async def delete(self, request: Request) -> Response:
        """Take it away, or back again."""
        self.who(request)
        wish, kind = await request.json(), request.url.path.split("/")[-2]
        made = self.posts.get(str(wish[f"{kind}_id"]))
        if made is None:
            raise wrong(404, f"couldnt_find_{kind}")
        made["deleted"] = wish["deleted"]
        return JSONResponse({f"{kind}_view": self._view(made)})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        made = self.posts.get(request.path_params["id"])
        if made is None or made["deleted"]:
            return HTMLResponse("<h1>404</h1>", 404)
        return HTMLResponse(f"<title>Lemmy simulator</title><pre>{html.escape(json.dumps(made, indent=1))}</pre>")


def simulator(url: str) -> Simulator:
    """A fresh server at this address."""
    return LemmyServer(url)
