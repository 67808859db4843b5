"""Write an archive while everything runs: the database as of one instant, owner by owner, with their media files."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace as with_
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import tidings
from tidings.commands.backups import frames, manifest, owners
from tidings.commands.backups.manifest import Manifest, Part
from tidings.commands.backups.owners import INSTANCE, KEY, MODELS, Owner
from tidings.commands.checksum import Sum
from tidings.commands.copy_tables import batches
from tidings.commands.progress import Progress
from tidings.core import clock, secrets, stream
from tidings.core.ids import new_id
from tidings.media.storage import PIECE
from tidings.media.store import store
from tidings.privacy import keyfile, ledger, rewrap
from tidings.privacy.datamap import Table
from tidings.privacy.snapshot import snapshot

MANY = 500  # rows read at once

MANIFEST, SEAL = "manifest.json", "manifest.seal"


def write(path: Path) -> Manifest:
    """Everything there is, into this new file; its keys into the file of keys."""
    progress, keys = Progress(), {INSTANCE.name: _fresh_key()}
    with snapshot() as database, os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        said = Manifest(
            str(new_id()), clock.now().astimezone(UTC).isoformat(), tidings.__version__, manifest.migrations()
        )
        with ZipFile(file, "w") as archive:
            for number, owner in enumerate(owners.every(database)):
                if owner != INSTANCE:
                    keys[owner.name] = _keys(owner, database)
                said.parts.append(_part(archive, said, f"{number:06}.sealed", owner, keys[owner.name], database))
                progress.tell("owners", number + 1)
            archive.writestr(MANIFEST, said.text())
            archive.writestr(SEAL, _opens(INSTANCE, keys).seal(manifest.digest(said.text()), said.place(MANIFEST)))
        file.flush()
        os.fsync(file.fileno())
    keyfile.change(lambda found: _merged(found, keys))
    return said


def _fresh_key() -> dict[str, str]:
    """Every backup has a key of the instance to itself, so that a file of keys that is older can be told."""
    place = keyfile.place(INSTANCE.name)
    return secrets.ring().named(secrets.ring().new_data_key(place), place)


def _keys(owner: Owner, database: str) -> dict[str, str]:
    """The owner's data keys, wrapped, by id."""
    wrapped = MODELS[owner.kind]._base_manager.using(database).values_list(KEY, flat=True).get(pk=owner.id)
    return secrets.ring().named(wrapped, keyfile.place(owner.name))


def _opens(owner: Owner, keys: keyfile.Keys) -> secrets.DataKey:
    return secrets.ring().unwrap(next(iter(keys[owner.name].values())), keyfile.place(owner.name))


def _part(
    archive: ZipFile, said: Manifest, name: str, owner: Owner, keys: dict[str, str], database: str
) -> Part:
    told = _Told(owner, database)
    part = Part(owner.name, name, list(keys), 0, 0, 0, "")
    key, hashed, size = _opens(owner, {owner.name: keys}), sha256(), 0
    with archive.open(name, "w", force_zip64=True) as out:
        for piece in stream.seal(told.frames(), key, said.place(owner.name)):
            out.write(piece)
            hashed.update(piece)
            size += len(piece)
    rows = sum(found.rows for found in told.sums.values())
    return with_(part, rows=rows, files=told.files, size=size, sha256=hashed.hexdigest())


class _Told:
    """What an owner has, in frames, and what it came to."""

    def __init__(self, owner: Owner, database: str) -> None:
        self.owner, self.database = owner, database
        self.sums: dict[str, Sum] = {}
        self.files = 0

    def frames(self) -> Iterator[bytes]:
        """All of it."""
        for table in owners.tables():
            rows = owners.rows(table, self.owner, self.database)
            if rows is not None:
                found = rows.order_by("pk").values_list(*frames.columns(table)).iterator(MANY)
                for batch in batches(found, MANY):
                    yield from self._batch(table, [_without_key(table, row) for row in batch])
        yield frames.of_end(self.sums, self.files)

    def _batch(self, table: Table, rows: list[list[Any]]) -> Iterator[bytes]:
        self.sums[table.model] = self.sums.get(table.model, Sum()).plus(table.rows, rows)
        yield frames.of_rows(table, rows)
        at = [frames.columns(table).index(name) for name in table.files.split()]
        for key in (row[i] for row in rows for i in at if row[i]):
            with suppress(FileNotFoundError, ValueError):  # removed since the snapshot, or no name of a file at all
                yield from self._file(key)

    def _file(self, key: str) -> Iterator[bytes]:
        with store().local(key) as path, path.open("rb") as file:
            self.files += 1
            yield frames.frame(b"F", key.encode())
            while piece := file.read(PIECE):
                yield frames.frame(b"D", piece)


def _without_key(table: Table, row: tuple[Any, ...]) -> list[Any]:
    """An archive holds no data key of a user or workspace: what is forgotten in the file of keys is gone."""
    if table.rows not in MODELS.values():
        return list(row)
    return ["" if name == KEY else value for name, value in zip(frames.columns(table), row, strict=True)]


def _merged(found: keyfile.Keys, fresh: keyfile.Keys) -> keyfile.Keys:
    """The file of keys with this backup's; whoever was erased meanwhile stays forgotten."""
    gone = {f"{entry.kind}:{entry.subject}" for entry in ledger.every()}
    there = {owner.name for owner in owners.every("default")} - gone
    merged = dict(found)
    for owner in fresh.keys() & there:
        place = keyfile.place(owner)
        keys = {id.removeprefix("+"): rewrap.anew(wrapped, place) for id, wrapped in fresh[owner].items()}
        merged[owner] = {**found.get(owner, {}), **keys}
    return merged
