"""Replace a small file as a whole: whoever reads it finds the old text or the new one; a power cut loses neither."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another process is changing the file."""


def replace(path: Path, text: str) -> None:
    """Write this text there; nobody else on the machine can read it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    settle(path.parent)


def settle(folder: Path) -> None:
    """What was made, renamed or deleted in this folder outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def held(path: Path, wait: bool = True) -> Iterator[None]:
    """Change it alone, while the block runs: a mark beside the file is locked. Raises Busy when told not to wait."""
    with path.with_name(f".{path.name}.lock").open("a") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(path.name) from None
        try:
            yield
        finally:
            fcntl.flock(mark, fcntl.LOCK_UN)  # closing is not enough: a process just being started has it open too
