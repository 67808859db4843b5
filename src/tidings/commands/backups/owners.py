"""Whose rows go into which part of an archive, by the data map."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from tidings.commands import table_order
from tidings.privacy import keyfile
from tidings.privacy.datamap import TABLES, Table
from tidings.workspaces.models import User, Workspace

LEFT_OUT = {
    "sessions.Session": "after a restore everybody signs in anew",
    "usersessions.UserSession": "goes with the sessions",
    "deliveries.Node": "who worked then does not work now",
    "media.Rendition": "is made anew when it is needed next",
    "media.Upload": "was under way, and its bytes with it",
    "privacy.Export": "is asked for again",
    "workspaces.Invitation": "names who may be erased by then, and would open again what was withdrawn",
}
MODELS: dict[str, type[models.Model]] = {"user": User, "workspace": Workspace}
KEY = "data_key"  # of a user or workspace: is in no archive but in the file of keys


@dataclass(frozen=True)
class Owner:
    """A user, a workspace, or the instance (whose `id` is empty)."""

    kind: str
    id: str = ""

    @property
    def name(self) -> str:
        """What the owner is called in the manifest and in the file of keys."""
        return f"{self.kind}:{self.id}" if self.id else self.kind


INSTANCE = Owner(keyfile.INSTANCE)


def named(name: str) -> Owner:
    """The owner that is called so."""
    return Owner(*name.split(":", 1))


def every(database: str) -> Iterator[Owner]:
    """In the order in which they can be put back: whom others point to comes first."""
    yield INSTANCE
    for kind, model in MODELS.items():
        for pk in model._base_manager.using(database).order_by("pk").values_list("pk", flat=True).iterator():
            yield Owner(kind, str(pk))


def tables() -> list[Table]:
    """What archives hold, each table after those that it points to."""
    by_model = {table.rows: table for table in TABLES if table.model not in LEFT_OUT}
    return [by_model[model] for model in table_order.tables() if model in by_model]


def readable() -> dict[str, Table]:
    """What may stand in an archive, by name: earlier ones hold more than is put back."""
    return {table.model: table for table in TABLES}


def rows(table: Table, owner: Owner, database: str) -> models.QuerySet[Any] | None:
    """What this owner has of a table; None: nothing, ever. App credentials that are nobody's are the instance's; what
    is known of strangers who tried to sign in is in no backup."""
    if table.owner == owner.kind:
        return (table.rows._base_manager.all() if owner == INSTANCE else table.of(owner.id)).using(database)
    if owner == INSTANCE and table.owner == "workspace" and _may_be_nobodys(table):
        return table.rows._base_manager.using(database).filter(**{f"{table.by}__isnull": True})
    return None


def _may_be_nobodys(table: Table) -> bool:
    first = table.by.split("__")[0]
    return any(f.null for f in table.rows._meta.local_concrete_fields if first in (f.name, f.attname))
