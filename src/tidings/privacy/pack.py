"""Write a person's archive: the rows as of one instant, then the files they name, piece by piece."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.db import models

from tidings.core import clock
from tidings.media.storage import PIECE
from tidings.media.store import store
from tidings.privacy import archive, lines, readme
from tidings.privacy.datamap import Table
from tidings.privacy.scope import HERE, Scope, tables
from tidings.privacy.snapshot import snapshot

Beat = Callable[[int, int], None]  # so many steps are done, of so many
BATCH = 500  # rows read at once
YEARS = (1980, 2107)  # that a zip file can name


@dataclass
class Packing:
    """One archive that is being written."""

    user: UUID
    zip: ZipFile
    beat: Beat
    at: datetime = field(default_factory=clock.now)
    done: int = 0
    parts: int = 0
    rows: dict[str, int] = field(default_factory=dict)  # by file
    files: dict[str, str] = field(default_factory=dict)  # where the archive keeps it: its storage key
    missing: list[str] = field(default_factory=list)

    def opened(self, name: str, packed: bool = True) -> IO[bytes]:
        """A new entry, to be written before the next is opened."""
        info = ZipInfo(name, self.at.timetuple()[:6] if YEARS[0] <= self.at.year <= YEARS[1] else (1980, 1, 1, 0, 0, 0))
        info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        info.external_attr = 0o600 << 16
        return self.zip.open(info, "w", force_zip64=True)

    def tick(self, steps: int = 1) -> None:
        """So much further."""
        self.done += steps
        self.beat(self.done, self.parts)


def pack(user: UUID, language: str, path: Path, beat: Beat) -> None:
    """Write the archive to this path; `beat` is called often, and whatever it raises ends the writing."""
    path.touch(0o600, exist_ok=False)
    with path.open("wb") as file, ZipFile(file, "w", ZIP_DEFLATED) as zip:
        packing = Packing(user, zip, beat)
        with snapshot() as alias:
            _write_rows(packing, Scope.of(user, alias))
        for name, key in packing.files.items():
            _write_file(packing, name, key)
        packing.zip.writestr(archive.README, readme.text(packing.rows, language))
        packing.zip.writestr(archive.MANIFEST, readme.manifest(packing.user, packing.at, packing.rows, packing.missing))


def _write_rows(packing: Packing, scope: Scope) -> None:
    files = sum(scope.rows(table).count() for table in tables() if table.files)
    packing.parts = len(tables()) + files
    for table in tables():
        _write_table(packing, scope, table)
        packing.tick()
    _write_people(packing, scope)


def _write_table(packing: Packing, scope: Scope, table: Table) -> None:
    name = f"{'here' if table.model in HERE else 'data'}/{table.model}.jsonl"
    attnames = [column.attname for column in lines.columns(table)]
    count = 0
    with packing.opened(name) as out:
        for row in scope.rows(table).values(*attnames, *_keys(table)).iterator(BATCH):
            out.write(lines.line(lines.told(table, row)))
            count += 1
            if table.files:
                _note_file(packing, table, row)
            if count % BATCH == 0:
                packing.tick(0)
    packing.rows[name] = count
    _write_pictures(packing, scope, table)


def _keys(table: Table) -> tuple[str, ...]:
    """The id too, where it is not told."""
    pk = table.rows._meta.pk
    return (pk.attname,) if pk and pk not in lines.columns(table) else ()


def _note_file(packing: Packing, table: Table, row: dict[str, Any]) -> None:
    for column in lines.columns(table):
        if column.name in table.files.split() and row[column.attname]:
            packing.files[lines.media(row["id"], row[column.attname])] = row[column.attname]


def _write_pictures(packing: Packing, scope: Scope, table: Table) -> None:
    """What a table keeps as bytes becomes files."""
    for column in lines.columns(table):
        if isinstance(column, models.BinaryField):
            for pk, picture in scope.rows(table).values_list("pk", column.attname).iterator(BATCH):
                with packing.opened(lines.portrait(pk), packed=False) as out:
                    out.write(picture)


def _write_people(packing: Packing, scope: Scope) -> None:
    """Others are named, and nothing else is said of them."""
    count = 0
    with packing.opened(archive.PEOPLE) as out:
        for person, name in scope.people().values_list("pk", "name").iterator(BATCH):
            out.write(lines.line({"id": str(person), "name": name}))
            count += 1
    packing.rows[archive.PEOPLE] = count


def _write_file(packing: Packing, name: str, key: str) -> None:
    try:
        with store().open(key) as source, packing.opened(name, packed=False) as out:
            while piece := source.read(PIECE):
                out.write(piece)
                packing.tick(0)
    except FileNotFoundError:
        packing.missing.append(name)
    packing.tick()
