"""How a row is told in an archive: one line of JSON, columns by their names."""

import json
from collections.abc import Callable
from datetime import UTC
from functools import cache
from pathlib import PurePosixPath
from typing import Any, TypeAlias
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_noop as say

from tidings.privacy.datamap import Table

Field: TypeAlias = "models.Field[Any, Any]"
Say = Callable[[Any, Any], Any]  # a value and its row's id; what JSON says

OF_ACCESS = say("It belongs to the access to a network, which ends here and begins anew elsewhere.")
OF_WORK = say("The program needs it only while it works.")
LEFT_OUT = {
    "workspaces.User": ("is_active told_until storage", OF_WORK),
    "channels.Channel": (
        "app sign_in token_ends_at refresh_again_at refresh_lease paused paused_at", OF_ACCESS,
    ),
    "media.Media": ("thumbnail", say("It is made anew from the picture or film.")),
    "deliveries.Delivery": ("lease_owner lease_until fence", OF_WORK),
    "analytics.Meter": ("taken_up_at again_at audience_at", OF_WORK),
    "inbox.Listener": ("again_at called", OF_WORK),
}  # fmt: skip


@cache
def columns(table: Table) -> tuple[Field, ...]:
    """The columns that are told. Numbers that a database gives its rows say nothing elsewhere."""
    kinds, left_out = table.columns(), LEFT_OUT.get(table.model, ("", ""))[0].split()
    return tuple(
        field
        for field in table.rows._meta.local_concrete_fields
        if kinds[field.name] != "sealed" and field.name not in left_out and not isinstance(field, models.AutoField)
    )


def line(said: dict[str, Any]) -> bytes:
    """One line, the same for the same row whichever database kept it."""
    try:
        return json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    except UnicodeEncodeError:  # half of a pair of surrogates
        return json.dumps(said, sort_keys=True).encode() + b"\n"


def told(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """A row, given as its columns by attribute, in words of JSON."""
    pk, plain = _plainly(table)
    id = values[pk]
    return {name: say_value(values[attname], id) for name, attname, say_value in plain}


@cache
def _plainly(table: Table) -> tuple[str, tuple[tuple[str, str, Say], ...]]:
    """The attribute of a table's id; and of each column its name, its attribute, and how it is said."""
    pk: Any = table.rows._meta.pk
    return pk.attname, tuple((field.name, field.attname, _way(table, field)) for field in columns(table))


def _way(table: Table, field: Field) -> Say:
    if isinstance(field, models.BinaryField):
        return lambda _value, pk: portrait(pk)
    if field.name in table.files.split():
        return lambda value, pk: media(pk, value)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.UUIDField):
        return lambda value, _pk: value and str(value)
    if isinstance(field, models.DateTimeField):
        return lambda value, _pk: value and value.astimezone(UTC).isoformat()
    if isinstance(field, models.TimeField):
        return lambda value, _pk: value.isoformat()
    return lambda value, _pk: value


def media(id: UUID, key: str) -> str:
    """Where an archive keeps a stored file; nothing when there is none."""
    return f"media/{id}{PurePosixPath(key).suffix}" if key else ""


def portrait(channel: UUID) -> str:
    """Where an archive keeps a channel's picture."""
    return f"portraits/{channel}.webp"
