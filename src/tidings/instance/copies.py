"""Copies that nobody is erased from: put aside by a restore, moved away from, begun and not finished."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from tidings.core import clock
from tidings.instance.finding import Finding, Level
from tidings.settings import settings

LONGEST = timedelta(days=7)  # for which whoever was erased may still be anywhere


def copies() -> Iterator[Finding]:
    """No copy of rows or files lies about from which nobody is erased."""
    for path in sorted(_found()):
        since = datetime.fromtimestamp(path.stat().st_ctime, UTC)
        level: Level = "error" if since < clock.now() - LONGEST else "warning"
        unused = f"{path} is not used since {since:%d %B %Y}, and who is erased stays in it"
        yield Finding("copies", level, f"{unused}: delete it when all is well.")


def _found() -> Iterator[Path]:
    home = settings().home
    database = _in_use()
    for folder in {home, database.parent} if database else {home}:
        yield from (*folder.glob("*.before-*"), *folder.glob(".*.coming"))
    if database != home / "tidings.sqlite3" and (home / "tidings.sqlite3").exists():
        yield home / "tidings.sqlite3"
    if settings().media and any(path.is_file() for path in (home / "media").glob("??/??/*")):
        yield home / "media"


def _in_use() -> Path | None:
    """The file of the database, if it is one."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


EVERY = (copies,)
