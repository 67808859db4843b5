"""Fetching a picture or film from an address, as JSON: begin, look how far it is, stop."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from tidings.api import access
from tidings.api.media import folder_of
from tidings.media import fetch, upload
from tidings.media.describe import MediaShape, described
from tidings.media.models import Upload
from tidings.media.refuse import NO_ROOM, Refused
from tidings.media.room import NoRoom

router = Router(tags=["media"])


class ImportIn(Schema):
    """What to fetch, and into which folder (null: the top)."""

    url: str = Field(max_length=4000)
    folder: UUID | None = None


class ImportOut(Schema):
    """How far it is: bytes, `size` 0 where the server does not say. In the end there is `media`, or a `problem`."""

    id: UUID
    name: str
    source: str
    size: int
    offset: int
    media: MediaShape | None
    problem: str


def _out(coming: Upload) -> ImportOut:
    media = described(coming.media) if coming.media else None
    problem = _(coming.problem) if coming.problem else ""
    return ImportOut(
        id=coming.id, name=coming.name, source=coming.source, size=coming.size, offset=coming.offset, media=media,
        problem=problem,
    )  # fmt: skip


@router.post("/workspaces/{slug}/imports", response={202: ImportOut})
def begin_import(request: HttpRequest, slug: str, body: ImportIn) -> Any:
    """Begin to fetch it. The server does so by itself; ask for the import to learn how far it is."""
    member = access.entered(request, slug, "write")
    folder = folder_of(member, body.folder)
    try:
        return Status(202, _out(fetch.begin(member, body.url, folder)))
    except Refused as refused:
        raise HttpError(422, _(refused.reason)) from refused
    except NoRoom as full:
        raise HttpError(413, _(NO_ROOM)) from full
    except upload.Full as full:
        raise HttpError(507, _("Much is on its way in already. Try it again in a moment.")) from full
    except fetch.TooOften as often:
        raise access.TooOften(often.wait) from often


@router.get("/workspaces/{slug}/imports/{import_id}", response=ImportOut)
def one_import(request: HttpRequest, slug: str, import_id: UUID) -> Any:
    """How far it is, or what came of it."""
    return _out(fetch.look(_mine(request, slug, import_id)))


@router.delete("/workspaces/{slug}/imports/{import_id}", response={204: None})
def stop_import(request: HttpRequest, slug: str, import_id: UUID) -> Any:
    """Stop it, or take note of its problem; media made of it stays."""
    upload.drop(_mine(request, slug, import_id))
    return Status(204, None)


def _mine(request: HttpRequest, slug: str, id: UUID) -> Upload:
    member = access.entered(request, slug, "write")
    return access.of_workspace(Upload.objects.exclude(source="").filter(by=member.user), member, id)
