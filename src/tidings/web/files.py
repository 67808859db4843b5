"""/media/{id}/original, …/thumbnail and the copies that were made of it: ranged answers after a permission check.

What pages show passes through us. A download may be sent to the bucket, where the operator wishes it (media_signed).

Starlette, not Django, whose file answers under ASGI are read whole into memory.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import close_old_connections
from django.utils.http import content_disposition_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tidings.media.models import Media
from tidings.media.order import EXTENSIONS
from tidings.media.storage import Away, Held
from tidings.media.store import store
from tidings.settings import settings
from tidings.web import stored
from tidings.web.asker import asker, cookie
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may

GUARDS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=86400",
    "Vary": "Cookie",
}
ASK = {"Cache-Control": "private, no-cache"}
REFUSED = {"Cache-Control": "no-store"}
LENT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class Found:
    """A file somebody may have."""

    kept: str  # the key by which the storage finds it
    held: Held
    mime: str
    name: str
    changes: bool = False  # another file may be behind the same address tomorrow


async def file(request: Request) -> Response:
    """The file; 404 for strangers, whether it is there or not."""
    media_id, which = request.path_params["media_id"], request.path_params["which"]
    try:
        found = await run_in_threadpool(_found, cookie(request), media_id, which)
    except Away:
        return stored.away(REFUSED)
    if found is None:
        return Response(status_code=404, headers=REFUSED)
    download = "download" in request.query_params
    if download and request.method == "GET" and settings().media_signed and (there := _there(found)):
        return Response(status_code=302, headers={**LENT, "Location": there})
    etag = f'"{Path(found.kept).stem}"'
    headers = {**GUARDS, **(ASK if found.changes else {}), "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return stored.answer(found.held, found.mime, found.name, headers, "attachment" if download else "inline")


def _there(found: Found) -> str:
    """Where the bucket gives it for a minute; empty when media are in a folder."""
    said = {
        "content-disposition": content_disposition_header(True, found.name) or "attachment",
        "content-type": found.mime, "cache-control": "no-store",
    }  # fmt: skip
    return store().address(found.kept, said)


def _found(session: str, media_id: UUID, which: str) -> Found | None:
    close_old_connections()
    try:
        return _allowed(session, media_id, which)
    finally:
        close_old_connections()


def _allowed(session: str, media_id: UUID, which: str) -> Found | None:
    request, media = asker(session), Media.objects.filter(id=media_id).first()
    if media is None or request is None:
        return None
    if not may(Member.objects.filter(workspace=media.workspace_id, user=request.user.pk).first(), "read"):
        return None
    return _named(media, which)


def _named(media: Media, which: str) -> Found | None:
    """The file that was brought, its thumbnail, or the copy that fits what the word names."""
    key, mime, stem = media.key, media.mime, Path(media.name).stem
    name = media.name
    if which == "thumbnail":
        key, mime, name = media.thumbnail, "image/webp", f"{stem}.webp"
    elif which != "original":
        copy = media.renditions.filter(fits=which).first()
        key, mime = (copy.key, copy.mime) if copy else ("", "")
        name = f"{stem}.{EXTENSIONS[mime]}" if copy else ""
    try:
        changes = which == "thumbnail" and media.kind == "film"  # people choose another frame
        return Found(key, store().look(key), mime, name, changes) if key else None
    except FileNotFoundError:
        return None


routes = [
    Route("/media/{media_id:uuid}/{which:str}", file, methods=["GET"], name="media"),
]
