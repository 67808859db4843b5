"""Where the bytes are kept: a folder of this machine, or the bucket that the settings name."""

import errno
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from tidings.core.replace import settle
from tidings.media import address
from tidings.media.bucket import Bucket
from tidings.media.storage import PIECE, Held, Storage, checked, fresh_key
from tidings.settings import settings


@dataclass(frozen=True)
class Folder:
    """Storage in a folder; a file appears whole or not at all, and survives a power cut."""

    root: Path

    def put(self, file: IO[bytes], extension: str) -> str:
        """Keep what the stream gives; the key to find it again."""
        with self._coming(file) as path:
            return self.adopt(path, extension)

    @contextmanager
    def _coming(self, file: IO[bytes]) -> Iterator[Path]:
        """What the stream gives, in a file of its own that is gone afterwards."""
        self.root.mkdir(parents=True, exist_ok=True)
        coming = self.root / f".coming-{uuid.uuid4()}"
        try:
            with coming.open("xb") as out:
                shutil.copyfileobj(file, out, PIECE)
                out.flush()
                os.fsync(out.fileno())
            yield coming
        finally:
            coming.unlink(missing_ok=True)

    def bring_back(self, key: str, file: IO[bytes]) -> bool:
        """Keep what the stream gives under a key that it had before; whether nothing was kept there."""
        to = self.path(key)
        fresh = not to.exists()
        to.parent.mkdir(parents=True, exist_ok=True)
        with self._coming(file) as path:
            os.replace(path, to)
        settle(to.parent)
        return fresh

    def adopt(self, path: Path, extension: str) -> str:
        """Keep a file of this machine, which is gone from `path` afterwards."""
        key = fresh_key(extension)
        to = self.path(key)
        to.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        try:
            os.replace(path, to)
        except OSError as error:
            if error.errno != errno.EXDEV:  # the media folder is a disk of its own
                raise
            with path.open("rb") as file:
                key = self.put(file, extension)
            path.unlink()
            return key
        settle(to.parent)
        return key

    def look(self, key: str) -> Held:
        """What there is to serve; FileNotFoundError when there is nothing."""
        path = self.path(key)
        found = path.stat()
        return Held(found.st_size, found.st_mtime, path)

    def open(self, key: str) -> IO[bytes]:
        """The bytes, as a stream; FileNotFoundError when there are none."""
        return self.path(key).open("rb")

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """The bytes as a file of this machine, while the block runs, whatever is deleted meanwhile; FileNotFoundError
        when there are none."""
        path = self.path(key)
        path.stat()
        yield path

    def address(self, key: str, said: Mapping[str, str]) -> str:
        """Nowhere: a folder answers nobody."""
        return ""

    def delete(self, key: str) -> None:
        """Forget the bytes; nothing happens when there are none."""
        self.path(key).unlink(missing_ok=True)

    def kept(self) -> Iterator[tuple[str, float]]:
        """Everything kept, with the seconds since 1970 when it came."""
        for path in self.root.glob("??/??/*"):
            with suppress(FileNotFoundError):
                yield path.relative_to(self.root).as_posix(), path.stat().st_mtime

    def path(self, key: str) -> Path:
        """The file of this key; ValueError for anything that is not a key of ours."""
        return self.root / checked(key)


def at(place: str) -> Storage:
    """The storage at this place: a folder, or s3://…; raises address.Wrong."""
    if "://" in place:
        return Bucket(address.read(place), settings().home / "cache")
    return Folder(Path(place))


@cache
def store() -> Storage:
    """This process's storage."""
    return at(settings().media or str(settings().home / "media"))
