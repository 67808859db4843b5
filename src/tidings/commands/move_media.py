"""`tidings move-media`: every picture and film carried from one storage to another, compared byte by byte.

Interrupted, it is run again and carries what is missing. The source stays as it is.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import IO

import click

from tidings.commands.progress import Progress
from tidings.commands.start import Stop
from tidings.media import address
from tidings.media.bucket import STRIDE
from tidings.media.storage import Away, Storage
from tidings.media.store import Folder, at
from tidings.settings import settings


@dataclass
class Moved:
    """What came of it: files and bytes that were carried, and files that were there already."""

    files: int = 0
    bytes: int = 0
    there: int = 0


def main(source: str, target: str, as_json: bool) -> None:
    """Carry all, and report; raises Stop, and what has arrived stays there."""
    began, moved = time.monotonic(), Moved()
    with _said_in_a_sentence():
        _move(_opened(source), _opened(target), moved)
    if as_json:
        click.echo(json.dumps({**asdict(moved), "seconds": round(time.monotonic() - began, 1)}, indent=2))
        return
    came = f"{moved.files:,} files ({moved.bytes:,} bytes) arrived as they left"
    click.echo(f"{came}; {moved.there:,} were there already.")
    click.echo("The source is as it was. Set TIDINGS_MEDIA to the target, or nothing for the folder of TIDINGS_HOME.")


@contextmanager
def _said_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Stop(f"Not everything was moved; run it again. {error}.") from None


def _opened(place: str) -> Storage:
    """By the words `home` and `setting` no secret need stand on a command line, where others can read it."""
    home = str(settings().home / "media")
    try:
        return at({"home": home, "setting": settings().media or home}.get(place, place))
    except address.Wrong as wrong:
        raise Stop(f"That is no place for media. {wrong}") from None


def _move(source: Storage, target: Storage, moved: Moved) -> None:
    if isinstance(source, Folder) and not source.root.is_dir():
        raise Stop(f"There is no folder {source.root}.")
    progress = Progress()
    for key, _since in source.kept():
        try:
            _carry(source, target, key, moved)
        except FileNotFoundError:  # deleted by somebody meanwhile
            continue
        progress.tell("files", moved.files + moved.there)


def _carry(source: Storage, target: Storage, key: str, moved: Moved) -> None:
    """A file of the same name and size is the same: nothing is ever kept in part, and nothing is changed."""
    size = source.look(key).size
    if _size(target, key) == size:
        moved.there += 1
        return
    with source.local(key) as path, path.open("rb") as file:
        target.bring_back(key, file)
        file.seek(0)
        left = _hash(file)
    with target.open(key) as file:
        if _hash(file) != left:
            target.delete(key)
            raise Away(f"{key} did not arrive as it left")
    moved.files, moved.bytes = moved.files + 1, moved.bytes + size


def _size(storage: Storage, key: str) -> int | None:
    try:
        return storage.look(key).size
    except FileNotFoundError:
        return None


def _hash(file: IO[bytes]) -> str:
    hashed = sha256()
    while piece := file.read(STRIDE):
        hashed.update(piece)
    return hashed.hexdigest()
