"""/settings/export/{id}/archive: the bytes of an export, to its owner only, who has just shown who they are.

Starlette for the same reason as in web/files.py.
"""

from pathlib import Path
from uuid import UUID

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.db import close_old_connections
from django.urls import reverse
from django.utils.http import urlencode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.privacy.export import file_of
from tidings.privacy.models import Export
from tidings.web.asker import asker, cookie

GUARDS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"}


async def archive(request: Request) -> Response:
    """The file, in parts if asked for; 404 for everybody else and when its time is over."""
    found = await run_in_threadpool(_found, cookie(request), request.path_params["id"])
    if found is None:
        return Response(status_code=404, headers=GUARDS)
    if isinstance(found, str):
        return RedirectResponse(found, 303, headers=GUARDS)
    return FileResponse(found, headers=GUARDS, media_type="application/zip", filename="export.zip")


def _found(session: str, id: UUID) -> Path | str | None:
    close_old_connections()
    try:
        return _allowed(session, id)
    finally:
        close_old_connections()


def _allowed(session: str, id: UUID) -> Path | str | None:
    """Where the archive is; or the page that asks who it is; or nothing."""
    request = asker(session)
    if request is None:
        return None
    ready = Export.objects.filter(pk=id, user=request.user.pk, state="ready", ends_at__gt=clock.now())
    if not ready.exists() or not file_of(id).is_file():
        return None
    if is_reauthentication_required(request, app="account"):
        return f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('exports')})}"
    return file_of(id)


routes = [Route("/settings/export/{id:uuid}/archive", archive, methods=["GET"], name="export_archive")]
