"""/static/…: styles, scripts and signs of the pages, read once at the start and answered out of memory.

Pages name them with a mark of all that was read, so that a browser keeps a file for ever and no page meets a script of
another build; what is built meanwhile shows after the next start. Without a mark it is asked for anew each time.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

WAYS = {"br": ".br", "gzip": ".gz"}  # how files are packed beforehand, the smallest first
TYPES = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json",
    ".png": "image/png", ".svg": "image/svg+xml", ".woff2": "font/woff2",
}  # fmt: skip
FOR_EVER = "public, max-age=31536000, immutable"
ANEW = "public, no-cache"
MARK = 5  # characters, for a page names hundreds of files: one build in a thousand million looks like the one before
UNKNOWN = "There is no such file. If Tidings was just updated, load the page again."
NO_WEIGHT = re.compile(r"\s*q=0(\.0*)?\s*")


@dataclass(frozen=True)
class Kept:
    """What was on the disk at the start, by name."""

    mark: str
    files: dict[str, bytes]


class Storage(StaticFilesStorage):
    """For Django: what `{% static %}` writes."""

    def url(self, name: str | None) -> str:
        """Under the mark."""
        return f"/static/{kept().mark}/{name or ''}"


@cache
def kept() -> Kept:
    """Read when it is first wanted."""
    files, mark = {name: path.read_bytes() for name, path in _found()}, sha256()
    for name, data in sorted(files.items()):
        mark.update(f"{name}\0{len(data)}\0".encode() + data)
    return Kept(urlsafe_b64encode(mark.digest())[:MARK].decode(), files)


def routes() -> list[BaseRoute]:
    """For what is on the disk now."""
    kept.cache_clear()
    kept()
    return [Route("/static/{path:path}", file, methods=["GET"], name="static")]


async def file(request: Request) -> Response:
    """The file; 404 for what is not there, and for what another build had."""
    here, path = kept(), request.path_params["path"]
    mark, _, rest = path.partition("/")
    name, cached = (rest, FOR_EVER) if mark == here.mark else (path, ANEW)
    if name not in here.files:
        return PlainTextResponse(UNKNOWN, 404, {"Cache-Control": "no-store"})
    way = next((way for way in _taken(request) if name + WAYS[way] in here.files), "")
    told = {"Cache-Control": cached, "Vary": "Accept-Encoding", "ETag": f'"{here.mark}{way}"'}
    if told["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=told)
    told |= {"Content-Type": TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")}
    return Response(here.files[name + WAYS.get(way, "")], headers=told | ({"Content-Encoding": way} if way else {}))


def _taken(request: Request) -> list[str]:
    asked = [one.partition(";") for one in request.headers.get("Accept-Encoding", "").split(",")]
    wanted = {way.strip().lower() for way, _, weight in asked if not NO_WEIGHT.fullmatch(weight)}
    return [way for way in WAYS if way in wanted]


def _found() -> Iterator[tuple[str, Path]]:
    seen = set[str]()
    for finder in get_finders():
        for name, storage in finder.list([".*"]):  # hidden: what a build has under way
            if name not in seen:  # the first one counts, as everywhere in Django
                seen.add(name)
                yield name.replace("\\", "/"), Path(storage.path(name))
