"""What was erased, in a file beside the database: a restored backup brings nobody back, for `restore` reads this.

Ids only: who is not in the database any more cannot be found by them.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from tidings.core import clock
from tidings.privacy.models import Erasure
from tidings.settings import settings


@dataclass(frozen=True)
class Entry:
    """One erasure: of a user, a workspace, or what a network gave by a sign-in or for a channel."""

    kind: str
    subject: str
    at: str


def path() -> Path:
    """Where the ledger is."""
    return settings().home / "erased.jsonl"


def add(erasure: Erasure) -> None:
    """Write that this is erased, before it is: a purge that breaks off is never forgotten."""
    put(erasure.kind, erasure.subject)


def put(kind: str, subject: UUID) -> None:
    """The same for what goes with an erasure: the workspaces of a person."""
    line = "\n" + json.dumps(asdict(Entry(kind, str(subject), clock.now().isoformat()))) + "\n"
    file = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode())
        os.fsync(file)
    finally:
        os.close(file)


def every() -> tuple[Entry, ...]:
    """Each erasure once, the oldest first. A last line that was cut off by a power failure is passed over."""
    lines = path().read_text().splitlines() if path().exists() else []
    whole = [Entry(**json.loads(line)) for line in lines if line.endswith("}")]
    return tuple({(entry.kind, entry.subject): entry for entry in reversed(whole)}.values())[::-1]
