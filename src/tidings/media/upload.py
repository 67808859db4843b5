"""Resumable uploads: begin, append, finish, drop. The file's length is the truth about what arrived."""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from django.db import transaction

from tidings.media.models import Upload
from tidings.media.refuse import Refused
from tidings.media.take import clean_name, taken
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


def begin(member: Member, name: str, size: int) -> Upload:
    """A new upload of `size` bytes; raises TooLarge or Full."""
    if size > settings().media_limit:
        raise TooLarge
    folder = _folder()
    coming = Upload.objects.filter(by=member.user, media=None, problem="")
    if shutil.disk_usage(folder).free - size < SPARE or coming.count() >= MOST_OPEN:
        raise Full
    name = clean_name(name)
    upload = Upload.objects.create(workspace=member.workspace, by=member.user, name=name, size=size)
    path(upload).touch(0o600)
    return upload


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
def _alone(upload: Upload) -> Iterator[int]:
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
        os.close(file)


def lost(upload: Upload) -> bool:
    """Whether its bytes are gone without having become anything (the machine failed at the wrong moment)."""
    return upload.media_id is None and not upload.problem and not path(upload).exists()


def append(upload: Upload, at: int, pieces: Iterable[bytes]) -> int:
    """Write what arrives, as it arrives; the new offset. What arrived is kept if `pieces` breaks off."""
    with _alone(upload) as file:
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
    """Once its last byte is there, take the file into the library or say why not; harmless to repeat."""
    if path(upload).exists() and offset(upload) == upload.size:
        with _alone(upload):
            upload.refresh_from_db()
            if upload.media_id is None and not upload.problem:
                _take(upload)
        path(upload).unlink(missing_ok=True)
    upload.refresh_from_db()
    return upload


def _take(upload: Upload) -> None:
    """The long work is done before the database is asked to write: SQLite has one writer."""
    try:
        media = taken(upload.workspace, upload.by, upload.name, path(upload))
    except Refused as refused:
        media, upload.problem = None, refused.reason
    with transaction.atomic():
        if media:
            media.save()
        upload.media, upload.offset = media, upload.size
        upload.save(update_fields=("media", "problem", "offset"))


def drop(upload: Upload) -> None:
    """Forget an upload and what arrived of it; media made of it stays."""
    path(upload).unlink(missing_ok=True)
    upload.delete()
