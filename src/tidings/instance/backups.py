"""What is known of backups: the last one, as it was noted when it was made, and those that lie in the home folder."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tidings.core import clock
from tidings.core.replace import replace
from tidings.privacy import keyfile
from tidings.settings import settings

OLD = timedelta(days=2)  # a daily one that is older was missed
SHOWN = 10


@dataclass(frozen=True)
class Backup:
    """One archive. All of it was read back when it was made, or it would not be there."""

    file: str
    at: datetime
    size: int


@dataclass(frozen=True)
class Backups:
    """The last one (`rows`, `files`: what it holds; 0: not known), and the newest of the home folder."""

    at: datetime | None
    file: str
    size: int
    rows: int
    files: int
    folder: str
    kept: list[Backup]
    count: int

    @property
    def old(self) -> bool:
        """Whether none was made lately."""
        return self.at is None or self.at < clock.now() - OLD


def note(path: Path, size: int, rows: int, files: int) -> None:
    """A backup was made just now, and read back."""
    said = {"at": clock.now().isoformat(), "file": str(path), "size": size, "rows": rows, "files": files}
    replace(_file(), json.dumps(said))


def backups() -> Backups:
    """As it stands."""
    folder = settings().home / "backups"
    kept = sorted((_backup(path) for path in folder.glob("*.tidings")), key=lambda one: one.at, reverse=True)
    last = _last()
    at = clock.from_iso(last["at"]) if last else keyfile.last()
    size, rows, files = (int(last.get(name, 0)) for name in ("size", "rows", "files"))
    return Backups(at, str(last.get("file", "")), size, rows, files, str(folder), kept[:SHOWN], len(kept))


def _last() -> dict[str, Any]:
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(_file().read_text())
        return {"at": said["at"], **{name: said[name] for name in ("file", "size", "rows", "files")}}
    return {}


def _backup(path: Path) -> Backup:
    there = path.stat()
    return Backup(path.name, datetime.fromtimestamp(there.st_mtime, UTC), there.st_size)


def _file() -> Path:
    return settings().home / "backup.json"
