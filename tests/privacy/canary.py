"""Markers in everything: a scene of somebody's whole life here, each text, JSON, binary column and file of it marked.

It is made by walking the models, so that a column that comes later is marked without anybody thinking of it.
"""

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models

from tidings.core.ids import new_id
from tidings.media import upload
from tidings.media.models import Media, Rendition, Upload
from tidings.media.store import store
from tidings.privacy.datamap import TABLES, Table, pointing_first
from tidings.privacy.models import Export
from tidings.settings import settings
from tidings.workspaces.models import AuditEntry, User, Workspace

KEPT_AS_IT_IS = {  # what the database, or the code that reads it, takes only in a form of its own
    "data_key", "password", "state", "role", "kind", "outcome", "stage", "late_policy", "network", "language", "zone",
    "theme", "paused", "ip", "mime", "media.Media.key", "media.Media.thumbnail", "media.Rendition.key",
}
_numbers = itertools.count(1)


@dataclass
class Life:
    """Whose life it is, its marker, and the rows and files that were marked."""

    mark: str
    user: User
    workspace: Workspace
    rows: list[models.Model] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # of files in the storage


def live(mark: str) -> Life:
    """A person, their workspace, and a row of theirs in every table of the data map that belongs to either."""
    mark += new_id().hex[-12:]  # what a test that broke off left is not mistaken for it
    user = User(email=f"{mark}@example.org", name=mark)
    life = Life(mark, user, Workspace(name=mark, slug=mark.lower()))
    made: dict[type[models.Model], models.Model] = {}
    for table in reversed(pointing_first(table for table in TABLES if table.owner in ("user", "workspace"))):
        row = {User: user, Workspace: life.workspace}.get(table.rows) or _row(table, made, life)
        _mark(row, life)
        _files(row, life)
        row.save(force_insert=True)
        made[table.rows] = row
        life.rows.append(row)
    _mail(life)
    return life


def _row(table: Table, made: dict[type[models.Model], models.Model], life: Life) -> models.Model:
    row = table.rows()
    for each in row._meta.local_concrete_fields:
        if isinstance(each, models.ForeignKey) and each.related_model is not table.rows:
            setattr(row, each.attname, made[each.related_model].pk)
        elif not each.null and not each.has_default() and not each.primary_key:
            setattr(row, each.attname, _plain(each))
    if isinstance(row, AuditEntry):
        row.who = life.user.pk
    return row


def _plain(each: Any) -> Any:
    if isinstance(each, models.DateTimeField):
        return "2026-01-01T00:00:00Z"
    if isinstance(each, models.TimeField):
        return "08:30"
    if isinstance(each, models.UUIDField):
        return new_id()
    if isinstance(each, models.GenericIPAddressField):
        return "192.0.2.7"
    return {"state": "waiting", "role": "owner", "kind": "picture", "network": "mastodon", "type": "totp"}.get(
        each.name, 1 if isinstance(each, models.IntegerField | models.FloatField) else ""
    )


def _mark(row: models.Model, life: Life) -> None:
    for each in row._meta.local_concrete_fields:
        if {each.name, f"{row._meta.label}.{each.name}"} & KEPT_AS_IT_IS or each.choices or each.primary_key:
            continue
        value = _marked(each, life.mark)
        if value is not None and not (row in (life.user, life.workspace) and each.name in ("email", "slug", "name")):
            setattr(row, each.name, value)
        if value is not None:
            life.columns.add(f"{row._meta.label}.{each.name}")


def _marked(each: Any, mark: str) -> Any:
    own = f"{mark}-{next(_numbers)}"
    if isinstance(each, models.JSONField):
        return {"said": [own * 40]} if each.default is not list else [own]
    if isinstance(each, models.BinaryField):
        return (own * 3000).encode()  # more than a page
    if isinstance(each, models.EmailField):
        return f"{own}@example.org"
    if isinstance(each, models.URLField):
        return f"https://example.org/{own}"
    if isinstance(each, models.TextField):
        return own * 400
    return own[: each.max_length] if isinstance(each, models.CharField) else None


def _files(row: models.Model, life: Life) -> None:
    """The files that this row names, full of markers."""
    folder = settings().home / "uploads"
    if isinstance(row, Media | Rendition):
        row.key = _stored(life)
    if isinstance(row, Media):
        row.thumbnail = _stored(life)
    if isinstance(row, Upload):
        folder.mkdir(parents=True, exist_ok=True)
        _written(upload.path(row), life)
    if isinstance(row, Export):
        _written(settings().home / "exports" / f"{row.pk}.zip", life)


def _stored(life: Life) -> str:
    coming = settings().home / f"coming-{new_id()}"
    coming.write_text(life.mark * 50)
    key = store().adopt(coming, "bin")
    life.keys.append(key)
    return key


def _written(path: Path, life: Life, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or life.mark * 50)
    life.files.append(path)


def _mail(life: Life) -> None:
    header = f"To: {life.user.email}\nSubject: =?utf-8?b?w7w=?=\nContent-Type: text/plain\n\n"
    _written(settings().home / "mail" / f"{life.mark}.eml", life, header + f"{life.mark} was here")


def everything() -> Iterator[tuple[str, bytes]]:
    """Every byte we hold: the home folder's files, the database's among them, what is in the storage wherever that is,
    and on PostgreSQL all its rows."""
    for key, _since in store().kept():
        with store().open(key) as file:
            yield key, file.read()
    for path in settings().home.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
    if connection.vendor != "sqlite":
        yield from dumped()
        yield from _pages()


def dumped() -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as text."""
    for model in apps.get_models(include_auto_created=True):
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                yield model._meta.label, repr([bytes(v) if isinstance(v, memoryview) else v for v in row]).encode()


def _pages() -> Iterator[tuple[str, bytes]]:
    """The files in which PostgreSQL keeps this database, where they are ours to read; written out first."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0], "base")
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        folder = folder / str(cursor.fetchone()[0])
    if os.access(folder, os.R_OK):
        yield from ((str(path), path.read_bytes()) for path in folder.iterdir())


def hits(mark: str) -> list[str]:
    """Where this stands."""
    return [place for place, held in everything() if mark.encode().lower() in held.lower()]


def counted(life: Life) -> Iterator[tuple[str, str]]:
    """Every row of a life as it is now."""
    for row in life.rows:
        now = type(row)._base_manager.filter(pk=row.pk).values().first()
        yield f"{row._meta.label} {row.pk}", repr(now)
