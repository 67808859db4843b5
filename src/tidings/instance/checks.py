"""What can be wrong with an instance, one function each; `serve` refuses to start over some of them."""

import shutil
import sqlite3
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Value
from django.db.models.functions import Left, StrIndex

from tidings import networks, outside
from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import AppCredential, Channel
from tidings.core.secrets import CannotOpen
from tidings.instance import copies, exposed, kept, lines, logged, media
from tidings.instance.finding import Check, Finding, public
from tidings.media.reach import look
from tidings.settings import settings
from tidings.workspaces.models import User, Workspace

GOOD_SQLITE = (3, 51, 3)
MOVED = ("tidings", "moved")  # among the applied migrations: what move-database leaves behind
UNFINISHED = ("tidings", "restoring")  # the same: a restore has written, and has not erased yet who is to stay erased
TO_WHERE = "name the new one with TIDINGS_DATABASE, or what waits here would go out twice"
SENT_AS_THEY_ARE = "Films are sent as they are or refused, as ffmpeg is not installed. Install it."
BRING_BACK = "Bring back the right keys.json or TIDINGS_KEYS."


def away(on: Any = connection) -> str:
    """Why the database does not answer; empty: it does."""
    try:
        on.ensure_connection()
    except DatabaseError as error:
        return (_by_itself(on) or str(error)).strip().splitlines()[0].rstrip(".")
    return ""


def _by_itself(on: Any) -> str:
    """A pool says how long it waited, and not why: that the server says to who asks past it."""
    if on.vendor == "postgresql":
        try:
            on.Database.connect(**on.get_connection_params()).close()
        except on.Database.Error as error:
            return str(error)
    return ""


def database(on: Any = connection) -> Iterator[Finding]:
    """The database answers, it was not moved away, and no newer version of the program has changed it."""
    if said := away(on):
        advice = "Start it, or look at TIDINGS_DATABASE."
        yield Finding("database", "error", f"The database cannot be used: {said}. {advice}")
        return
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
    if UNFINISHED in loader.applied_migrations:
        sentence = "A restore into this database was not finished: run “tidings restore --replace” again."
        yield Finding("database", "error", sentence)
    known, ours = loader.disk_migrations or {}, loader.migrated_apps
    newer = sorted(".".join(key) for key in loader.applied_migrations if key not in known and key[0] in ours)
    if newer:
        sentence = f"The database was changed by a newer version of Tidings ({newer[-1]}); use that version."
        yield Finding("database", "error", sentence)
    elif waiting:
        sentence = f"{len(waiting)} changes of the database are waiting: run `tidings migrate`."
        yield Finding("database", "warning", sentence)


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


def sqlite() -> Iterator[Finding]:
    """SQLite without the bug that can damage a database in WAL mode (https://sqlite.org/wal.html#walresetbug)."""
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < GOOD_SQLITE:
        wanted = ".".join(map(str, GOOD_SQLITE))
        bug = f"This Python's SQLite is {sqlite3.sqlite_version}; before {wanted} a rare bug can damage a database."
        yield Finding("sqlite", "warning", f"{bug} Keep backups, or use PostgreSQL.")


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
        yield Finding("films", "warning", SENT_AS_THEY_ARE)


EVERY: tuple[Check, ...] = (
    database, keys, *logged.EVERY, *kept.EVERY, *copies.EVERY, *exposed.EVERY, reach, mail, *lines.EVERY, *media.EVERY,
    sqlite, films,
)  # fmt: skip
ASKING = (keys, *logged.EVERY, kept.erase_days, kept.backups, exposed.visitors, reach)  # the database


def found() -> list[Finding]:
    """What every check finds; without a database those that would only wait for it once more are left out."""
    silent = ASKING if away() else ()
    return [finding for check in EVERY if check not in silent for finding in check()]


def before_serving() -> tuple[Check, ...]:
    """What a process must not serve with: on a public address also what would let anybody in."""
    return (*kept.BEFORE_SERVING, *media.BEFORE_SERVING, *(exposed.BEFORE_SERVING if public() else ()))
