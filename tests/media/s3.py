"""An S3 with one bucket in memory, which checks every signature and can be made to fail."""

import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.media import sigv4
from tidings import simulators
from tidings.media.store import store
from tidings.settings import settings

BUCKET = "pictures-of-all"
PAGE = 3  # objects in one page of a listing
METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE"]


@dataclass
class S3:
    """What is in the bucket, and how it behaves."""

    port: int
    objects: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)  # by method
    down: bool = False  # every request is 503
    breaks: str = ""  # requests of this method are 403
    gone: bool = False  # there is no such bucket
    unlent: bool = False  # addresses that it signed are 403
    public: bool = False  # whoever asks may read
    versions: bool = False
    changes: bool = False  # what is put does not stay as it was

    @property
    def address(self) -> str:
        """As the setting names it."""
        key, secret = quote(sigv4.KEY, safe=""), quote(sigv4.SECRET, safe="")
        return f"s3://{key}:{secret}@127.0.0.1:{self.port}/{quote(BUCKET)}?region={sigv4.REGION}&tls=no"

    async def answer(self, request: Request) -> Response:
        body, method, query = await request.body(), request.method, request.url.query
        self.asked[method] += 1
        path = request.scope["raw_path"].decode()
        lent = method == "GET" and "X-Amz-Signature" in query
        refused = (
            sigv4.address_fault(request.headers["host"], path, query) if lent
            else sigv4.fault(method, path, query, request.headers, body)
        )  # fmt: skip
        if lent and self.unlent:
            return _said(403, "AccessDenied")
        if refused and not (self.public and method in ("GET", "HEAD") and "authorization" not in request.headers):
            return _said(403, refused)
        if self.down or method == self.breaks:
            return _said(503, "SlowDown") if self.down else _said(403, "AccessDenied")
        if self.gone or request.path_params["bucket"] != BUCKET:
            return _said(404, "NoSuchBucket")
        act = {"GET": self.get, "HEAD": self.get, "PUT": self.put, "POST": self.post, "DELETE": self.delete}[method]
        return act(request.path_params.get("key", ""), request, body)

    def get(self, key: str, request: Request, body: bytes) -> Response:
        if not key:
            return self.list(request.query_params)
        if key not in self.objects:
            return _said(404, "NoSuchKey")
        whole, at = self.objects[key]
        headers = {"Last-Modified": f"{at:%a, %d %b %Y %H:%M:%S GMT}", "ETag": f'"{hashlib.md5(whole).hexdigest()}"'}
        asked = request.query_params.items()
        headers |= {name.removeprefix("response-"): said for name, said in asked if name.startswith("response-")}
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
        if part is None:
            return Response(whole, headers=headers)
        first, last = int(part[1]), min(int(part[2]), len(whole) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(whole)}"
        return Response(whole[first : last + 1], 206, headers)

    def list(self, query: "dict[str, str]") -> Response:
        prefix, after = query.get("prefix", ""), query.get("continuation-token", "")
        found = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        page, more = found[:PAGE], found[PAGE:]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.objects[key][0])}</Size><ETag>x</ETag>"
            f"<LastModified>{self.objects[key][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in page
        )
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        cut = f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>"
        return _xml(f"<ListBucketResult><KeyCount>{len(page)}</KeyCount>{cut}{token}{rows}</ListBucketResult>")

    def put(self, key: str, request: Request, body: bytes) -> Response:
        tag = {"ETag": f'"{hashlib.md5(body).hexdigest()}"'}
        if upload := request.query_params.get("uploadId"):
            self.uploads[upload][int(request.query_params["partNumber"])] = body
            return Response(headers=tag)
        self.objects[key] = (body[::-1] + b"!" if self.changes else body, datetime.now(UTC))
        return Response(headers=tag | ({"x-amz-version-id": uuid.uuid4().hex} if self.versions else {}))

    def post(self, key: str, request: Request, body: bytes) -> Response:
        upload = request.query_params.get("uploadId")
        if upload is None:
            self.uploads[upload := uuid.uuid4().hex] = {}
            return _xml(f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>")
        parts = self.uploads.pop(upload)
        body = b"".join(parts[number] for number in sorted(parts))
        self.objects[key] = (body, datetime.now(UTC))
        return _xml("<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>")

    def delete(self, key: str, request: Request, body: bytes) -> Response:
        self.uploads.pop(request.query_params.get("uploadId", ""), None)
        if "uploadId" not in request.query_params:
            self.objects.pop(key, None)
        return Response(status_code=204)


def _xml(text: str, status: int = 200) -> Response:
    return Response(f'<?xml version="1.0"?>{text}', status, media_type="application/xml")


def _said(status: int, code: str) -> Response:
    return _xml(f"<Error><Code>{code}</Code><Message>{code}</Message></Error>", status)


@contextmanager
def running() -> Iterator[S3]:
    """An empty one, on loopback."""
    s3 = S3(simulators.free_port())
    places = [Route("/{bucket}", s3.answer, methods=METHODS), Route("/{bucket}/{key:path}", s3.answer, methods=METHODS)]
    with simulators.listening(Starlette(routes=places), s3.port):
        yield s3


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """Media are in a bucket."""
    with running() as made:
        monkeypatch.setattr(settings(), "media", made.address)
        store.cache_clear()
        yield made
    store.cache_clear()
