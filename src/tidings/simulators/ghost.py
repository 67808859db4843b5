"""A Ghost publication in a box: https://ghost.org/docs/admin-api/

Switches: `ahead` (how many seconds its clock is before ours), `watches` (whether mails are followed). A slug that is
taken gets a number, silently; a change with an old lock is refused, and one that changes nothing is taken; mail goes
out at the first publishing only.
"""

import base64
import html
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks import _hs256
from tidings.networks.base import Access, Outgoing, Profile
from tidings.simulators import _face
from tidings.simulators._ghostnumbers import Counted
from tidings.simulators.base import Refusal, Simulator

ADMIN = "/ghost/api/admin"
LONGEST = {"title": 2000, "slug": 191, "custom_excerpt": 300, "canonical_url": 2000}
FIELDS = {*LONGEST, "html", "visibility", "featured", "feature_image", "feature_image_alt", "tags", "authors",
          "email_only", "status"}
NEWSLETTERS = {"daily-bread": "Daily bread", "weekly": "The week"}


def wrong(status: int, type: str, message: str, code: str = "", context: str = "") -> Refusal:
    """An error as Ghost words it."""
    return Refusal(status, {"errors": [{"message": message, "type": type, "code": code or None, "context": context}]})


class GhostSite(Counted):
    """Posts and pages, by key."""

    name = "ghost"
    chosen = {"title": "Good morning"}
    ahead = 0
    mail_ends = "submitted"  # or "failed", or "pending" for ever

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.keys = {"5f1d": "c0ffee"}
        self.articles: dict[str, dict[str, Any]] = {}  # drafts among them; `posts` are those that can be read
        self.mails: list[tuple[str, str, str]] = []  # article, newsletter, segment

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        at, kind = ADMIN, "{kind:str}"
        return [
            Route(f"{at}/site/", self.site),
            Route(f"{at}/config/", self.config),
            Route(f"{at}/newsletters/", self.newsletters),
            Route(f"{at}/users/", self.users),
            Route(f"{at}/{kind}/upload/", self.upload, methods=["POST"]),
            Route(f"{at}/{kind}/slug/{{slug}}/", self.named),
            Route(f"{at}/members/", self.members),
            Route(f"{at}/{kind}/", self.listed, methods=["GET"]),
            Route(f"{at}/{kind}/", self.create, methods=["POST"]),
            Route(f"{at}/{kind}/{{id}}/", self.article, methods=["GET", "PUT", "DELETE"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/{slug}/", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The publication, by the address of its admin pages, and a key."""
        return {"server": f"{self.url}/ghost", "key": "5f1d:c0ffee"}

    def access(self, account: str = "demo") -> Access:
        """A connected channel; a key is the publication's, not a person's."""
        server = {**self._site(), "api": f"{self.url}{ADMIN}"}
        return Access(Profile(self.url, "ghost.sim", "Harbour News", "", self.url), {"id": "5f1d", "secret": "c0ffee"},
                      server)

    def lock_out(self) -> None:
        """The integration is deleted."""
        self.keys.clear()

    def drop(self, id: str) -> None:
        """Somebody deletes it over there."""
        del self.articles[id]
        super().drop(id)

    def refused(self) -> Outgoing:
        """An excerpt that is too long."""
        return Outgoing("Hello", options={**self.chosen, "excerpt": "x" * 301})

    def _site(self) -> dict[str, str]:
        return {"url": self.url, "title": "Harbour News", "icon": f"{self.url}/faces/harbour.png", "version": "6.65"}

    def _enter(self, request: Request) -> None:
        """Whether the proof is right, and fresh by our clock."""
        kind, _, proof = request.headers.get("authorization", "").partition(" ")
        try:
            head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in proof.split(".")[:2])
        except ValueError:
            raise wrong(400, "BadRequestError", "Invalid token", "INVALID_JWT") from None
        secret = self.keys.get(head.get("kid", ""))
        if kind != "Ghost" or secret is None:
            raise wrong(401, "UnauthorizedError", "Unknown Admin API Key", "UNKNOWN_ADMIN_API_KEY")
        if _hs256.signed(claims, bytes.fromhex(secret), kid=head["kid"]) != proof or claims["aud"] != "/admin/":
            raise wrong(401, "UnauthorizedError", "Invalid token: invalid signature", "INVALID_JWT")
        if clock.now().timestamp() + self.ahead - claims["iat"] > 300:
            raise wrong(401, "UnauthorizedError", "Invalid token: maxAge exceeded", "INVALID_JWT")

    async def site(self, request: Request) -> Response:
        """Anybody may ask."""
        return JSONResponse({"site": self._site()})

    async def config(self, request: Request) -> Response:
        """Whoever has a key may ask."""
        self._enter(request)
        return JSONResponse({"config": {"version": "6.65"}})

    async def newsletters(self, request: Request) -> Response:
        """What can be mailed."""
        self._enter(request)
        return JSONResponse({"newsletters": [{"slug": slug, "name": name} for slug, name in NEWSLETTERS.items()]})

    async def users(self, request: Request) -> Response:
        """Who writes here."""
        self._enter(request)
        return JSONResponse({"users": [{"id": "1", "name": "Ana"}, {"id": "7", "name": "Bo"}]})

    async def upload(self, request: Request) -> Response:
        """A picture or a film, in a form."""
        self._enter(request)
        form, kind, id = await request.form(), request.path_params["kind"], str(len(self.media) + 1)
        file: Any = form["file"]
        if not str(file.content_type).startswith("video/" if kind == "media" else "image/"):
            raise wrong(415, "UnsupportedMediaTypeError", "Please select a valid file.")
        url = f"{self.url}/content/{kind}/{id}-{file.filename}"
        self.media[url] = {"mime": file.content_type, "size": len(await file.read())}
        return JSONResponse({kind: [{"url": url, "ref": form.get("ref")}]}, 201)

    async def named(self, request: Request) -> Response:
        """An article of this slug, drafts included."""
        self._enter(request)
        slug, kind = request.path_params["slug"], request.path_params["kind"]
        found = [one for one in self.articles.values() if (one["slug"], one["kind"]) == (slug, kind)]
        if not found:
            raise wrong(404, "NotFoundError", "Resource not found error, cannot read post.")
        return self._shown(found[0])

    async def create(self, request: Request) -> Response:
        """A new article; an id that was wished for is not looked at."""
        self._enter(request)
        kind, id = request.path_params["kind"], f"{len(self.articles) + 1:024x}"
        (wish,) = (await request.json())[kind]
        self._look(wish)
        if request.query_params.get("source") != "html" or not wish.get("title"):
            raise wrong(422, "ValidationError", "Validation error, cannot save post.", context="title or source")
        self.articles[id] = fresh = {"id": id, "kind": kind, "status": "draft", "slug": "", "lock": 0}
        self._take(fresh, wish)
        return self._shown(fresh, 201)

    def _look(self, wish: dict[str, Any]) -> None:
        long = [name for name, most in LONGEST.items() if len(wish.get(name) or "") > most]
        if long or wish.get("visibility", "public") not in ("public", "members", "paid"):
            raise wrong(422, "ValidationError", "Validation error, cannot save post.",
                        context=f"Validation failed for {(long or ['visibility'])[0]}.")

    def _take(self, one: dict[str, Any], wish: dict[str, Any]) -> None:
        one.update({name: value for name, value in wish.items() if name in FIELDS})
        taken = {other["slug"] for other in self.articles.values() if other is not one}
        plain = "-".join("".join(c if c.isalnum() else " " for c in one["slug"].lower()).split()) or "untitled"
        one["slug"] = next(name for name in (plain, *(f"{plain}-{n}" for n in range(2, 999))) if name not in taken)
        one["lock"] += 1
        self.posts.pop(one["id"], None)
        if one["status"] in ("published", "sent"):
            self.posts[one["id"]] = one

    async def article(self, request: Request) -> Response:
        """Read, change or delete an article by its id."""
        self._enter(request)
        one = self.articles.get(request.path_params["id"])
        if one is None or one["kind"] != request.path_params["kind"]:
            raise wrong(404, "NotFoundError", "Resource not found error, cannot read post.")
        if request.method == "DELETE":
            self.posts.pop(one["id"], None)
            del self.articles[one["id"]]
            return Response(status_code=204)
        with_mail = "email" in request.query_params.get("include", "")
        return self._shown(one, with_mail=with_mail) if request.method == "GET" else await self._change(request, one)

    async def _change(self, request: Request, one: dict[str, Any]) -> Response:
        (wish,) = (await request.json())[one["kind"]]
        self._look(wish)
        new = {name: value for name, value in wish.items() if name in FIELDS and one.get(name) != value}
        if new and wish.get("updated_at") != str(one["lock"]):
            raise wrong(409, "UpdateCollisionError", "Saving failed! Someone else is editing this post.")
        mail = request.query_params.get("newsletter", "")
        if one["status"] == "draft" and new.get("status") == "published" and mail:
            self.mails.append((one["id"], mail, request.query_params["email_segment"]))
            one["email"] = self.mail_ends
            new["status"] = "sent" if one.get("email_only") else "published"
        if new:
            self._take(one, new)
        return self._shown(one)

    def _shown(self, one: dict[str, Any], status: int = 200, with_mail: bool = False) -> Response:
        mail = {"email": {"status": one["email"]} if "email" in one else None} if with_mail else {}
        told = {**mail, "id": one["id"], "status": one["status"], "slug": one["slug"], "updated_at": str(one["lock"])}
        return JSONResponse({one["kind"]: [{**told, "url": f"{self.url}/{one['slug']}/"}]}, status)

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        slug = request.path_params["slug"]
        found = next((one for one in self.posts.values() if one["slug"] == slug and one["status"] == "published"), None)
        if found is None:
            return HTMLResponse("<h1>404</h1>", 404)
        return HTMLResponse(f"<title>{html.escape(found['title'])}</title>{found.get('html', '')}")


def simulator(url: str) -> Simulator:
    """A fresh publication at this address."""
    return GhostSite(url)
