"""Put what an archive holds into an empty database, and its files into the storage; all or nothing."""

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any

from django.db import models

from tidings.commands import copy_tables, table_order
from tidings.commands.backups import frames, owners
from tidings.commands.backups.manifest import Part
from tidings.commands.backups.owners import KEY, MODELS
from tidings.commands.backups.read import Archive
from tidings.commands.checksum import Sum
from tidings.commands.two_databases import MADE_BY_MIGRATING
from tidings.media.storage import Away
from tidings.media.store import store
from tidings.privacy import keyfile, rewrap
from tidings.privacy.datamap import Table
from tidings.workspaces.models import User

DATABASE = "default"

Tell = Callable[[str, int], None]


@dataclass
class Put:
    """What was put where."""

    sums: dict[str, Sum] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)  # of the files, those that were not there


@contextmanager
def undone_unless_finished(put: Put) -> Iterator[None]:
    """Files that were put are deleted again when the block fails; rows are its transaction's."""
    try:
        yield
    except BaseException:
        with suppress(Away):  # what is left is swept up
            for key in put.fresh:
                store().delete(key)
        raise


def put_back(archive: Archive, without: Collection[str], put: Put, tell: Tell) -> None:
    """All owners but these. Within a transaction; raises Refused when a row is not taken, or changed on its way."""
    for model in MADE_BY_MIGRATING:
        model._base_manager.all().delete()
    for number, part in enumerate(archive.manifest.parts, 1):
        if part.owner not in without:
            _Owner(archive, part, without, put).all()
        tell("owners", number)
    table_order.number_on(DATABASE)
    for table in owners.tables():
        if copy_tables.summed(table.rows, DATABASE) != put.sums.get(table.model, Sum()):
            raise copy_tables.Refused(f"{table.model} did not arrive as it left.")


class _Owner:
    """One owner's rows and files, on their way back."""

    def __init__(self, archive: Archive, part: Part, without: Collection[str], put: Put) -> None:
        self._frames, self._part, self._put = archive.frames(part), part, put
        self._wrapped = archive.wrapped(part)
        self._gone = {name.partition(":")[2] for name in without if name.startswith("user:")}
        self._tables = owners.readable()

    def all(self) -> None:
        """All of them."""
        key, file = "", None
        for letter, content in self._frames:
            if letter == b"D":
                assert file  # noqa: S101 -- pieces follow the beginning of their file
                file.write(content)
                continue
            if file:
                self._keep(key, file)
                file = None
            if letter == b"T":
                self._rows(*frames.rows_of(content, self._tables))
            elif letter == b"F":
                key, file = content.decode(), tempfile.TemporaryFile()  # noqa: SIM115 -- closed when it is kept

    def _keep(self, key: str, file: IO[bytes]) -> None:
        with file:
            file.seek(0)
            if store().bring_back(key, file):
                self._put.fresh.append(key)
        self._put.files.append(key)

    def _rows(self, table: Table, rows: list[list[Any]]) -> None:
        if table.model in owners.LEFT_OUT:
            return
        names = frames.columns(table)
        told = [dict(zip(names, row, strict=True)) for row in rows]
        kept = [row for row in told if self._fits(table, row)]
        copy_tables.write(table.rows, [table.rows(**row) for row in kept], DATABASE)
        found = self._put.sums.get(table.model, Sum())
        self._put.sums[table.model] = found.plus(table.rows, [[row[name] for name in names] for row in kept])

    def _fits(self, table: Table, row: dict[str, Any]) -> bool:
        """Whether the row comes back; made to fit where it points to somebody who does not."""
        if table.rows in MODELS.values():
            row[KEY] = rewrap.anew(self._wrapped, keyfile.place(self._part.owner))
        for column in _to_people(table):
            if str(row[column.attname]) in self._gone:
                if not column.null:
                    return False
                row[column.attname] = None
        return True


def _to_people(table: Table) -> list[Any]:
    fields = table.rows._meta.local_concrete_fields
    return [field for field in fields if isinstance(field, models.ForeignKey) and field.related_model is User]
