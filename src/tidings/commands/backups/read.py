"""Open an archive with its keys, and check all of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from tidings.commands.backups import frames, manifest, owners
from tidings.commands.backups.manifest import Manifest, Part
from tidings.commands.backups.owners import INSTANCE
from tidings.commands.backups.write import MANIFEST, SEAL
from tidings.commands.checksum import Sum
from tidings.core import secrets, stream
from tidings.core.secrets import CannotOpen
from tidings.privacy import keyfile

NOT_OURS = (BadZipFile, KeyError, ValueError, TypeError)


class Unfit(Exception):
    """The archive, the file of keys or the key ring: one is missing, damaged or not of the others."""


@dataclass(frozen=True)
class Found:
    """What was in an archive."""

    rows: int = 0
    files: int = 0
    unreadable: list[str] = field(default_factory=list)  # owners whose keys are forgotten


class Archive:
    """An archive that is really a backup: its manifest is the one that was sealed."""

    def __init__(self, file: ZipFile, keys: keyfile.Keys) -> None:
        self._file, self._keys = file, keys
        text = file.read(MANIFEST)
        self.manifest = Manifest.parse(text)
        self._look_at_seal(text)
        names = {part.file for part in self.manifest.parts} | {MANIFEST, SEAL}
        if set(file.namelist()) != names or len(file.namelist()) != len(names):
            raise Unfit("The backup is damaged: it has other parts than it says.")

    def _look_at_seal(self, text: bytes) -> None:
        (part,) = [part for part in self.manifest.parts if part.whose == INSTANCE]
        if part.key_ids[0] not in self._keys.get(INSTANCE.name, {}):
            raise Unfit("The file of keys does not know this backup: it is older, or of another instance.")
        try:
            sealed = self.key(part).open(self._file.read(SEAL).decode(), self.manifest.place(MANIFEST))
        except CannotOpen as error:
            raise Unfit(f"The key ring does not fit the file of keys, or the backup is damaged: {error}.") from None
        if sealed != manifest.digest(text):
            raise Unfit("The backup is damaged: its manifest was changed.")

    def wrapped(self, part: Part) -> str:
        """The data keys of its owner as a row keeps them; empty when they are forgotten."""
        known = self._keys.get(part.owner, {})
        if any(id.removeprefix("+") not in known for id in part.key_ids):
            return ""
        return " ".join("+" * id.startswith("+") + known[id.removeprefix("+")] for id in part.key_ids)

    def key(self, part: Part) -> secrets.DataKey:
        """What opens its stream."""
        return secrets.ring().unwrap(self.wrapped(part), keyfile.place(part.owner))

    def frames(self, part: Part) -> Iterator[frames.Frame]:
        """What is in it; raises Unfit at the first piece that is damaged."""
        try:
            with self._file.open(part.file) as file:
                yield from frames.read(stream.opened(file, self.key(part), self.manifest.place(part.owner)))
        except (CannotOpen, BadZipFile) as error:
            raise Unfit(f"The backup is damaged: {error}.") from None

    def check(self) -> Found:
        """Read everything; raises Unfit unless it is as it was written."""
        rows, files, unreadable = 0, 0, []
        for part in self.manifest.parts:
            if self._hash(part) != (part.size, part.sha256):
                raise Unfit(f"The backup is damaged: {part.file} is not as it was written.")
            if not self.wrapped(part):
                unreadable.append(part.owner)
                continue
            self._check(part)
            rows, files = rows + part.rows, files + part.files
        return Found(rows, files, unreadable)

    def _hash(self, part: Part) -> tuple[int, str]:
        hashed, size = sha256(), 0
        with suppress(BadZipFile), self._file.open(part.file) as file:
            while piece := file.read(stream.CHUNK):
                hashed.update(piece)
                size += len(piece)
        return size, hashed.hexdigest()

    def _check(self, part: Part) -> None:
        counted = Counted()
        for letter, content in self.frames(part):
            counted.take(letter, content)
        if counted.said != (counted.sums, counted.files):
            raise Unfit(f"The backup is damaged: {part.file} does not hold what it says.")


class Counted:
    """What the frames of a part come to, and what its last one says they do."""

    def __init__(self) -> None:
        self.sums: dict[str, Sum] = {}
        self.files = 0
        self.said: Any = None
        self._tables = owners.readable()

    def take(self, letter: bytes, content: bytes) -> None:
        """One more."""
        if letter == b"T":
            table, rows = frames.rows_of(content, self._tables)
            self.sums[table.model] = self.sums.get(table.model, Sum()).plus(table.rows, rows)
        elif letter == b"F":
            self.files += 1
        elif letter == b"E":
            self.said = frames.end_of(content)


@contextmanager
def opened(path: Path, keys: Path) -> Iterator[Archive]:
    """The archive; raises Unfit with a sentence that says what is missing or does not fit."""
    if not keys.exists():
        raise Unfit(f"The file of keys {keys} is missing: without it nothing in the backup can be read.")
    with ExitStack() as closing:
        try:
            archive = Archive(closing.enter_context(ZipFile(path)), keyfile.read(keys))
        except CannotOpen as error:
            raise Unfit(f"The key ring does not fit the file of keys: {error}.") from None
        except NOT_OURS as error:
            raise Unfit(f"{path.name} is no backup of Tidings, or damaged ({type(error).__name__}).") from None
        yield archive
