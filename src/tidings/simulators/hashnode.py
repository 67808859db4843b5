"""Hashnode in a box: https://github.com/Hashnode/gql-skill

Switches: `pro` (which blogs have the plan), `lag` (seconds for which what is read may be old), `shows_views`. Errors
come with HTTP 200, beside what was found if several were asked for; a draft is gone once it is published; pictures go
to a store beside it, which takes no token.
"""

import html
import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Outgoing, Profile
from tidings.simulators import _face
from tidings.simulators._hashnoderemarks import connection, threads
from tidings.simulators.base import Refusal, Simulator

NO_PRO = "Publication does not have an active Pro plan. Upgrade in your dashboard to access this via the API."
BLOGS = {"64b0c1": ("demo", "Harbour News"), "64b0c2": ("other", "Rye and more"), "64b0c3": ("demo", "No plan")}
MOST = 100_000  # bytes of a request


def wrong(code: str, message: str) -> Refusal:
    """An error as their GraphQL words it."""
    return Refusal(200, {"data": None, "errors": [{"message": message, "extensions": {"code": code}}]})


class HashnodeBox(Simulator):
    """Blogs, drafts and articles."""

    name = "hashnode"
    chosen = {"title": "Good morning"}
    moods = {"that lags": {"lag": 25}}
    lag = 0
    shows_views = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.tokens = {"pat-of-demo": "demo", "pat-of-other": "other"}
        self.pro = {"64b0c1", "64b0c2"}
        self.drafts: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[Route]:
        """The one address of their API, the store for pictures, and the page a receipt leads to."""
        return [
            Route("/gql/", self.graph, methods=["POST"]),
            Route("/bucket", self.store, methods=["POST"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/{blog}/{slug}", self.page),
        ]

    def hosts(self) -> dict[str, str]:
        """Their API, where readers get pictures, and where they write."""
        return {"api": f"{self.url}/gql", "cdn": f"{self.url}/cdn", "site": self.url}

    def typed(self) -> dict[str, str]:
        """A token."""
        return {"token": "pat-of-demo"}

    def access(self, account: str = "demo") -> Access:
        """A connected blog: the one of this id, or the first of this person."""
        id, account = next((id, name) for id, (name, _title) in BLOGS.items() if account in (id, name))
        profile = Profile(id, "harbour.sim", BLOGS[id][1], "", f"{self.url}/{id}")
        return Access(profile, {"access_token": f"pat-of-{account}"})

    def lock_out(self) -> None:
        """Every token is revoked."""
        self.tokens.clear()

    def refused(self) -> Outgoing:
        """Sixteen tags."""
        return Outgoing("Hello", options={**self.chosen, "tags": [f"tag{n}" for n in range(16)]})

    async def graph(self, request: Request) -> Response:
        """One document: the name of its operation says what is wanted here."""
        raw = await request.body()
        if len(raw) > MOST:
            raise Refusal(413, {"errors": [{"message": "request entity too large"}]})
        name = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if name is None:
            raise wrong("UNAUTHENTICATED", "You must be authenticated.")
        asked = await request.json()
        (operation,) = re.findall(r"^(?:query|mutation) (\w+)", asked["query"])
        said = getattr(self, f"on_{operation.lower()}")(name, **asked["variables"])
        missing = [{"message": "Post not found", "extensions": {"code": "NOT_FOUND"}, "path": [part]}
                   for part, one in said.items() if one is None]
        return JSONResponse({"data": said, **({"errors": missing} if missing else {})})

    def _blog(self, name: str, id: str) -> None:
        if BLOGS.get(id, ("", ""))[0] != name:
            raise wrong("NOT_FOUND", "Publication not found")
        if id not in self.pro:
            raise wrong("FORBIDDEN", NO_PRO)

    def _old(self, one: dict[str, Any]) -> bool:
        """Whether it is old enough to be read."""
        return bool(clock.now() >= one["at"] + timedelta(seconds=self.lag))

    def on_me(self, name: str) -> dict[str, Any]:
        """Whose token it is, and their blogs."""
        own = [{"id": id, "title": title, "url": f"{self.url}/{id}", "favicon": f"{self.url}/faces/{id}.png"}
               for id, (owner, title) in BLOGS.items() if owner == name]
        return {"me": {"username": name, "publications": connection(own)}}

    def on_pro(self, name: str, id: str) -> dict[str, Any]:
        """A blog, which must have the plan."""
        self._blog(name, id)
        return {"publication": {"id": id}}

    def on_series(self, name: str, id: str) -> dict[str, Any]:
        """A blog's series."""
        self._blog(name, id)
        series = [{"id": "77", "name": "Breads"}, {"id": "78", "name": "Salt"}]
        return {"publication": {"seriesList": connection(series)}}

    def on_drafts(self, name: str, id: str) -> dict[str, Any]:
        """A blog's drafts."""
        self._blog(name, id)
        own = [d for d in self.drafts.values() if d["publicationId"] == id and not d["gone"] and self._old(d)]
        return {"publication": {"drafts": connection([{"id": draft["id"], "slug": draft["slug"]} for draft in own])}}

    def on_find(self, name: str, id: str, slug: str) -> dict[str, Any]:
        """An article by its slug."""
        self._blog(name, id)
        found = [p for p in self.posts.values() if (p["publicationId"], p["slug"]) == (id, slug) and self._old(p)]
        return {"publication": {"post": self._post(found[0]) if found else None}}

    def on_numbers(self, name: str, **ids: str) -> dict[str, Any]:
        """What is counted of several articles, each under the name that it was asked by."""
        return {part: self._counted(name, self.posts.get(id)) for part, id in ids.items()}

    def _counted(self, name: str, post: dict[str, Any] | None) -> dict[str, Any] | None:
        if post is None or not self._old(post):
            return None
        self._blog(name, post["publicationId"])
        counts = {theirs: self.grown(post["id"], theirs) for theirs in ("reactionCount", "responseCount", "replyCount")}
        return {"id": post["id"], "views": self.grown(post["id"], "views") if self.shows_views else None, **counts}

    def on_comments(self, name: str, id: str, after: str | None) -> dict[str, Any]:
        """What readers wrote under an article."""
        post, shown = self.posts.get(id), None
        if post and self._old(post):
            shown = {"id": id, "slug": post["slug"], **threads(self.remarks, id, after)}
        return {"me": {"id": f"id-of-{name}"}, "post": shown}

    def on_followers(self, name: str, id: str) -> dict[str, Any]:
        """How many follow a blog."""
        self._blog(name, id)
        return {"publication": {"followersCount": self.crowd(id, "followersCount")}}

    def on_upload(self, name: str, input: dict[str, Any]) -> dict[str, Any]:
        """A place for one picture."""
        if not input["contentType"].startswith("image/") or "svg" in input["contentType"]:
            raise wrong("BAD_USER_INPUT", "Invalid content type")
        fields = {"key": f"res/{len(self.media) + 1}.img", "Content-Type": input["contentType"], "Policy": "signed"}
        self.media[fields["key"]] = {"size": 0}
        return {"createImageUploadURL": {"presignedPost": {"url": f"{self.url}/bucket", "fields": fields}}}

    def on_draft(self, name: str, input: dict[str, Any]) -> dict[str, Any]:
        """Keep a draft."""
        self._blog(name, input["publicationId"])
        if len(input.get("tags", ())) > 15:
            raise wrong("BAD_USER_INPUT", "Too many tags (max 15)")
        if any(not tag["slug"] for tag in input.get("tags", ())):
            raise wrong("BAD_USER_INPUT", "Tag slug is empty")
        id = f"{len(self.drafts) + 1:024x}"
        self.drafts[id] = {**input, "id": id, "at": clock.now(), "gone": False}
        return {"createDraft": {"draft": {"id": id}}}

    def on_publish(self, name: str, input: dict[str, Any]) -> dict[str, Any]:
        """Make an article of a draft, which is gone then."""
        draft = self.drafts.get(input["draftId"])
        if draft is None or draft["gone"] or BLOGS[draft["publicationId"]][0] != name:
            raise wrong("NOT_FOUND", "Draft not found")
        self._blog(name, draft["publicationId"])
        if not draft.get("title") or not draft.get("contentMarkdown"):
            raise wrong("BAD_USER_INPUT", "Title and content are needed to publish")
        draft["gone"], id = True, f"p{draft['id']}"
        self.posts[id] = {**draft, "id": id, "at": clock.now()}
        return {"publishDraft": {"post": self._post(self.posts[id])}}

    def _post(self, post: dict[str, Any]) -> dict[str, Any]:
        return {"id": post["id"], "url": f"{self.url}/{post['publicationId']}/{post['slug']}"}

    async def store(self, request: Request) -> Response:
        """A signed place; who brings a token along, or changes what was signed, is sent away."""
        form = await request.form()
        file: Any = form["file"]
        signed = form.get("Policy") == "signed" and form.get("key") in self.media and list(form)[-1] == "file"
        if not signed or "authorization" in request.headers:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        self.media[str(form["key"])] = {"size": len(await file.read()), "mime": form["Content-Type"]}
        return Response(status_code=204)

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        asked = (request.path_params["blog"], request.path_params["slug"])
        found = next((p for p in self.posts.values() if (p["publicationId"], p["slug"]) == asked), None)
        if found is None:
            return HTMLResponse("<h1>404</h1>", 404)
        title, said = html.escape(found["title"]), html.escape(found["contentMarkdown"])
        return HTMLResponse(f"<title>{title}</title><pre>{said}</pre>")


def simulator(url: str) -> Simulator:
    """A fresh Hashnode at this address."""
    return HashnodeBox(url)
