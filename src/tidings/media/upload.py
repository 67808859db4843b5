"""Resumable uploads: begin, append, finish, drop. The file's length is the truth about what arrived."""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from tidings.media import refuse, room
from tidings.media.models import Folder, Media, Upload
from tidings.media.refuse import Refused
from tidings.media.take import clean_name, forget, taken
from tidings.settings import settings
from tidings.workspaces.models import Member

MOST_OPEN = 200  # unfinished uploads of one person
SPARE = 200_000_000  # bytes of the disk an upload never takes


class TooLarge(Exception):
    """More bytes than are allowed or were announced."""


class Full(Exception):
    """No room for this upload now: the disk, or too many unfinished ones."""


class Busy(Exception):
    """Another request is writing this upload just now."""


class WrongOffset(Exception):
    """The bytes do not begin where the upload stands."""


def begin(member: Member, name: str, size: int, folder: Folder | None = None, source: str = "") -> Upload:
    """A new upload of `size` bytes, which will be in this folder; raises TooLarge, Full or NoRoom."""
    if size > settings().media_limit:
        raise TooLarge
    if not fits_disk(size) or under_way(member).count() >= MOST_OPEN:
        raise Full
    with room.taking(member.workspace, size):
        upload = Upload.objects.create(
            workspace=member.workspace, by=member.user, name=clean_name(name), size=size, folder=folder, source=source
        )
    path(upload).touch(0o600)
    return upload


def fits_disk(size: int) -> bool:
    """Whether the disk has room for so many bytes more."""
    return shutil.disk_usage(_folder()).free - size >= SPARE


def under_way(member: Member) -> QuerySet[Upload]:
    """What this person has begun to bring and not finished, wherever; the latest first."""
    return Upload.objects.filter(by=member.user, media=None, problem="").order_by("-created_at")


def _folder() -> Path:
    folder = settings().home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def path(upload: Upload) -> Path:
    """Where its bytes arrive; gone once it is finished."""
    return _folder() / str(upload.id)


def arrivals() -> Iterator[Path]:
    """Every file bytes arrive in, and what the press lays beside it: named after the upload."""
    for found in _folder().iterdir():
        with suppress(ValueError):
            UUID(found.name.partition(".")[0])
            yield found


def offset(upload: Upload) -> int:
    """How many bytes have arrived."""
    try:
        return path(upload).stat().st_size
    except FileNotFoundError:
        return upload.offset


@contextmanager
def alone(upload: Upload) -> Iterator[int]:
    """The upload's file, opened for appending, with nobody else at it; raises Busy."""
    try:
        file = os.open(path(upload), os.O_WRONLY | os.O_APPEND)
    except FileNotFoundError as error:
        raise Busy from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file
    except BlockingIOError as error:
        raise Busy from error
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)  # closing is not enough: a process that is just being started has it open too
        os.close(file)


def lost(upload: Upload) -> bool:
    """Whether its bytes are gone without having become anything (the machine failed at the wrong moment)."""
    return upload.media_id is None and not upload.problem and not path(upload).exists()


def append(upload: Upload, at: int, pieces: Iterable[bytes]) -> int:
    """Write what arrives, as it arrives; the new offset. What arrived is kept if `pieces` breaks off."""
    with alone(upload) as file:
        arrived = os.fstat(file).st_size
        if arrived != at:
            raise WrongOffset
        try:
            for data in pieces:
                if arrived + len(data) > upload.size:
                    raise TooLarge
                _write(file, data)
                arrived += len(data)
        finally:
            os.fsync(file)
            Upload.objects.filter(pk=upload.pk).update(offset=arrived)
    return arrived


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def finish(upload: Upload) -> Upload:
    """Once its last byte is there, take the file into the library or say why not; harmless to repeat, and while
    another request is at it."""
    if not upload.source and path(upload).exists() and offset(upload) == upload.size:
        with suppress(Busy):
            _finish_alone(upload)
    upload.refresh_from_db()
    return upload


def _finish_alone(upload: Upload) -> None:
    with alone(upload):
        upload.refresh_from_db()
        if upload.media_id is None and not upload.problem:
            take_in(upload)
    path(upload).unlink(missing_ok=True)


def take_in(upload: Upload) -> None:
    """What has arrived becomes media, or the upload says why not. The long work is done before the database is asked to
    write: SQLite has one writer."""
    media = None
    try:
        media = taken(upload.workspace, upload.by, upload.name, path(upload))
        with room.taking(upload.workspace, media.size + media.thumbnail_size, upload):
            media.folder = _still(upload.folder_id)
            media.save()
            _ended(upload, media)
    except Refused as refused:
        _ended(upload, problem=refused.reason)
    except room.NoRoom:
        forget(media)
        _ended(upload, problem=refuse.NO_ROOM)


def _still(folder: UUID | None) -> Folder | None:
    """The folder it was meant for, held so that it stays until the row is written; the top when it is gone."""
    return Folder.objects.select_for_update().filter(pk=folder).first() if folder else None


def _ended(upload: Upload, media: Media | None = None, problem: str = "") -> None:
    upload.media, upload.problem, upload.offset = media, problem, upload.size
    upload.save(update_fields=("media", "problem", "offset"))


def drop(upload: Upload) -> None:
    """Forget an upload and what arrived of it; media made of it stays."""
    path(upload).unlink(missing_ok=True)
    upload.delete()
