"""What can be wrong with an instance, one function each; `serve` refuses to start over some of them."""

import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Value
from django.db.models.functions import Left, StrIndex

from tidings import networks, outside
from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import AppCredential, Channel
from tidings.commands.start import Stop
from tidings.core.secrets import CannotOpen
from tidings.media.reach import indoors, look
from tidings.settings import settings
from tidings.workspaces.models import User, Workspace

GOOD_SQLITE = (3, 51, 3)
MOVED = ("tidings", "moved")  # among the applied migrations: what move-database leaves behind
TO_WHERE = "name the new one with TIDINGS_DATABASE, or what waits here would go out twice"
BRING_BACK = "Bring back the right keys.json or TIDINGS_KEYS."


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and what to do."""

    name: str
    level: Literal["error", "warning"]
    sentence: str


Check = Callable[[], Iterator[Finding]]


def refuse(check: Check, warnings: bool = False) -> list[Finding]:
    """Raise Stop with the check's first error, or first warning when those are too much as well; else what it found."""
    found = list(check())
    for finding in found:
        if warnings or finding.level == "error":
            raise Stop(finding.sentence)
    return found


def database(on: Any = connection) -> Iterator[Finding]:
    """The database answers, it was not moved away, and no newer version of the program has changed it."""
    try:
        executor = MigrationExecutor(on)
        loader = executor.loader
        waiting = executor.migration_plan(loader.graph.leaf_nodes())
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0]
        yield Finding("database", "error", f"The database cannot be used: {said}.")
        return
    if MOVED in loader.applied_migrations:
        yield Finding("database", "error", f"This database was moved away: {TO_WHERE}.")
    known, ours = loader.disk_migrations or {}, loader.migrated_apps
    newer = sorted(".".join(key) for key in loader.applied_migrations if key not in known and key[0] in ours)
    if newer:
        sentence = f"The database was changed by a newer version of Tidings ({newer[-1]}); use that version."
        yield Finding("database", "error", sentence)
    elif waiting:
        sentence = f"{len(waiting)} changes of the database are waiting: run `tidings migrate`."
        yield Finding("migrations", "warning", sentence)


def keys() -> Iterator[Finding]:
    """Every key that wraps something in the database is in the ring, and opens it."""
    for model in (User, Workspace, AppCredential):
        name = Left("data_key", StrIndex("data_key", Value(".")) - 1)
        try:
            names = list(model._base_manager.exclude(data_key="").values_list(name, flat=True).distinct())
        except DatabaseError:
            return  # said by `database`, or the tables are not there yet
        for key in names:
            try:
                model._base_manager.filter(data_key__startswith=f"{key}.")[0].key()
            except CannotOpen as error:
                sentence = f"The key ring does not fit this database: {error}. {BRING_BACK}"
                yield Finding("keys", "error", sentence)
                return


def key_file() -> Iterator[Finding]:
    """Nobody else on the machine can read the keys."""
    path = settings().home / "keys.json"
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("key-file", "error", f"Others on this machine may read the keys: chmod 600 {path}")


def sqlite() -> Iterator[Finding]:
    """SQLite without the bug that can damage a database in WAL mode (https://sqlite.org/wal.html#walresetbug)."""
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < GOOD_SQLITE:
        wanted = ".".join(map(str, GOOD_SQLITE))
        bug = f"SQLite is {sqlite3.sqlite_version}; before {wanted} a rare bug can damage a database"
        yield Finding("sqlite", "warning", f"This Python's {bug}. Keep backups, or use PostgreSQL.")


def contact() -> Iterator[Finding]:
    """People can reach whoever runs this."""
    if not settings().contact:
        yield Finding("contact", "error", "Nobody can reach you: set TIDINGS_CONTACT to your e-mail address.")


def address() -> Iterator[Finding]:
    """HTTPS wherever a connection leaves the machine."""
    if indoors(settings().hostname) and settings().hostname != "0.0.0.0":  # noqa: S104 -- a comparison, not a bind
        return
    if not settings().base_url:
        yield Finding("address", "warning", "Set TIDINGS_BASE_URL to the address that people type.")
    elif not settings().secure:
        yield Finding("address", "error", f"{settings().url} is public but not encrypted: use https.")


def reach() -> Iterator[Finding]:
    """Networks that fetch pictures and films from here can, if channels of such are connected."""
    fetching = [name for name, network in networks.every().items() if network.fetches]
    try:
        asked = Channel.objects.filter(network__in=fetching).exclude(paused=DISCONNECTED).exists()
    except DatabaseError:
        return  # said by `database`, or the tables are not there yet
    for found in look(outside.door()).findings if asked else ():
        yield Finding("reach", found.level, f"{found.sentence} {found.step}")


def mail() -> Iterator[Finding]:
    """Invitations and forgotten passwords find their way."""
    if not settings().mail:
        sentence = f"Mails are only written to {settings().home / 'mail'}: set TIDINGS_MAIL to send them."
        yield Finding("mail", "warning", sentence)


def films() -> Iterator[Finding]:
    """Films can be fitted to networks."""
    if not shutil.which("ffmpeg"):
        yield Finding("ffmpeg", "warning", "ffmpeg is not installed: films are sent as they are or refused.")


EVERY: tuple[Check, ...] = (database, keys, key_file, address, reach, contact, mail, sqlite, films)
BEFORE_SERVING: tuple[Check, ...] = ()
