"""Room for a moment's work on files, in the data folder: what a killed process leaves there is found and swept up."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tidings.settings import settings


def place() -> Path:
    """Where all of it is; nobody else on the machine looks in."""
    folder = settings().home / "cache"
    folder.mkdir(0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def aside() -> Iterator[Path]:
    """A folder that is gone when the block ends."""
    with tempfile.TemporaryDirectory(dir=place()) as folder:
        yield Path(folder)
