"""Records and blobs of an AT Protocol server in a box, as a real PDS (0.5.35) answers about them."""

import hashlib
import json
import re
from base64 import b32encode
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.core.text import graphemes
from tidings.networks import _atproto
from tidings.simulators._atauth import AuthorizationServer, did
from tidings.simulators.base import Refusal, Simulator

POST = "app.bsky.feed.post"
IMAGE_BYTES = 2_000_000
FEATURE = re.compile(r"app\.bsky\.richtext\.facet#(link|tag|mention)")


class Records(Simulator):
    """Records under keys the caller chooses, and blobs that live as long as a record names them."""

    oauth: AuthorizationServer
    blob_limit = 5_242_880

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth = AuthorizationServer(self.name, url)
        self.records: dict[str, dict[str, Any]] = {}  # by at:// address, all collections
        self.calls = 0

    def repository(self) -> list[Route]:
        """The methods on records."""
        made = [
            ("getRecord", self.get, "GET"), ("putRecord", self.put, "POST"), ("uploadBlob", self.upload, "POST"),
            ("createRecord", self.create, "POST"), ("deleteRecord", self.delete, "POST"),
            ("listRecords", self.listed, "GET"),
        ]
        return [Route(f"/xrpc/com.atproto.repo.{name}", call, methods=[how]) for name, call, how in made]

    def said(self, body: dict[str, Any]) -> Response:
        """A success, with the limits that are left."""
        self.calls += 1
        reset, left = str(int(clock.now().timestamp()) + 300), str(max(0, 3000 - self.calls))
        limits = {"RateLimit-Limit": "3000", "RateLimit-Remaining": left, "RateLimit-Reset": reset}
        return JSONResponse(body, headers=limits)

    async def get(self, request: Request) -> Response:
        """A record, by its key."""
        ask = request.query_params
        uri = f"at://{ask['repo']}/{ask['collection']}/{ask['rkey']}"
        if ask["collection"] == "app.bsky.actor.profile":
            avatar = {"$type": "blob", "ref": {"$link": "face"}, "mimeType": "image/png"}
            return self.said({"uri": uri, "cid": "c", "value": {"displayName": "Demo", "avatar": avatar}})
        if uri not in self.records:
            raise Refusal(400, {"error": "RecordNotFound", "message": f"Could not locate record: {uri}"})
        return self.said(self.records[uri])

    async def listed(self, request: Request) -> Response:
        """The records of a collection, the latest keys first."""
        ask = request.query_params
        start = f"at://{ask['repo']}/{ask['collection']}/"
        found = sorted((uri for uri in self.records if uri.startswith(start)), reverse=True)
        return self.said({"records": [self.records[uri] for uri in found[: int(ask.get("limit", 50))]]})

    async def put(self, request: Request) -> Response:
        """The same record again does nothing; another one replaces only what the caller says is there."""
        wish, uri = await self._asked(request)
        there, cid = self.records.get(uri), content_id(0x71, _bytes(wish["record"]))
        self._check(wish)
        if there and there["cid"] == cid:
            return self.said({"uri": uri, "cid": cid, "validationStatus": "valid"})
        if "swapRecord" in wish and wish["swapRecord"] != (there and there["cid"]):
            raise Refusal(400, {"error": "InvalidSwap", "message": f"Record was at {there and there['cid']}"})
        return self._keep(uri, cid, wish)

    async def create(self, request: Request) -> Response:
        """A key that is taken is a fault of the server: the trap this program avoids by putRecord."""
        wish, uri = await self._asked(request)
        self._check(wish)
        if uri in self.records:
            raise Refusal(500, {"error": "InternalServerError", "message": "Internal Server Error"})
        return self._keep(uri, content_id(0x71, _bytes(wish["record"])), wish)

    def drop(self, id: str) -> None:
        super().drop(id)
        del self.records[id]

    async def delete(self, request: Request) -> Response:
        """Blobs go with the last record that names them; a record that is not there is no error."""
        _, uri = await self._asked(request)
        self.posts.pop(uri, None)
        gone = list(_blobs(self.records.pop(uri, {})))
        named = {cid for record in self.records.values() for cid in _blobs(record)}
        self.media = {k: v for k, v in self.media.items() if v["cid"] not in gone or v["cid"] in named}
        return self.said({})

    async def _asked(self, request: Request) -> tuple[dict[str, Any], str]:
        account = self.oauth.account_of(request)
        wish: dict[str, Any] = await request.json()
        if wish["repo"] != did(account):
            raise Refusal(401, {"error": "AuthenticationRequired", "message": "Authentication Required"})
        wish.setdefault("rkey", _atproto.tid(clock.now(), self.new_id()))
        return wish, f"at://{wish['repo']}/{wish['collection']}/{wish['rkey']}"

    def _keep(self, uri: str, cid: str, wish: dict[str, Any]) -> Response:
        self.records[uri] = {"uri": uri, "cid": cid, "value": wish["record"]}
        if wish["collection"] == POST:
            self.posts[uri] = self.records[uri]
        return self.said({"uri": uri, "cid": cid, "commit": {"cid": cid, "rev": wish["rkey"]}})

    def _check(self, wish: dict[str, Any]) -> None:
        """What the lexicons say, in the real server's words."""
        record, kind = wish["record"], wish["collection"]
        if not _atproto.is_tid(wish["rkey"]):
            raise _invalid(f'Invalid record key for {kind}: Invalid TID string (got "{wish["rkey"]}") at $')
        if "createdAt" not in record:
            raise _invalid(f'Invalid {kind} record: Missing required key "createdAt" at $.record')
        text = record.get("text", "")
        for what, most, length in (("string", 3000, len(text.encode())), ("grapheme", 300, graphemes(text))):
            if length > most:
                big = f"{what} too big (maximum {most}, got {length})"
                raise _invalid(f"Invalid {kind} record: {big} at $.record.text")
        for n, facet in enumerate(record.get("facets", [])):
            if facet["index"]["byteStart"] < 0:
                where = f"$.record.facets[{n}].index.byteStart"
                raise _invalid(f"Invalid {kind} record: integer too small (minimum 0) at {where}")
            if not all(FEATURE.fullmatch(feature["$type"]) for feature in facet["features"]):
                raise _invalid(f"Invalid {kind} record: unknown feature at $.record.facets[{n}].features")
        for cid in _blobs(record):
            blob = next((m for m in self.media.values() if m["cid"] == cid), None)
            if blob is None:
                raise Refusal(400, {"error": "BlobNotFound", "message": f"Could not find blob: {cid}"})
            if blob["mime"].startswith("image/") and blob["size"] > IMAGE_BYTES:
                big = f"blob too big (maximum {IMAGE_BYTES}, got {blob['size']})"
                raise _invalid(f"Invalid {kind} record: {big} at $.record.embed.images[0].image")

    async def upload(self, request: Request) -> Response:
        """Take the bytes of a picture."""
        self.oauth.account_of(request)
        raw = await request.body()
        if len(raw) > self.blob_limit:
            raise Refusal(413, {"error": "PayloadTooLarge", "message": "request entity too large"})
        return self.said({"blob": self.keep_blob(raw, request.headers["content-type"])})

    def keep_blob(self, raw: bytes, mime: str) -> dict[str, Any]:
        """A blob and the reference to it; the same bytes have the same one."""
        cid = content_id(0x55, raw)
        self.media[self.new_id()] = {"cid": cid, "size": len(raw), "mime": mime}
        return {"$type": "blob", "ref": {"$link": cid}, "mimeType": mime, "size": len(raw)}


def _invalid(message: str) -> Refusal:
    return Refusal(400, {"error": "InvalidRequest", "message": message})


def _blobs(value: Any) -> Iterator[str]:
    """The blobs that a record names."""
    if isinstance(value, dict):
        if value.get("$type") == "blob":
            yield str(value["ref"]["$link"])
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _blobs(inner)


def _bytes(record: Any) -> bytes:
    return json.dumps(record, sort_keys=True).encode()


def content_id(codec: int, raw: bytes) -> str:
    """The name of these bytes (real records are hashed as CBOR; JSON does for one that nobody recomputes)."""
    digest = hashlib.sha256(raw).digest()
    return "b" + b32encode(bytes([1, codec, 0x12, 0x20]) + digest).decode().lower().rstrip("=")
