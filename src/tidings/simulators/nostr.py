"""A Nostr relay and a Blossom media server in a box: https://github.com/nostr-protocol/nips

Switches: `asks`, `locked`, `duplicate`, `drops`, `said_no`, `longest`, `knows` and `gives` of the relay (see
`_nostrrelay`); `most` bytes of a file; `names`, who is known here by a name (NIP-05).
"""

import base64
import hashlib
import html
import json

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from tidings.core import clock
from tidings.networks import _nip19
from tidings.networks._nostrkeys import Event, Key, genuine
from tidings.networks.base import Access, Profile
from tidings.simulators._nostrrelay import RelaySide
from tidings.simulators.base import Refusal, Simulator

UPLOAD = 24242
TYPES = ("image/", "video/")


class NostrRelay(RelaySide):
    """Notes, media, and a page for each note."""

    name = "nostr"
    moods = {
        "that wants to know who asks": {"asks": True},
        "that says no to what it has": {"duplicate": False},
    }
    most = 20_000_000

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.known: dict[str, str] = {}  # names by public key

    def routes(self) -> list[BaseRoute]:  # type: ignore[override]  # sockets are routes, too
        """The relay, the media server, and what a reader sees."""
        return [
            WebSocketRoute("/relay", self.relay),
            Route("/relay", self.information),
            Route("/media/upload", self.upload, methods=["PUT"]),
            Route("/{address}", self.page),
        ]

    def hosts(self) -> dict[str, str]:
        """The pages are here."""
        return {"pages": self.url}

    @property
    def relay_url(self) -> str:
        """Where the relay listens."""
        return f"ws{self.url.removeprefix('http')}/relay"

    def typed(self) -> dict[str, str]:
        """A key and these two servers."""
        secret = _nip19.encode("nsec", bytes.fromhex(secret_of("demo")))
        return {"key": secret, "relays": self.relay_url, "media": f"{self.url}/media"}

    def access(self, account: str = "demo") -> Access:
        """A key that follows from the name; whoever is known by theirs is the same."""
        account = self.known.get(account, account)
        key = Key(secret_of(account))
        self.known[key.public] = account
        profile = Profile(key.public, key.npub, account.title(), "", f"{self.url}/{key.npub}")
        server = {"relays": {self.relay_url: self.longest}, "media": f"{self.url}/media"}
        return Access(profile, {"key": secret_of(account)}, server)

    def key_of(self, account: str) -> Key:
        """A key that follows from the name."""
        return Key(secret_of(account))

    def lock_out(self) -> None:
        """The relay asks who it is, and lets nobody in any more."""
        self.asks = self.locked = True

    async def upload(self, request: Request) -> Response:
        """A file under its hash (BUD-02)."""
        data = await request.body()
        digest, mime = hashlib.sha256(data).hexdigest(), request.headers.get("content-type", "")
        self._allowed(request, digest)
        if len(data) > self.most:
            raise Refusal(413, {}, {"X-Reason": f"At most {self.most} bytes"})
        if not mime.startswith(TYPES):
            raise Refusal(415, {}, {"X-Reason": "Only pictures and films"})
        made = self.new_id()
        self.media[made] = {"x": digest, "mime": mime, "size": len(data)}
        said = {"url": f"{self.url}/media/{digest}", "sha256": digest, "size": len(data), "type": mime}
        return JSONResponse(said, 201)

    def _allowed(self, request: Request, digest: str) -> None:
        way, _, proof = request.headers.get("authorization", "").partition(" ")
        event: Event = json.loads(base64.b64decode(proof)) if way == "Nostr" else {}
        if not genuine(event) or event["kind"] != UPLOAD:
            raise Refusal(401, {}, {"X-Reason": "Authorization is missing or wrong"})
        tags = {tag[0]: tag[1] for tag in event["tags"]}
        fits = tags.get("t") == "upload" and tags.get("x") == digest
        if not fits or int(tags.get("expiration", "0")) < clock.now().timestamp():
            raise Refusal(401, {}, {"X-Reason": "Authorization is for something else"})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        id = _nip19.decode("nevent", request.path_params["address"])[2:34].hex()
        event = self.posts.get(id)
        if event is None:
            return HTMLResponse("<h1>No relay has this note</h1>", 404)
        said = html.escape(event["content"]).replace("\n", "<br>")
        return HTMLResponse(f"<title>Nostr simulator</title><p>{said}</p>")


def secret_of(account: str) -> str:
    """The secret key of whoever has this name."""
    return hashlib.sha256(f"nostr {account}".encode()).hexdigest()


def simulator(url: str) -> Simulator:
    """A fresh relay at this address."""
    return NostrRelay(url)
