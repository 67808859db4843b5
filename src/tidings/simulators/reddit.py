"""Reddit in a box: errors with status 200, media posts without an id that appear late, flairs.

Switches: `lag` (until a media post appears), `asks_to_wait` (what RATELIMIT says to the next post), `shuts_out` (it
answers the app with a page), `drops_media` (media posts never appear), `hides_scores` (as subreddits may, for a while),
`most` (comments that it lists at once).
"""

import html
import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, App, Outgoing, Profile
from tidings.simulators import _face, _redditnumbers, _shapes, _subreddits
from tidings.simulators._redditremarks import RedditRemarks, errors, listing, shown
from tidings.simulators.base import Refusal, Simulator

CLIENT, SECRET = "reddit-client", "reddit-secret"

class RedditNetwork(RedditRemarks):
    """Posts, comments, the store of files, subreddits and their flairs."""

    name = "reddit"
    chosen = {"subreddit": "test", "title": "Good morning"}
    moods = {"that shows media late": {"lag": timedelta(minutes=4)}}
    lag = timedelta(0)
    asks_to_wait = ""
    shuts_out = False
    drops_media = False
    hides_scores = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.needs_pkce, self.oauth.gives_refresh = False, True
        self.oauth.access_lives = timedelta(hours=1)

    def hosts(self) -> dict[str, str]:
        """The API has an address of its own, as over there."""
        return {"page": self.url, "api": f"{self.url}/oauth"}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/api/v1/authorize", "/api/v1/access_token", "/api/v1/revoke_token"),
            Route("/oauth/api/v1/me", self.me),
            Route("/oauth/subreddits/search", self.subreddits),
            Route("/oauth/subreddits/mine/subscriber", self.subreddits),
            Route("/oauth/r/{name}/api/link_flair_v2", self.flairs),
            Route("/oauth/api/media/asset.json", self.place, methods=["POST"]),
            Route("/store", self.store, methods=["POST"]),
            Route("/oauth/api/submit", self.submit, methods=["POST"]),
            Route("/oauth/api/submit_gallery_post.json", self.submit, methods=["POST"]),
            Route("/oauth/api/submit_poll_post.json", self.submit, methods=["POST"]),
            Route("/oauth/api/comment", self.comment, methods=["POST"]),
            Route("/oauth/api/editusertext", self.edit, methods=["POST"]),
            Route("/oauth/api/del", self.delete, methods=["POST"]),
            Route("/oauth/api/info", self.info),
            Route("/oauth/comments/{id}", self.comments),
            Route("/oauth/user/{name}/{what}", self.own),
            Route("/faces/{name}.png", _face.answer),
            Route("/r/{sr}/comments/{id}/{rest:path}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token = self.oauth.grant(account)
        profile = Profile(account, f"u/{account}", account, "", f"{self.url}/u/{account}")
        return Access(profile, {"access_token": token.access, "refresh_token": token.refresh}, {}, App(CLIENT, SECRET))

    def shapes(self) -> dict[str, Outgoing]:
        """A film has a picture beside it."""
        film = (_shapes.film(self.sample), _shapes.picture(self.sample))
        poll = {**self.chosen, "poll": {"choices": ["Rye", "Wheat"], "minutes": 2880}}
        return super().shapes() | {"a film": Outgoing("", film, self.chosen), "a poll": Outgoing("Which?", (), poll)}

    def who(self, request: Request) -> str:
        """Whose token it is; the app must say its name."""
        if self.shuts_out or not re.match(r"web:reddit-client:\S+ \(by /u/\w*\)", request.headers["user-agent"]):
            raise Refusal(403, "whoa there, pardner!")
        try:
            return self.oauth.account_of(request)
        except Refusal as refused:
            raise Refusal(401, {"message": "Unauthorized", "error": 401}) from refused

    async def me(self, request: Request) -> Response:
        """Whose token it is; the id is the name."""
        name = self.who(request)
        who = {"id": name, "name": name, "icon_img": f"{self.url}/faces/{name}.png"}
        return JSONResponse(who | _redditnumbers.of_profile(self, name))

    async def subreddits(self, request: Request) -> Response:
        """Those whose name has these letters."""
        self.who(request)
        like = request.query_params.get("q", "").lower()
        return listing("t5", [{"display_name": name} for name in _subreddits.NAMES if like in name.lower()])

    async def flairs(self, request: Request) -> Response:
        """What posts can be marked with."""
        self.who(request)
        return JSONResponse([{"id": id, "text": text} for id, text in _subreddits.NAMES[request.path_params["name"]]])

    async def place(self, request: Request) -> Response:
        """Where in the store a file is to go."""
        name, form, id = self.who(request), await request.form(), self.new_id()
        key = f"{id}/{form['filepath']}"
        self.media[id] = {"account": name, "mime": form["mimetype"], "stored": False}
        fields = [{"name": "acl", "value": "private"}, {"name": "key", "value": key}]
        action = f"{self.url.partition(':')[2]}/store"
        return JSONResponse({"args": {"action": action, "fields": fields}, "asset": {"asset_id": id}})

    async def store(self, request: Request) -> Response:
        """The store knows the key and nobody's token."""
        form = await request.form()
        id = str(form.get("key", "")).partition("/")[0]
        if id not in self.media or "authorization" in request.headers or list(form)[-1] != "file":
            return Response("<Error/>", 403, media_type="application/xml")
        self.media[id]["stored"] = True
        return Response(f"<PostResponse><Key>{html.escape(str(form['key']))}</Key></PostResponse>", 201)

    async def submit(self, request: Request) -> Response:
        """A post of any kind; those with a picture or film are answered without an id."""
        name, in_json = self.who(request), "json" in request.headers["content-type"]
        wish: dict[str, Any] = await request.json() if in_json else dict(await request.form())
        if self.asks_to_wait:
            told, self.asks_to_wait = self.asks_to_wait, ""
            return errors("RATELIMIT", told)
        if said := _subreddits.refused(wish, self.media):
            return errors(*said)
        late = wish.get("kind") in ("image", "video", "videogif")
        id, at = self.new_id()[-12:], clock.now() + (self.lag if late else timedelta(0))
        if late and self.drops_media:
            return JSONResponse({"json": {"errors": [], "data": {"user_submitted_page": "", "websocket_url": ""}}})
        permalink = f"/r/{wish['sr']}/comments/{id}/post/"
        self.posts[f"t3_{id}"] = {
            **wish, "name": f"t3_{id}", "id": id, "subreddit": wish["sr"], "selftext": wish.get("text", ""), "from": at,
            "permalink": permalink, "author": name, "created_utc": clock.now().timestamp(), "removed_by_category": None,
        }
        named = {"id": id, "name": f"t3_{id}", "url": f"{self.url}{permalink}"}
        return JSONResponse({"json": {"errors": [], "data": {"websocket_url": "wss://x"} if late else named}})

    async def comment(self, request: Request) -> Response:
        """A comment under a post or a comment."""
        name, form = self.who(request), await request.form()
        parent, said = self.above(str(form["thing_id"])), str(form["text"])
        if parent is None:
            return errors("DELETED_COMMENT", "that comment has been deleted")
        if not said.strip() or len(said) > 10_000:
            return errors("TOO_LONG" if said.strip() else "NO_TEXT", "this cannot be said here")
        id = self.new_id()[-12:]
        made = {
            "name": f"t1_{id}", "id": id, "parent_id": parent["name"], "body": said, "author": name,
            "created_utc": clock.now().timestamp(), "from": clock.now(), "permalink": f"{parent['permalink']}{id}/",
            "link_id": parent.get("link_id") or parent["name"],
        }
        self.posts[made["name"]] = made
        return JSONResponse({"json": {"errors": [], "data": {"things": [{"kind": "t1", "data": shown(made)}]}}})

    async def edit(self, request: Request) -> Response:
        """Other words for a post or comment that has some."""
        form, name = await request.form(), self.who(request)
        thing = self.posts.get(str(form["thing_id"]))
        if not thing or thing["author"] != name or thing.get("kind", "self") != "self":
            return errors("NOT_AUTHOR", "you can't do that")
        thing["body" if "body" in thing else "selftext"] = str(form["text"])
        return JSONResponse({"json": {"errors": [], "data": {"things": []}}})

    async def delete(self, request: Request) -> Response:
        """Take something back; a second time is fine."""
        self.who(request)
        id = str((await request.form())["id"])
        if id in self.posts:
            self.drop(id)
        return JSONResponse({})

    def drop(self, id: str) -> None:
        """Its author is no longer named, and so it stays."""
        self.deleted[id] = {**self.posts[id], "author": "[deleted]", "removed_by_category": "deleted"}
        super().drop(id)

    async def info(self, request: Request) -> Response:
        """Things by their names, a hundred at most; those it does not know are not listed."""
        self.who(request)
        ids = request.query_params["id"].split(",")[:100]
        known = [id for id in ids if id in self.posts]
        there = [self.posts[id] | _redditnumbers.of_thing(self, id, self.hides_scores) for id in known]
        return listing("t3", there + [self.deleted[id] for id in ids if id in self.deleted])

    async def own(self, request: Request) -> Response:
        """What somebody has posted or commented, the latest first."""
        self.who(request)
        kind, name = {"submitted": "t3", "comments": "t1"}[request.path_params["what"]], request.path_params["name"]
        own = [one for one in self.posts.values() if one["author"] == name and one["name"].startswith(kind)]
        there = [one for one in own if one["from"] <= clock.now()]
        return listing(kind, sorted(there, key=lambda one: -float(one["created_utc"]))[:25])

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(f"t3_{request.path_params['id']}")
        said = f"<h1>{html.escape(post['title'])}</h1>" if post else "<h1>Nobody posted this</h1>"
        return HTMLResponse(f"<title>Reddit simulator</title>{said}", 200 if post else 404)


def simulator(url: str) -> Simulator:
    """A fresh Reddit at this address."""
    return RedditNetwork(url)
