"""`tidings backup`: everything in one encrypted file, made while everything runs, and read back before it counts."""

import json
import re
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC
from pathlib import Path

import click
from django.db import DatabaseError

from tidings.commands import migrate
from tidings.commands.backups import read
from tidings.commands.backups.write import write
from tidings.commands.start import Stop
from tidings.commands.two_databases import first_line
from tidings.core import clock, secrets
from tidings.core.replace import settle
from tidings.instance.backups import note
from tidings.instance.red import tell_failed_backup
from tidings.privacy import keyfile
from tidings.settings import settings

ENDING = ".tidings"
OURS = re.compile(r"backup-\d{8}T\d{6}Z\.tidings")


def main(to: Path | None, keep: int | None, as_json: bool) -> None:
    """Make one, and with `keep` delete the oldest of that folder."""
    migrate.look()
    path = _path(to or settings().home / "backups")
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        write(part)
        found = _read_back(part)
        part.rename(path)
        settle(path.parent)
        keyfile.backed_up()
        note(path.absolute(), path.stat().st_size, found.rows, found.files)
    except (OSError, DatabaseError, secrets.CannotOpen, read.Unfit) as error:
        with suppress(DatabaseError):
            tell_failed_backup(clock.now())
        raise Stop(f"No backup was made: {first_line(error)}.") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    gone = _delete_older(path, keep) if keep else []
    _report(path, found, gone, as_json)


def check(path: Path, keys: Path | None, as_json: bool) -> None:
    """Read a backup as a restore would, and change nothing."""
    try:
        found = _read_back(path, keys)
    except read.Unfit as error:
        raise Stop(str(error)) from None
    _report(path, found, [], as_json)


def _path(to: Path) -> Path:
    """A file of this name, or one named by the time in this folder."""
    if to.suffix == ENDING and not to.is_dir():
        if to.exists():
            raise Stop(f"{to} is there already.")
        return to
    return to / f"backup-{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}{ENDING}"


def _read_back(path: Path, keys: Path | None = None) -> read.Found:
    with read.opened(path, keys or keyfile.path()) as archive:
        return archive.check()


def _delete_older(path: Path, keep: int) -> list[str]:
    """Only what is named as we name backups."""
    ours = sorted(each for each in path.parent.iterdir() if OURS.fullmatch(each.name))
    old = [each for each in ours[:-keep] if each != path]
    for each in old:
        each.unlink()
    return [each.name for each in old]


def _report(path: Path, found: read.Found, gone: list[str], as_json: bool) -> None:
    size = path.stat().st_size
    if as_json:
        click.echo(json.dumps({"file": str(path), "size": size, **asdict(found), "deleted": gone}, indent=2))
        return
    click.echo(f"{path}: {found.rows:,} rows and {found.files:,} files, {size:,} bytes, all of it read back.")
    if found.unreadable:
        click.echo(f"{len(found.unreadable):,} users or workspaces in it were erased: nobody can read them any more.")
    for name in gone:
        click.echo(f"Deleted {name}.")
    click.echo(f"It opens only with {keyfile.path()} and the key ring: keep copies of both, apart from it.", err=True)
