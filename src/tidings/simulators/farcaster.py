"""Farcaster in a box, as Neynar speaks for it: https://docs.neynar.com/reference

Switches: `lag` (the feed shows a cast after that long), `forgets` (how long a key is known), `status` of every signer,
`wraps` (the form of several casts).
"""

import html
import json
import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Profile
from tidings.simulators._farcasterremarks import Conversations, wrong
from tidings.simulators.base import Simulator

KEY = "neynar-key"
PEOPLE = {"demo": 101, "other": 102}
CHANNELS = {"bread": "Bread", "harbour": "Harbour"}
HASH = re.compile("0x[0-9a-f]{40}")
FIELDS = {"signer_uuid", "text", "embeds", "idem", "parent", "parent_author_fid", "channel_id"}


class FarcasterNetwork(Conversations):
    """Signers, casts, keys against repetition, a feed."""

    name = "farcaster"
    moods = {"whose feed lags": {"lag": timedelta(minutes=3)}}
    lag = timedelta(0)
    forgets = timedelta(minutes=10)
    status = "approved"
    wraps = True  # whether several casts come in a `result`

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.signers = {f"signer-{name}": name for name in PEOPLE}
        self.keys: dict[str, dict[str, Any]] = {}

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"api": self.url, "page": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        at = "/v2/farcaster"
        return [
            Route(f"{at}/signer/", self.signer),
            Route(f"{at}/user/bulk/", self.users),
            Route(f"{at}/user/search/", self.search),
            Route(f"{at}/user/channels/", self.channels),
            Route(f"{at}/channel/search/", self.channels),
            Route(f"{at}/cast/", self.cast, methods=["POST"]),
            Route(f"{at}/cast/", self.delete, methods=["DELETE"]),
            Route(f"{at}/cast/", self.one),
            Route(f"{at}/cast/conversation/", self.conversation),
            Route(f"{at}/casts/", self.several),
            Route(f"{at}/feed/user/casts/", self.feed),
            Route("/{name}/{hash}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """What a person types."""
        return {"signer": "signer-demo", "key": KEY}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this person, by name or number."""
        account = next((name for name, fid in PEOPLE.items() if str(fid) == account), account)
        profile = Profile(str(PEOPLE[account]), account, account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"signer": f"signer-{account}", "key": KEY})

    def lock_out(self) -> None:
        """Every signer is revoked."""
        self.status = "revoked"

    def key(self, request: Request) -> None:
        """The one that is known."""
        if request.headers.get("x-api-key") != KEY:
            raise wrong(401, "Unauthorized", "Incorrect or missing API key")

    def _who(self, request: Request, signer: str) -> str:
        self.key(request)
        if signer not in self.signers:
            raise wrong(404, "NotFound", "Signer not found")
        if self.status != "approved":
            raise wrong(403, "Forbidden", "Signer is not approved")
        return self.signers[signer]

    def _user(self, name: str) -> dict[str, Any]:
        return {"object": "user", "fid": PEOPLE[name], "username": name, "display_name": name.title(), "pfp_url": None,
                "follower_count": self.crowd(str(PEOPLE[name]), "follower_count")}

    async def signer(self, request: Request) -> Response:
        """Whose signer it is, and whether they have approved it."""
        self.key(request)
        signer = request.query_params["signer_uuid"]
        if signer not in self.signers:
            raise wrong(404, "NotFound", "Signer not found")
        return JSONResponse({"signer_uuid": signer, "status": self.status, "fid": PEOPLE[self.signers[signer]]})

    async def users(self, request: Request) -> Response:
        """People by their numbers."""
        self.key(request)
        wanted = request.query_params["fids"].split(",")
        return JSONResponse({"users": [self._user(name) for name, fid in PEOPLE.items() if str(fid) in wanted]})

    async def search(self, request: Request) -> Response:
        """People by name."""
        self.key(request)
        found = [self._user(name) for name in PEOPLE if name.startswith(request.query_params["q"])]
        return JSONResponse({"result": {"users": found}})

    async def channels(self, request: Request) -> Response:
        """Channels by name, or those a person is active in."""
        self.key(request)
        asked = request.query_params.get("q", "").lower()
        return JSONResponse({"channels": [{"id": id, "name": name} for id, name in CHANNELS.items() if asked in id]})

    async def cast(self, request: Request) -> Response:
        """A cast; one whose key is still known is the one that was made before."""
        wish = await request.json()
        name = self._who(request, wish["signer_uuid"])
        before = self.keys.get(wish.get("idem", ""))
        if before and before["made"] + self.forgets > clock.now():
            return JSONResponse(self._said(before))
        await self._fit(wish)
        hash = self.new_id()
        post = {"hash": hash, "name": name, "made": clock.now(), "wish": wish, "text": wish.get("text", "")}
        self.posts[hash] = self.keys[wish.get("idem") or hash] = post
        return JSONResponse(self._said(post))

    def _said(self, post: dict[str, Any]) -> dict[str, Any]:
        cast = {"hash": post["hash"], "author": {"fid": PEOPLE[post["name"]]}, "text": post["text"]}
        return {"success": True, "cast": cast}

    async def _fit(self, wish: dict[str, Any]) -> None:
        embeds = wish.get("embeds", [])
        if set(wish) - FIELDS or len(embeds) > 2 or not (wish.get("text") or embeds):
            raise wrong(400, "InvalidField", "Invalid request body: text, embeds")
        if len(wish.get("text", "").encode()) > 1024:
            raise wrong(400, "InvalidField", "text must be at most 1024 bytes")
        if wish.get("channel_id") and wish["channel_id"] not in CHANNELS:
            raise wrong(404, "NotFound", "Channel not found")
        self.parent_fits(wish)
        for embed in embeds:
            if "/_public/" in embed.get("url", ""):
                await self.fetch(embed["url"])

    async def delete(self, request: Request) -> Response:
        """Tell everybody to forget a cast."""
        wish = await request.json()
        self._who(request, wish["signer_uuid"])
        if self.posts.pop(wish["target_hash"], None) is None:
            raise wrong(404, "NotFound", "Cast not found")
        return JSONResponse({"success": True})

    def shown(self, post: dict[str, Any]) -> dict[str, Any]:
        """A cast as it is listed."""
        return {
            "object": "cast", "hash": post["hash"], "author": self._user(post["name"]), "text": post["text"],
            "parent_hash": post["wish"].get("parent"), "timestamp": post["made"].isoformat().replace("+00:00", "Z"),
            "reactions": self._counted(post["hash"], "reactions", ("likes_count", "recasts_count")),
            "replies": self._counted(post["hash"], "replies", ("count",)),
        }

    def _counted(self, hash: str, place: str, names: tuple[str, ...]) -> dict[str, int]:
        return {name: self.grown(hash, f"{place}.{name}") for name in names}

    async def several(self, request: Request) -> Response:
        """Casts by their hashes; those that are not known are passed over."""
        self.key(request)
        wanted = request.query_params["casts"].split(",")
        if not all(HASH.fullmatch(hash) for hash in wanted):
            raise wrong(400, "InvalidField", "casts must be cast hashes")
        casts = [self.shown(self.posts[hash]) for hash in wanted if hash in self.posts]
        return JSONResponse({"result": {"casts": casts}} if self.wraps else {"casts": casts})

    async def one(self, request: Request) -> Response:
        """A cast by its address, or by its hash."""
        self.key(request)
        short = request.query_params["identifier"].rpartition("/")[2]
        found = next((post for hash, post in self.posts.items() if hash.startswith(short)), None)
        if found is None:
            by_hash = request.query_params["type"] == "hash"
            raise wrong(404, "NotFound", "Cast not found") if by_hash else wrong(400, "InvalidField", "Cast not found")
        return JSONResponse({"cast": self.shown(found)})

    async def feed(self, request: Request) -> Response:
        """Somebody's casts, the latest first; after a while."""
        self.key(request)
        fid, until = request.query_params["fid"], clock.now() - self.lag
        own = [post for post in self.posts.values() if str(PEOPLE[post["name"]]) == fid and post["made"] <= until]
        return JSONResponse({"casts": [self.shown(post) for post in own[::-1]][:25], "next": {"cursor": None}})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        short = request.path_params["hash"]
        post = next((post for hash, post in self.posts.items() if hash.startswith(short)), None)
        if post is None:
            return HTMLResponse("<h1>404</h1>", 404)
        said = html.escape(json.dumps(post["wish"], indent=1))
        return HTMLResponse(f"<title>Farcaster simulator</title><pre>{said}</pre>")


def simulator(url: str) -> Simulator:
    """A fresh Farcaster at this address."""
    return FarcasterNetwork(url)
