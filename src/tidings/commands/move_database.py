"""`tidings move-database`: everything of one database carried to another, from SQLite to PostgreSQL or back.

Keys, media and secrets of the home folder stay where they are: what is sealed is carried sealed.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import click
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from tidings.commands import copy_tables, table_order
from tidings.commands.progress import Progress
from tidings.commands.start import Stop
from tidings.commands.two_databases import FROM, MADE_BY_MIGRATING, TO, first_line, open_source, open_target
from tidings.instance import checks


@dataclass(frozen=True)
class Copied:
    """One table, as it arrived."""

    table: str
    rows: int
    checksum: str


def main(source: str, target: str, copy: bool, as_json: bool) -> None:
    """Move, and report; raises Stop, with the target as empty as it was, when something is in the way."""
    began = time.monotonic()
    with _said_in_a_sentence():
        open_source(source, copy)
        open_target(target)
        call_command("migrate", database=TO, interactive=False, verbosity=0)
        copied = _move(copy)
    _report(copied, time.monotonic() - began, copy, as_json)


@contextmanager
def _said_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except copy_tables.Refused as error:
        raise Stop(f"{error} Nothing was moved.") from None
    except DatabaseError as error:
        raise Stop(f"Nothing was moved, for a database said: {first_line(error)}.") from None
    finally:
        connections.close_all()


def _move(copy: bool) -> list[Copied]:
    """Everything in one transaction of the target; meanwhile nobody else writes to a source that is SQLite."""
    progress = Progress()
    with transaction.atomic(using=FROM):
        if not copy:
            MigrationRecorder(connections[FROM]).record_applied(*checks.MOVED)
        with transaction.atomic(using=TO):
            for model in MADE_BY_MIGRATING:
                model._base_manager.using(TO).all().delete()
            copied = [_table(model, progress) for model in table_order.tables()]
            table_order.number_on(TO)
    return copied


def _table(model: table_order.Model, progress: Progress) -> Copied:
    table = model._meta.db_table
    read = copy_tables.copy(model, FROM, TO, progress.tell)
    there = copy_tables.summed(model, TO)
    if read != there:
        raise copy_tables.Refused(f"{table} did not arrive as it left: {there.rows} rows of {read.rows}, or changed.")
    progress.end(table, read.rows)
    return Copied(table, read.rows, f"{read.checksum:032x}")


def _report(copied: list[Copied], seconds: float, copy: bool, as_json: bool) -> None:
    rows = sum(table.rows for table in copied)
    if as_json:
        tables = [asdict(table) for table in copied]
        click.echo(json.dumps({"tables": tables, "rows": rows, "seconds": round(seconds, 1)}, indent=2))
        return
    click.echo(f"{rows:,} rows of {len(copied)} tables arrived as they left, in {seconds:.0f} seconds.")
    click.echo(
        "The source is as it was." if copy
        else "Name the target with TIDINGS_DATABASE and start Tidings; the source is marked and refuses to be used."
    )
