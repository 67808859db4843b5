"""Bluesky in a box: directory of identities, an account's server, the video service, and the page of a post.

What it answers was compared with a real PDS (0.5.35). https://docs.bsky.app
"""

import html
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, Profile
from tidings.simulators import _face
from tidings.simulators._atauth import PASSWORD, did, handle
from tidings.simulators._atrecords import POST
from tidings.simulators._blueskyremarks import Threads
from tidings.simulators.base import Refusal

MOST_VIEWED = 25  # posts that one question takes


class BlueskyServer(Threads):
    """One account's server together with everything around it."""

    name = "bluesky"
    in_demo = True
    works_for = 0  # times a film is still worked on when it is asked for
    counts = ("likeCount", "replyCount", "repostCount", "quoteCount", "bookmarkCount")

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.jobs: dict[str, dict[str, object]] = {}

    def hosts(self) -> dict[str, str]:
        """What stands in for bsky.social, plc.directory, bsky.app, video.bsky.app and public.api.bsky.app."""
        own = dict.fromkeys(("entry", "app", "video", "view"), self.url)
        return {**own, "plc": f"{self.url}/plc"}

    def typed(self) -> dict[str, str]:
        """The profile's name, and an app password."""
        return {"handle": handle("demo"), "password": PASSWORD}

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account, by app password."""
        token = self.oauth.grant(account)
        server = {
            "did": did(account), "handle": handle(account), "pds": self.url, "service": "did:web:sim",
            "blob_limit": self.blob_limit,
        }
        page = f"{self.url}/profile/{did(account)}"
        profile = Profile(did(account), handle(account), account.title(), "", page)
        return Access(profile, {"access_token": token.access, "refresh_token": token.refresh}, server)

    def routes(self) -> list[Route]:
        """The methods that the program calls, and the page a receipt leads to."""
        made = [
            ("identity.resolveHandle", self.resolve), ("server.describeServer", self.describe),
            ("server.getSession", self.session), ("server.getServiceAuth", self.service_auth),
        ]
        return [
            *self.oauth.paths(),
            *self.repository(),
            *(Route(f"/xrpc/com.atproto.{name}", call) for name, call in made),
            Route("/xrpc/com.atproto.sync.getBlob", self.face),
            Route("/xrpc/app.bsky.video.uploadVideo", self.upload_film, methods=["POST"]),
            Route("/xrpc/app.bsky.video.getJobStatus", self.film),
            Route("/xrpc/app.bsky.feed.getPosts", self.viewed),
            Route("/xrpc/app.bsky.feed.getPostThread", self.thread),
            Route("/xrpc/app.bsky.actor.getProfile", self.viewed_profile),
            Route("/plc/{did}", self.document),
            Route("/profile/{did}/post/{rkey}", self.page),
        ]

    # who is who

    async def resolve(self, request: Request) -> Response:
        """The DID of a handle."""
        for account in self.oauth.accounts:
            if request.query_params.get("handle") == handle(account):
                return JSONResponse({"did": did(account)})
        raise Refusal(400, {"error": "HandleNotFound", "message": "Unable to resolve handle"})

    async def document(self, request: Request) -> Response:
        """The DID document: its handle and its server."""
        for account in self.oauth.accounts:
            if request.path_params["did"] == did(account):
                server = {"id": "#atproto_pds", "serviceEndpoint": self.url}
                names = [f"at://{handle(account)}"]
                return JSONResponse({"id": did(account), "alsoKnownAs": names, "service": [server]})
        raise Refusal(404, {"message": "DID not registered"})

    async def describe(self, request: Request) -> Response:
        """The server's own limits."""
        return JSONResponse({"did": "did:web:sim", "blobUploadLimit": self.blob_limit})

    async def face(self, request: Request) -> Response:
        """The one blob that anybody may see: an account's face."""
        return Response(_face.face(request.query_params["did"]), media_type="image/png")

    async def session(self, request: Request) -> Response:
        """Whose token it is."""
        account = self.oauth.account_of(request)
        return self.said({"did": did(account), "handle": handle(account), "active": True})

    # films

    async def service_auth(self, request: Request) -> Response:
        """A token for the video service."""
        account = self.oauth.account_of(request)
        return self.said({"token": f"{account} may {request.query_params['lxm']}"})

    async def upload_film(self, request: Request) -> Response:
        """Take a film; the same one again is the same job."""
        raw = await request.body()
        if request.headers.get("authorization", "") != "Bearer demo may com.atproto.repo.uploadBlob":
            raise Refusal(401, {"error": "AuthMissing", "message": "Authentication Required"})
        blob = self.keep_blob(raw, request.headers["content-type"])
        known = next((job for job, status in self.jobs.items() if status["blob"] == blob), None)
        if known:
            return JSONResponse({"jobId": known, "error": "already_exists"}, 409)
        job = self.new_id()
        self.jobs[job] = {"jobId": job, "left": self.works_for, "blob": blob}
        return JSONResponse({"jobId": job, "did": request.query_params["did"], "state": "JOB_STATE_CREATED"})

    async def film(self, request: Request) -> Response:
        """How far the work on a film is."""
        job = self.jobs[request.query_params["jobId"]]
        left = int(str(job["left"]))
        job["left"] = max(left - 1, 0)
        done = {"state": "JOB_STATE_COMPLETED", "blob": job["blob"]}
        said = {"state": "JOB_STATE_ENCODING"} if left else done
        return JSONResponse({"jobStatus": {"jobId": job["jobId"], "did": did("demo"), **said}})

    # what anybody may see

    async def viewed(self, request: Request) -> Response:
        """Posts with what is counted of them; those that are not there are passed over."""
        uris = request.query_params.getlist("uris")
        if len(uris) > MOST_VIEWED:
            said = f"Error: uris must not have more than {MOST_VIEWED} elements"
            raise Refusal(400, {"error": "InvalidRequest", "message": said})
        return JSONResponse({"posts": [self._view(uri) for uri in uris if uri in self.posts]})

    def _view(self, uri: str) -> dict[str, Any]:
        post, author = self.posts[uri], uri.split("/")[2]
        counted = {name: self.grown(uri, name) for name in self.counts}
        at = self.posts.since[uri].isoformat()
        return {"uri": uri, "cid": post["cid"], "author": {"did": author}, "record": post["value"], "indexedAt": at,
                **counted}

    async def viewed_profile(self, request: Request) -> Response:
        """A profile, by its permanent id."""
        who = request.query_params["actor"]
        for account in self.oauth.accounts:
            if who == did(account):
                followers = self.crowd(who, "followersCount")
                return JSONResponse({"did": who, "handle": handle(account), "followersCount": followers})
        raise Refusal(400, {"error": "InvalidRequest", "message": "Profile not found"})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        uri = f"at://{request.path_params['did']}/{POST}/{request.path_params['rkey']}"
        if uri not in self.posts:
            return HTMLResponse("<h1>Post not found</h1>", 404)
        post = self.posts[uri]["value"]
        pictures = post.get("embed", {}).get("images", ())
        alts = "".join(f"<li>{html.escape(picture['alt'] or 'A picture')}</li>" for picture in pictures)
        return HTMLResponse(
            "<!doctype html><html lang=en><meta charset=utf-8><title>Bluesky (simulator)</title>"
            f"<main><h1>Bluesky simulator</h1><p>{html.escape(post['text'])}</p><ul>{alts}</ul>"
            f"<time>{html.escape(post['createdAt'])}</time></main>"
        )


def simulator(url: str) -> BlueskyServer:
    """A fresh one, served at `url`."""
    return BlueskyServer(url)
