"""People's own pictures: made small and clean by the press, kept in the database, shown to whom they work with."""

import hashlib
from pathlib import Path
from typing import IO

from django.db import transaction

from tidings.media import bench, refuse
from tidings.media.aside import aside
from tidings.media.order import Take
from tidings.media.refuse import Refused
from tidings.media.storage import PIECE
from tidings.workspaces.models import User, UserPortrait

LARGEST = 20_000_000  # bytes of what somebody brings


def portray(user: User, file: IO[bytes]) -> None:
    """This is what they look like from now on; raises Refused."""
    picture = small(file, LARGEST)
    if not picture:
        raise Refused(refuse.NO_PICTURE)
    with transaction.atomic():
        UserPortrait.objects.update_or_create(user=user, defaults={"picture": picture})
        _mark(user, hashlib.sha256(picture).hexdigest()[:16])


@transaction.atomic
def unportray(user: User) -> None:
    """Without a picture from now on; their initial stands for them."""
    UserPortrait.objects.filter(user=user).delete()
    _mark(user, "")


def _mark(user: User, mark: str) -> None:
    user.portrait = mark
    User.objects.filter(pk=user.pk).update(portrait=mark)


def small(file: IO[bytes], most: int) -> bytes:
    """A small WEBP of the picture that the stream gives; nothing when it shows none. Raises Refused."""
    with aside() as folder:
        path, made = folder / "portrait", folder / "small"
        if _copied(file, path, most) > most:
            raise Refused(refuse.TOO_LARGE)
        seen = bench.take(Take(str(path), str(made)))
        return made.read_bytes() if seen.thumbnail and seen.kind != "film" else b""


def _copied(file: IO[bytes], path: Path, most: int) -> int:
    with path.open("wb") as out:
        while out.tell() <= most and (piece := file.read(PIECE)):
            out.write(piece)
        return out.tell()
