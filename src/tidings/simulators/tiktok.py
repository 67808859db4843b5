"""TikTok in a box: creators, films in pieces, pictures that are fetched, moderation.

https://developers.tiktok.com/doc/content-posting-api-get-started. Switches: `works_for` (looks at which a post is being
processed), `fails` (then with this reason), `audited`, `levels` (who may see it), `closed` (what the creator does not
allow), `longest` (seconds), `busy` (a code that every announcement gets), `at_200` (errors come with a 200),
`moderates` (posts have no number yet), `lag` (posts younger than this are not listed).
"""

import re
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, App, Profile
from tidings.simulators import _face, _tiktok
from tidings.simulators._tiktok import CLIENT, SCOPES, SECRET, KeyBox, invalid, ok, refusal
from tidings.simulators._tiktoknumbers import Counts
from tidings.simulators.base import Refusal, Simulator

EVERYBODY = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
AT = "/v2/post/publish"


class TikTokBox(Counts):
    """`media`: what was announced, by its publish_id; it is a post once it is whole."""

    name = "tiktok"
    chosen = {"mode": "direct", "privacy": "PUBLIC_TO_EVERYONE"}
    moods = {"that takes its time": {"works_for": 3, "lag": timedelta(minutes=3)}}
    works_for = 1
    fails = ""
    audited = True
    longest = 600
    busy = ""
    at_200 = False
    moderates = False
    lag = timedelta(0)

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth = KeyBox(
            self.name, url, clients={CLIENT: SECRET}, access_lives=timedelta(days=1), gives_refresh=True,
            needs_pkce=False,
        )
        self.levels, self.closed = list(EVERYBODY), set[str]()

    def hosts(self) -> dict[str, str]:
        """Pages and API."""
        return {"page": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/v2/auth/authorize/", "/v2/oauth/token/", "/v2/oauth/revoke/"),
            Route("/v2/user/info/", self.me),
            Route(f"{AT}/creator_info/query/", self.creator, methods=["POST"]),
            Route(f"{AT}/video/init/", self.film, methods=["POST"]),
            Route(f"{AT}/inbox/video/init/", self.film, methods=["POST"]),
            Route("/upload/{id}", self.piece, methods=["PUT"]),
            Route(f"{AT}/content/init/", self.pictures, methods=["POST"]),
            Route(f"{AT}/status/fetch/", self.status, methods=["POST"]),
            Route("/v2/video/list/", self.listed, methods=["POST"]),
            Route("/v2/video/query/", self.query, methods=["POST"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/{name}/video/{id}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token = self.oauth.grant(account, SCOPES)
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/@{account}")
        kept = {"access_token": token.access, "refresh_token": token.refresh, "scope": SCOPES}
        return Access(profile, kept, {}, App(CLIENT, SECRET))

    def notice(self, person: str, secret: str = "", at: datetime | None = None) -> tuple[dict[str, str], bytes]:
        """That this person has taken the app's access away."""
        return _tiktok.notice(person, secret, at)

    def who(self, request: Request, scope: str) -> str:
        """Whose token it is, refusing as TikTok does."""
        try:
            name = self.oauth.account_of(request)
        except Refusal as refused:
            raise refusal(401, "access_token_invalid", "The access token is invalid or not found.") from refused
        given = request.headers["authorization"].partition(" ")[2]
        if not any(token.access == given and scope in token.scope for token in self.oauth.tokens):
            raise refusal(200 if self.at_200 else 401, "scope_not_authorized", f"The scope {scope} is missing.")
        return name

    async def me(self, request: Request) -> Response:
        """Whose token it is; the id is the name."""
        name = self.who(request, "user.info.basic")
        me = {"open_id": name, "display_name": name.title(), "avatar_url": f"{self.url}/faces/{name}.png"}
        return ok({"user": self.chosen_of(request, me | self.liked(request, name))})

    async def creator(self, request: Request) -> Response:
        """What the creator may and allows."""
        name = self.who(request, "video.publish")
        shut = {f"{what}_disabled": what in self.closed for what in ("comment", "duet", "stitch")}
        told = {"creator_username": name, "creator_nickname": name.title(), "privacy_level_options": self.levels}
        return ok({**told, **shut, "max_video_post_duration_sec": self.longest})

    def _announced(self, wish: dict[str, Any], at_once: bool) -> None:
        if self.busy:
            raise refusal(200 if self.at_200 else 403, self.busy)
        told = wish.get("post_info", {})
        if at_once:
            _tiktok.check(told, "media_type" not in wish, self.levels)
        if at_once and not self.audited and told["privacy_level"] != "SELF_ONLY":
            raise refusal(403, "unaudited_client_can_only_post_to_private_accounts")

    def _new(self, name: str, at_once: bool, wish: dict[str, Any]) -> dict[str, Any]:
        id = f"v_pub~{self.new_id()}"
        self.media[id] = {"id": id, "account": name, "direct": at_once, "wish": wish, "there": 0, "whole": False,
                          "left": self.works_for, "at": clock.now(), "fails": self.fails}
        return self.media[id]

    async def film(self, request: Request) -> Response:
        """A film is announced; what is only announced is never out."""
        at_once = "inbox" not in request.url.path
        name, wish = self.who(request, "video.publish" if at_once else "video.upload"), await request.json()
        self._announced(wish, at_once)
        if not at_once and set(wish) != {"source_info"}:
            raise invalid("post_info is not a field.")
        _tiktok.plan(wish["source_info"])
        made = self._new(name, at_once, wish)
        return ok({"publish_id": made["id"], "upload_url": f"{self.url}/upload/{made['id']}"})

    async def piece(self, request: Request) -> Response:
        """A piece of a film, in order; the last one is the point of no return."""
        made, body = self.media.get(request.path_params["id"]), await request.body()
        if made is None or made["whole"] or "authorization" in request.headers:
            return Response(status_code=404)
        if made["at"] + timedelta(hours=1) < clock.now():
            return Response(status_code=403)
        size = made["wish"]["source_info"]["video_size"]
        span = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", request.headers["content-range"])
        assert span  # noqa: S101
        fits = int(span[1]) == made["there"] and int(span[2]) - int(span[1]) + 1 == len(body) and int(span[3]) == size
        made["there"] += len(body) if fits else 0
        headers = {"Content-Range": f"bytes 0-{made['there'] - 1}/{size}"} if made["there"] else {}
        if not fits:
            return Response(status_code=416, headers=headers)
        if made["there"] == size:
            self._whole(made)
        return Response(status_code=201 if made["whole"] else 206, headers=headers)

    def _whole(self, made: dict[str, Any]) -> None:
        made |= {"whole": True, "number": self.new_id(), "at": clock.now()}
        if not made["fails"]:
            self.posts[made["number"]] = made

    async def pictures(self, request: Request) -> Response:
        """Pictures are fetched; there is no way back from here."""
        wish = await request.json()
        at_once = wish["post_mode"] == "DIRECT_POST"
        name = self.who(request, "video.publish" if at_once else "video.upload")
        self._announced(wish, at_once)
        _tiktok.words(wish["post_info"], film=False)
        places = wish["source_info"]["photo_images"]
        if not 1 <= len(places) <= 35 or not 0 <= wish["source_info"]["photo_cover_index"] < len(places):
            raise invalid("The number of photos or the cover is invalid.")
        made = self._new(name, at_once, wish)
        try:
            made["fetched"] = [len(await self.fetch(place)) for place in places]
        except OSError:
            made["fails"] = "photo_pull_failed"
        self._whole(made)
        return ok({"publish_id": made["id"]})

    async def status(self, request: Request) -> Response:
        """How far a post is."""
        self.who(request, "video.upload")
        made = self.media.get((await request.json()).get("publish_id", ""))
        if made is None:
            raise refusal(400, "invalid_publish_id", "The publish_id does not exist.")
        if not made["whole"]:
            return ok({"status": "PROCESSING_UPLOAD", "uploaded_bytes": made["there"]})
        made["left"] -= 1
        if made["left"] > 0:
            return ok({"status": "PROCESSING_DOWNLOAD"})
        if made["fails"]:
            return ok({"status": "FAILED", "fail_reason": made["fails"]})
        if not made["direct"]:
            return ok({"status": "SEND_TO_USER_INBOX"})
        numbers = [int(made["number"])] if self.seen_by_all(made) else []
        return ok({"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": numbers})

    def seen_by_all(self, made: dict[str, Any]) -> bool:
        return not self.moderates and made["wish"]["post_info"]["privacy_level"] == "PUBLIC_TO_EVERYONE"

    async def listed(self, request: Request) -> Response:
        """The account's own public posts, the latest first."""
        until = clock.now() - self.lag
        shown = [_shown(post) for post in reversed(self.public(self.who(request, "video.list"))) if post["at"] <= until]
        return ok({"videos": shown, "has_more": False})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        there = request.path_params["id"] in self.posts
        return HTMLResponse("<title>TikTok simulator</title>A post" if there else "Gone", 200 if there else 404)


def _shown(post: dict[str, Any]) -> dict[str, Any]:
    told = post["wish"]["post_info"]
    said = told.get("description", told["title"])
    return {"id": post["number"], "create_time": int(post["at"].timestamp()), "video_description": said}


def simulator(url: str) -> Simulator:
    """A fresh TikTok at this address."""
    return TikTokBox(url)
