"""The keys that open backups, in `keys.backup.json` of the home folder and in no backup: whose entry is forgotten
here cannot be read in any archive any more, however old.

An owner is `user:<id>`, `workspace:<id>` or `instance`. Of each, the file keeps every data key that archives were
sealed with, by the key's id, wrapped by the key ring.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tidings.core import secrets
from tidings.core.replace import held, replace
from tidings.settings import settings

INSTANCE = "instance"

Keys = dict[str, dict[str, str]]  # by owner and key id, wrapped


def path() -> Path:
    """Where the file of this instance is."""
    return settings().home / "keys.backup.json"


def place(owner: str) -> str:
    """What a wrapped key of this owner is bound to: where its row keeps it."""
    return f"{owner}:data_key"


def read(file: Path | None = None) -> Keys:
    """Everybody's keys; none when there is no file. Raises CannotOpen when it is something else."""
    file = file or path()
    if not file.exists():
        return {}
    try:
        return {owner: {**keys} for owner, keys in json.loads(file.read_text()).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise secrets.CannotOpen(f"{file} is not a file of keys of backups") from error


def change(by: Callable[[Keys], Keys]) -> Keys:
    """What the file becomes; nobody else changes it meanwhile."""
    with held(path()):
        found = read()
        changed = by(found)
        if changed != found:
            replace(path(), json.dumps(changed, indent=1, sort_keys=True))
    return changed


def backed_up() -> None:
    """Remember that an archive was made just now."""
    os.utime(path())


def last() -> datetime | None:
    """When the last archive was made; None: never. (Or somebody was forgotten since: that changes the file as well.)"""
    return datetime.fromtimestamp(path().stat().st_mtime, UTC) if path().exists() else None


def forget(kind: str, subject: object) -> None:
    """Nobody can read any more what archives hold of this user or workspace."""
    if path().exists():
        change(lambda found: {owner: keys for owner, keys in found.items() if owner != f"{kind}:{subject}"})
