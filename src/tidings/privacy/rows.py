"""Delete rows as the data map lists them, a few at a time: who publishes meanwhile never waits for long.

What rows name outside the database goes first, so that a purge that breaks off finds it again.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import QuerySet

from tidings.deliveries.models import Allowance
from tidings.media import upload
from tidings.media.models import Upload
from tidings.media.store import store
from tidings.privacy.datamap import TABLES, Owner, Table, owned, pointing_first
from tidings.settings import settings

MANY = 200  # rows in one transaction

Rows = QuerySet[Any]


def erase_owner(owner: Owner, id: UUID) -> Counter[str]:
    """Every row of a user or a workspace, the rows that point first; how many by table, and files."""
    counts: Counter[str] = Counter()
    for table in pointing_first(owned(owner)):
        counts += erase(table, table.of(id))
    return counts


def erase_beside(user: UUID) -> Counter[str]:
    """What goes with a person out of workspaces that stay."""
    counts: Counter[str] = Counter()
    for table in pointing_first(table for table in TABLES if table.goes_with):
        counts += erase(table, table.rows._base_manager.filter(**{table.goes_with: user}))
    return counts


def unname(user: UUID) -> None:
    """Empty what points to a person in rows that stay."""
    for table in TABLES:
        for column in table.points.split():
            _emptied(table, column, table.rows._base_manager.filter(**{column: user}))


def erase(table: Table, rows: Rows) -> Counter[str]:
    """These rows of a table; those that point to others of it are loosened first."""
    for column in _to_itself(table.rows):
        _emptied(table, column, rows.filter(**{f"{column}__isnull": False}))
    counts: Counter[str] = Counter()

    def gone(some: Rows) -> None:
        counts["files"] += _outside(table, some)
        with transaction.atomic():
            counts.update(some.delete()[1])  # of other tables as well, where rows go with these

    _each(table, rows, gone)
    return counts


def _each(table: Table, rows: Rows, act: Any) -> None:
    """Do it to a few rows after another, until there are none."""
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:MANY]):
        act(table.rows._base_manager.filter(pk__in=keys))


def _emptied(table: Table, column: str, rows: Rows) -> None:
    _each(table, rows, lambda some: some.update(**{column: None}))


def _to_itself(model: type[models.Model]) -> list[str]:
    fields = model._meta.local_concrete_fields
    return [field.name for field in fields if isinstance(field, models.ForeignKey) and field.related_model is model]


def _outside(table: Table, some: Rows) -> int:
    """What these rows name outside their table: stored files, uploads under way, archives, rates; how many files."""
    names = [name for column in table.files.split() for name in some.values_list(column, flat=True) if name]
    for name in names:
        store().delete(name)
    found = ARRIVE.get(table.model, _nothing)(some)
    return len(names) + found


def _nothing(some: Rows) -> int:
    return 0


def _arrivals(some: Rows) -> int:
    paths = [upload.path(each) for each in some if isinstance(each, Upload)]
    return sum(_unlinked(path.parent, path.name) for path in paths)


def _archives(some: Rows) -> int:
    return sum(_unlinked(settings().home / "exports", f"*{each.pk}*") for each in some)


def _unlinked(folder: Any, pattern: str) -> int:
    found = list(folder.glob(pattern))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _rates(some: Rows) -> int:
    """What was counted for them names them by their ids."""
    for each in some.values_list("pk", flat=True):
        Allowance.objects.filter(key__contains=str(each)).delete()
    return 0


ARRIVE = {
    "media.Upload": _arrivals,
    "privacy.Export": _archives,
    "channels.Channel": _rates,
    "channels.AppCredential": _rates,
}
