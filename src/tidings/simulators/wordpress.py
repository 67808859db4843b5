"""A WordPress site in a box: https://developer.wordpress.org/rest-api/

Switches: `moderated` (a plugin makes "pending" of what is to be published), `pretty` (addresses without a query),
`discusses` (whether comments are shown to programs), `totals` (whether what stands before it lets its headers through),
`holds` (comments wait for approval), `held` (ids of those that do).
A slug that is taken gets a number, silently; a tag that is there is refused; what is deleted goes into the bin.
"""

import base64
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, Profile
from tidings.simulators._wordpress import wrong
from tidings.simulators._wordpressremarks import Discussion
from tidings.simulators.base import Simulator

PASSWORD = "abcd EFGH ijkl MNOP"  # noqa: S105 -- of nobody
STRANGER = (401, "rest_not_logged_in", "You are not currently logged in.")
NO_AUTHOR = (401, "rest_cannot_create", "Sorry, you are not allowed to create posts as this user.")
KINDS = {"post": ("posts", "Posts"), "page": ("pages", "Pages"), "attachment": ("media", "Media")}
TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/webm", "video/quicktime")


class WordPressSite(Discussion):
    """Articles, media, tags and categories; application passwords."""

    name = "wordpress"
    chosen = {"title": "Good morning"}
    moods = {"without pretty addresses": {"pretty": False}}
    pretty = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.writers: dict[str, str] = {}  # names by number
        self.passwords = {(person, PASSWORD) for person in ("demo", "other", "reader")}  # of each as many as they like
        self.named = {"tidings"}  # one was made by hand
        self.tags: dict[str, int] = {}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, in both forms, and the page a receipt leads to."""
        self.places = {
            "/": self.index, "/wp/v2/users/me": self.me, "/wp/v2/types": self.types, "/wp/v2/categories": self.groups,
            "/wp/v2/tags": self.tag, "/wp/v2/media": self.upload, "/wp/v2/comments": self.comments,
            "/wp/v2/users/me/application-passwords/introspect": self.introspect,
        }
        return [
            Route("/wp-admin/authorize-application.php", self.consent, methods=["GET", "POST"]),
            Route("/wp-json{path:path}", self.api, methods=["GET", "POST", "DELETE"]),
            Route("/{slug}/", self.page),
            Route("/", self.api, methods=["GET", "POST", "DELETE"]),
        ]

    def typed(self) -> dict[str, str]:
        """The site's address; and a writer with a password for programs."""
        return {"server": self.url, "user": "demo", "password": PASSWORD}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this person, by name or number."""
        account = self.writers.get(account, account)
        self.writers[str(len(account))] = account
        api = f"{self.url}/wp-json" if self.pretty else f"{self.url}/?rest_route="
        server = {"url": self.url, "api": api, "title": "Harbour News", "authorize": ""}
        profile = Profile(str(len(account)), f"{account}@wordpress.sim", "Harbour News", "", self.url)
        return Access(profile, {"user": account, "password": PASSWORD}, server)

    def lock_out(self) -> None:
        """All application passwords are revoked."""
        self.passwords.clear()

    def refused(self) -> Any:
        """A kind that the site does not have."""
        said = next(iter(self.shapes().values()))
        return type(said)(said.text, said.media, {**said.options, "status": "no-such-status"})

    async def api(self, request: Request) -> Response:
        """The REST API under both of its addresses."""
        path = request.path_params.get("path") or request.query_params.get("rest_route", "")
        if not path or (not self.pretty and "path" in request.path_params):
            return HTMLResponse("<h1>Harbour News</h1>")
        path = path.partition("&")[0]
        if path in self.places:
            return await self.places[path](request)
        return await self.article(request, path)

    def _pair(self, request: Request) -> tuple[str, str]:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        user, _, password = base64.b64decode(given).decode().partition(":") if kind == "Basic" else ("", "", "")
        return user, password

    def _who(self, request: Request) -> str:
        if self._pair(request) not in self.passwords:
            raise wrong(*(STRANGER if request.method == "GET" else NO_AUTHOR))
        return self._pair(request)[0]

    async def index(self, request: Request) -> Response:
        """What the site says of itself."""
        ask_at = {"endpoints": {"authorization": f"{self.url}/wp-admin/authorize-application.php"}}
        return JSONResponse({
            "name": "Harbour News", "namespaces": ["wp/v2"], "authentication": {"application-passwords": ask_at},
        })

    async def consent(self, request: Request) -> Response:
        """The page where a person makes a password for a program."""
        if request.method == "GET":
            return HTMLResponse("<form method=post><button name=answer value=allow>Yes, I approve</button></form>")
        said, wish = await request.form(), request.query_params
        if said.get("answer") == "allow" and wish["app_name"].lower() in self.named:
            return HTMLResponse("<p>Error: Each application name should be unique.</p>")
        self.named.add(wish["app_name"].lower())
        fresh = (str(said.get("account", "demo")), f"{PASSWORD} {len(self.named)}")
        more = {"site_url": self.url, "user_login": fresh[0], "password": fresh[1]}
        given = more if said.get("answer") == "allow" else {"success": "false"}
        self.passwords |= {fresh} if given is more else set()
        return RedirectResponse(f"{wish['success_url']}&{urlencode(given)}", 303)

    async def me(self, request: Request) -> Response:
        """Whose password it is, and what they may do."""
        name = self._who(request)
        can = {"publish_posts": True} if name != "reader" else {"read": True}
        return JSONResponse({"id": len(name), "slug": name, "name": name.title(), "capabilities": can})

    async def introspect(self, request: Request) -> Response:
        """Which password is in use."""
        return JSONResponse({"uuid": f"uuid-of-{self._who(request)}"})

    async def types(self, request: Request) -> Response:
        """Kinds of articles."""
        self._who(request)
        kinds = {slug: {"slug": slug, "rest_base": b, "name": n, "viewable": True} for slug, (b, n) in KINDS.items()}
        return JSONResponse({**kinds, "wp_block": {"slug": "wp_block", "rest_base": "blocks", "name": "Blocks",
                                                   "viewable": False}})

    async def groups(self, request: Request) -> Response:
        """Categories."""
        self._who(request)
        asked = request.query_params.get("search", "").lower()
        return JSONResponse([
            {"id": n, "name": name} for n, name in ((1, "Uncategorized"), (7, "Bread")) if asked in name.lower()
        ])

    async def tag(self, request: Request) -> Response:
        """Look for tags, or make one; one that is there is refused."""
        self._who(request)
        if request.method == "GET":
            asked = request.query_params["search"].lower()
            return JSONResponse([{"id": id, "name": name} for name, id in self.tags.items() if asked in name.lower()])
        name = (await request.json())["name"]
        if name in self.tags:
            raise wrong(400, "term_exists", "A term with the name provided already exists.", term_id=self.tags[name])
        self.tags[name] = len(self.tags) + 10
        return JSONResponse({"id": self.tags[name], "name": name}, 201)

    async def upload(self, request: Request) -> Response:
        """A file, as its bytes; the ending of its name says of what type it is."""
        self._who(request)
        mime, id = request.headers["content-type"], len(self.media) + 100
        told = request.headers.get("content-disposition", "").encode("latin-1").decode()
        name = told.partition('filename="')[2].rstrip('"')
        if mime not in TYPES or "." not in name:
            raise wrong(500, "rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.")
        self.media[str(id)] = {"id": id, "mime": mime, "size": len(await request.body()), "alt": "", "name": name}
        return JSONResponse({"id": id, "source_url": f"{self.url}/wp-content/uploads/{id}-{quote(name)}"}, 201)

    async def article(self, request: Request, path: str) -> Response:
        """An article or a medium by its path; passwords end here, too."""
        parts = path.strip("/").split("/")[2:]
        name = self._who(request)
        if parts[0] == "users" and request.method == "DELETE":
            self.passwords.discard(self._pair(request))
            return JSONResponse({"deleted": True})
        if parts[0] == "media":
            self.media[parts[1]]["alt"] = (await request.json())["alt_text"]
            return JSONResponse({"id": int(parts[1])})
        if parts[0] == "comments":
            return self.comment(request, parts[1])
        if parts[0] not in ("posts", "pages"):
            raise wrong(404, "rest_no_route", "No route was found matching the URL and request method.")
        if len(parts) == 1:
            creates = request.method == "POST"
            return await self.create(request, name, parts[0]) if creates else self.listed(request)
        post = self.articles.get(parts[1])
        if post is None:
            raise wrong(404, "rest_post_invalid_id", "Invalid post ID.")
        if request.method == "DELETE":
            return self.bin(post)
        if request.method == "POST":
            return await self.update(request, post)
        fields = request.query_params.get("_fields", ",".join(self.shown(post))).split(",")
        return JSONResponse({name: value for name, value in self.shown(post).items() if name in fields})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        slug = request.path_params["slug"]
        public = [p for p in self.articles.values() if p["slug"] == slug and p["status"] == "publish"]
        if not public:
            return HTMLResponse("<h1>Not found</h1>", 404)
        return HTMLResponse(f"<title>{public[0]['title']}</title>{public[0].get('content', '')}")


def simulator(url: str) -> Simulator:
    """A fresh site at this address."""
    return WordPressSite(url)
