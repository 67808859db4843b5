"""`tidings restore`: a backup put back into an empty database, everything or nothing, and nobody who was erased."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import click
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from tidings.commands import copy_tables
from tidings.commands.backups import manifest, target
from tidings.commands.backups.decide import decide
from tidings.commands.backups.owners import MODELS
from tidings.commands.backups.put_back import Put, put_back, undone_unless_finished
from tidings.commands.backups.read import Archive, Unfit, opened
from tidings.commands.progress import Progress
from tidings.commands.start import Stop
from tidings.commands.two_databases import first_line
from tidings.core import secrets
from tidings.instance import checks
from tidings.privacy import erase, keyfile, ledger


@dataclass(frozen=True)
class Restored:
    """What came of it."""

    made_at: str
    rows: int
    files: int
    erased: int
    unsure: int
    held: int
    waiting: int


def main(path: Path, keys: Path | None, replace: bool, hold_all: bool, as_json: bool) -> None:
    """Check all of it, write all of it; raises Stop with everything as it was when something is in the way."""
    with _said_in_a_sentence(), opened(path, keys or keyfile.path()) as archive:
        _fits(archive)
        unreadable = archive.check().unreadable
        with target.made_ready(replace):
            restored = _restore(archive, {*unreadable, *_erased()}, hold_all)
    _report(restored, as_json)


@contextmanager
def _said_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except (Unfit, copy_tables.Refused, secrets.CannotOpen, OSError, DatabaseError) as error:
        raise Stop(f"Nothing was restored: {first_line(error)}.") from None
    finally:
        connections.close_all()


def _fits(archive: Archive) -> None:
    """The tables are those of this version: rows of others would have to be changed first."""
    if archive.manifest.migrations != manifest.migrations():
        version = archive.manifest.version
        raise Unfit(f"The backup was made by another version ({version}): restore it with that one, then update.")


def _erased() -> set[str]:
    """Users and workspaces; what networks gave is taken out of the rows that are back."""
    return {f"{entry.kind}:{entry.subject}" for entry in ledger.every() if entry.kind in MODELS}


def _restore(archive: Archive, without: set[str], hold_all: bool) -> Restored:
    """The mark is taken away when the last erasure is done: until then no other command uses this database."""
    progress, put = Progress(), Put()
    call_command("migrate", interactive=False, verbosity=0)
    with undone_unless_finished(put):
        with transaction.atomic():
            target.emptied()
            put_back(archive, without, put, progress.tell)
            decided = decide(archive.manifest.instant, hold_all)
            MigrationRecorder(connection).record_applied(*checks.UNFINISHED)
        for entry in ledger.every():
            erase.purge(entry.kind, UUID(entry.subject))
        MigrationRecorder(connection).record_unapplied(*checks.UNFINISHED)
    rows = sum(found.rows for found in put.sums.values())
    return Restored(archive.manifest.made_at, rows, len(put.files), len(without), **decided)


def _report(restored: Restored, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(restored), indent=2))
        return
    click.echo(f"{restored.rows:,} rows and {restored.files:,} files of {restored.made_at} are back.")
    click.echo(f"{restored.erased:,} users and workspaces were left out: they were erased.")
    click.echo(
        f"{restored.held:,} deliveries that were due since are held back, {restored.unsure:,} are unsure: they may be "
        f"out, and somebody has to say. {restored.waiting:,} wait for their time."
    )
    click.echo("Stop whatever else still works with what this was a backup of: it would send a second time.", err=True)


