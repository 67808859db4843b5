"""What a storage of bytes can do, whichever it is; and the keys by which it finds them again."""

import re
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

PIECE = 64 * 1024
KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f-]{36}\.[a-z0-9]{1,5}")


class Away(OSError):
    """The storage does not answer, or does not let us in. What was asked for may be there all the same."""


@dataclass(frozen=True)
class Held:
    """Bytes that are there, and since when (seconds since 1970): in a file of this machine, or to be had in parts."""

    size: int
    since: float
    path: Path | None = None
    part: Callable[[int, int], Awaitable[bytes]] | None = None  # from this byte, so many


class Storage(Protocol):
    """What a storage can do. What is put is never changed, and is there whole or not at all. Raises Away."""

    def put(self, file: IO[bytes], extension: str) -> str:
        """Keep what the stream gives; the key to find it again."""
        ...

    def adopt(self, path: Path, extension: str) -> str:
        """Keep a file of this machine, which is gone from `path` afterwards."""
        ...

    def bring_back(self, key: str, file: IO[bytes]) -> bool:
        """Keep what the stream gives under a key that it had before; whether nothing was kept there."""
        ...

    def look(self, key: str) -> Held:
        """What there is to serve; FileNotFoundError when there is nothing."""
        ...

    def open(self, key: str) -> IO[bytes]:
        """The bytes, as a stream; FileNotFoundError when there are none."""
        ...

    def local(self, key: str) -> AbstractContextManager[Path]:
        """The bytes as a file of this machine, while the block runs, whatever is deleted meanwhile; FileNotFoundError
        when there are none."""
        ...

    def address(self, key: str, said: Mapping[str, str]) -> str:
        """Where whoever has this address gets the bytes without us for a minute, with these headers; empty: nowhere."""
        ...

    def delete(self, key: str) -> None:
        """Forget the bytes; nothing happens when there are none."""
        ...

    def kept(self) -> Iterator[tuple[str, float]]:
        """Everything kept, with the seconds since 1970 when it came."""
        ...


def fresh_key(extension: str) -> str:
    """A key that nothing has had."""
    name = str(uuid.uuid4())
    return f"{name[:2]}/{name[2:4]}/{name}.{extension}"


def checked(key: str) -> str:
    """The key; ValueError for anything that is not one of ours."""
    if not KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key
