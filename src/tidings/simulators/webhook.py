"""A receiver of webhooks in a box, by the convention of https://www.standardwebhooks.com

It checks signatures, keeps ids, and tells what it has. Switches: `most` (bytes of a body), `keeps_ids` (a repeated id
makes no second post), `names` (its answers name the post), `status` (the answer to everything, if not 0), `format`,
`says` (in place of some numbers, or beside them).
"""

import base64
import binascii
import hmac
import html
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Outgoing, Profile
from tidings.simulators.base import Refusal, Simulator

SECRET = "whsec_" + base64.b64encode(b"a simulator keeps no secret of it").decode()
TOLERANCE = 300  # seconds that a timestamp may be off


class WebhookReceiver(Simulator):
    """Posts by their own ids; what came under which webhook-id."""

    name = "webhook"
    carried_to = "/"
    moods = {
        "that wants no second try": {"keeps_ids": False, "once": True},
        "that can be asked": {"keeps_ids": False, "asked": True},
        "that says only yes": {"names": False, "names_posts": False},
    }
    most = 100_000
    keeps_ids = True
    names = True
    once = asked = False
    status = 0
    form = "tidings"

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.says: dict[str, Any] = {}
        self.known: dict[str, str] = {}  # webhook-id -> post
        self.bodies: list[bytes] = []
        self.secret = SECRET

    def routes(self) -> list[Route]:
        """The receiver's own settings, the address, what became of an id, and a page for each post."""
        return [
            Route("/", self.settings, methods=["GET", "POST"]),
            Route("/posts", self.receive, methods=["POST"]),
            Route("/posts/{id}", self.told),
            Route("/posts/{id}/numbers", self.numbers),
            Route("/read/{id}", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """The address; the receiver was given the secret before."""
        return {"url": f"{self.url}/posts", "secret": self.secret}

    def access(self, account: str = "demo") -> Access:
        """A receiver that was connected."""
        server = {"url": f"{self.url}/posts", "format": self.form, "media": "url", "once": self.once,
                  "status": f"{self.url}/posts/{{id}}" if self.asked else "",
                  "numbers": f"{self.url}/posts/{{id}}/numbers"}
        secrets = {"secret": SECRET, "header": f"X-From: {account}"}
        return Access(Profile(account, "receiver", "receiver"), secrets, server)

    def refused(self) -> Outgoing:
        """Larger than this receiver takes."""
        return Outgoing("x" * 70_000)

    def lock_out(self) -> None:
        """The receiver forgets the secret."""
        self.secret = "whsec_" + base64.b64encode(b"another secret altogether, of it").decode()

    async def settings(self, request: Request) -> Response:
        """Where its owner enters the secret that posts are signed with."""
        if request.method == "POST":
            self.secret = str((await request.form()).get("secret", "")).strip()
            return RedirectResponse(str(request.url), 303)
        form = "<label>Signing secret <input name=secret></label> <button>Keep</button>"
        return HTMLResponse(f"<title>Webhook simulator</title><h1>A receiver</h1><form method=post>{form}</form>")

    async def receive(self, request: Request) -> Response:
        """Take a post, unless it is known."""
        if self.status:
            raise Refusal(self.status, {"message": "The receiver was told to say so"}, {"Location": "/elsewhere"})
        raw, id = await request.body(), request.headers.get("webhook-id", "")
        self._proven(request, raw)
        said = json.loads(raw)
        if len(raw) > self.most:
            raise Refusal(413, {"message": f"At most {self.most} bytes"})
        self.bodies.append(raw)
        if said.get("type") == "tidings.ping":
            return Response(status_code=204)
        if self.keeps_ids and id in self.known:
            return self._named(self.known[id])
        await self._fetch(said)
        return self._named(self._keep(id, request.headers.get("x-from", ""), said))

    def _proven(self, request: Request, raw: bytes) -> None:
        id, at = (request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp"))
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        proof = base64.b64encode(hmac.digest(key, f"{id}.{at}.".encode() + raw, "sha256")).decode()
        if f"v1,{proof}" not in request.headers.get("webhook-signature", "").split():
            raise Refusal(401, {"message": "The signature is not right"})
        if not at.isdigit() or abs(clock.now().timestamp() - int(at)) > TOLERANCE:
            raise Refusal(400, {"message": "The timestamp is too far off"})

    async def _fetch(self, said: dict[str, Any]) -> None:
        """Media lie in the message, or at an address."""
        for medium in said.get("media", ()):
            try:
                data = await self.fetch(medium["url"]) if "url" in medium else base64.b64decode(medium["data"])
            except (OSError, binascii.Error) as error:
                raise Refusal(422, {"message": "A medium cannot be fetched"}) from error
            if len(data) != medium["bytes"]:
                raise Refusal(422, {"message": "A medium has another size"})

    def _keep(self, id: str, sender: str, said: dict[str, Any]) -> str:
        words = said.get("text") or said.get("content") or ""
        if not words.strip() and not said.get("media"):
            raise Refusal(422, {"message": "There is nothing in it"})
        made = self.new_id()
        self.posts[made], self.known[id] = {"id": made, "account": sender, "webhook-id": id, "said": said}, made
        return made

    def _named(self, made: str) -> Response:
        return JSONResponse({"id": made, "url": f"{self.url}/read/{made}"} if self.names else {}, 201)

    async def told(self, request: Request) -> Response:
        """What became of a webhook-id."""
        self._proven(request, b"")
        made = self.known.get(request.path_params["id"])
        return self._named(made) if made else JSONResponse({"message": "Unknown"}, 404)

    async def numbers(self, request: Request) -> Response:
        """What is counted of a post, by the id that it was given here, or by its webhook-id."""
        self._proven(request, b"")
        id = self.known.get(request.path_params["id"], request.path_params["id"])
        if id not in self.posts:
            return JSONResponse({"message": "Unknown"}, 404)
        counts = {name: self.grown(id, name) for name in ("views", "likes", "comments", "shares", "clicks")}
        return JSONResponse({**counts, **self.says})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        said = html.escape(str(post["said"].get("text", ""))) if post else "Nothing here"
        return HTMLResponse(f"<title>Webhook simulator</title><p>{said}</p>", 200 if post else 404)


def simulator(url: str) -> Simulator:
    """A fresh receiver at this address."""
    return WebhookReceiver(url)
