"""/media/{id}/original and /media/{id}/thumbnail: ranged answers after a permission check.

Starlette, not Django, whose file answers under ASGI are read whole into memory.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import close_old_connections
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tidings.media.models import Media
from tidings.media.storage import Away, Held
from tidings.media.store import store
from tidings.web import stored
from tidings.web.asker import asker, cookie
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may

GUARDS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=86400",
    "Vary": "Cookie",
}
REFUSED = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Found:
    """A file somebody may have."""

    held: Held
    mime: str
    name: str
    etag: str


async def file(request: Request) -> Response:
    """The file; 404 for strangers, whether it is there or not."""
    media_id, which = request.path_params["media_id"], request.path_params["which"]
    try:
        found = await run_in_threadpool(_found, cookie(request), media_id, which)
    except Away:
        return stored.away(REFUSED)
    if found is None:
        return Response(status_code=404, headers=REFUSED)
    headers = {**GUARDS, "ETag": found.etag}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    kind = "attachment" if "download" in request.query_params else "inline"
    return stored.answer(found.held, found.mime, found.name, headers, kind)


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
    if which not in ("original", "thumbnail"):
        return None
    key, mime, name = media.key, media.mime, media.name
    if which == "thumbnail":
        key, mime, name = media.thumbnail, "image/webp", f"{Path(media.name).stem}.webp"
    try:
        return Found(store().look(key), mime, name, f'"{Path(key).stem}"') if key else None
    except FileNotFoundError:
        return None


routes = [
    Route("/media/{media_id:uuid}/{which:str}", file, methods=["GET"], name="media"),
]
