"""What an archive says about itself in clear: ids, counts and checksums, nothing of what is in it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db.migrations.loader import MigrationLoader

from tidings.commands.backups.owners import Owner, named

FORMAT = 1


@dataclass(frozen=True)
class Part:
    """One owner's stream. `key_ids`: of the data keys that the owner had; the first of them seals the stream."""

    owner: str
    file: str
    key_ids: list[str]
    rows: int
    files: int
    size: int
    sha256: str

    @property
    def whose(self) -> Owner:
        """The owner."""
        return named(self.owner)


@dataclass(frozen=True)
class Manifest:
    """One backup."""

    id: str
    made_at: str
    version: str
    migrations: list[str]
    parts: list[Part] = field(default_factory=list)
    format: int = FORMAT

    @property
    def instant(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)

    def place(self, owner: str) -> str:
        """What this owner's stream is bound to."""
        return f"backup:{self.id}:{owner}"

    def text(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def parse(cls, text: bytes) -> "Manifest":
        """The same; raises ValueError, TypeError or KeyError when it is something else."""
        said = json.loads(text)
        if said.get("format") != FORMAT:
            raise ValueError("another format")
        return cls(**{**said, "parts": [Part(**part) for part in said["parts"]]})


def digest(text: bytes) -> str:
    """What is sealed of a manifest."""
    return sha256(text).hexdigest()


def migrations() -> list[str]:
    """What this version's tables are: every change that led to them."""
    loader = MigrationLoader(None)
    return sorted(".".join(key) for key in loader.disk_migrations if key[0] in loader.migrated_apps)
