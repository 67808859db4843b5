"""Wrap every data key with the newest key of the ring, a few rows at a time, while everything runs.

A row is changed only if it still holds what was read: whoever wrote to it meanwhile had the new ring already, or the
next pass comes upon it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q

from tidings.channels.models import AppCredential
from tidings.core import secrets
from tidings.privacy import keyfile
from tidings.workspaces.models import User, Workspace

BATCH = 100  # rows of one transaction


@dataclass(frozen=True)
class Wrapped:
    """A column that holds wrapped data keys, and what they are bound to. What follows a ~ is sealed with them."""

    model: type[models.Model]
    column: str
    bound_to: str


WRAPPED = (
    Wrapped(User, "data_key", "user:{pk}:data_key"),
    Wrapped(Workspace, "data_key", "workspace:{pk}:data_key"),
    Wrapped(AppCredential, "data_key", "app_credential:{pk}:data_key"),
    Wrapped(Session, "session_data", "django_session:{pk}:session_data"),
)


def rewrap() -> int:
    """One pass over all of them; how many were wrapped by another key. Raises CannotOpen when the ring lacks it."""
    return sum(_rewrap(kept) for kept in WRAPPED) + _rewrap_file()


def counted() -> Counter[str]:
    """How many data keys each key of a ring wraps, the file of backups' keys included."""
    found: Counter[str] = Counter()
    for kept in WRAPPED:
        values = kept.model._base_manager.exclude(**{kept.column: ""}).values_list(kept.column, flat=True)
        found.update(name for value in values.iterator() for name in _wrappers(value.partition("~")[0]))
    found.update(name for keys in keyfile.read().values() for value in keys.values() for name in _wrappers(value))
    return found


def _wrappers(wrapped: str) -> list[str]:
    """The ids of the keys that wrap these data keys."""
    return [one.removeprefix("+").partition(".")[0] for one in wrapped.split(" ")]


def _rewrap(kept: Wrapped) -> int:
    return sum(_change(kept, batch) for batch in _batches(kept, secrets.ring().last))


def _batches(kept: Wrapped, last: str) -> Iterator[list[tuple[Any, str]]]:
    """What has other keys, by primary key and value."""
    others = ~Q(**{f"{kept.column}__startswith": f"{last}."}) | Q(**{f"{kept.column}__contains": " "})
    rows = kept.model._base_manager.filter(others).exclude(**{kept.column: ""}).order_by("pk")
    after: Any = None
    while batch := list((rows if after is None else rows.filter(pk__gt=after)).values_list("pk", kept.column)[:BATCH]):
        yield batch
        after = batch[-1][0]


@transaction.atomic
def _change(kept: Wrapped, batch: list[tuple[Any, str]]) -> int:
    return sum(_swap(kept, pk, value) for pk, value in batch)


def _swap(kept: Wrapped, pk: Any, value: str) -> int:
    """A session that cannot be opened signs nobody in: it is dropped."""
    row = kept.model._base_manager.filter(pk=pk, **{kept.column: value})
    wrapped, mark, rest = value.partition("~")
    try:
        fresh = anew(wrapped, kept.bound_to.format(pk=pk)) + mark + rest
    except secrets.CannotOpen:
        if kept.model is not Session:
            raise
        return row.delete()[0]
    return row.update(**{kept.column: fresh}) if fresh != value else 0


def anew(wrapped: str, place: str) -> str:
    """The same keys wrapped by the newest one; as it is when they are already."""
    ring = secrets.ring()
    return wrapped if set(_wrappers(wrapped)) == {ring.last} else ring.rewrap(wrapped, place)


def _rewrap_file() -> int:
    changed = 0

    def wrap(found: keyfile.Keys) -> keyfile.Keys:
        nonlocal changed
        fresh = {o: {id: anew(one, keyfile.place(o)) for id, one in keys.items()} for o, keys in found.items()}
        changed = sum(fresh[owner][id] != one for owner, keys in found.items() for id, one in keys.items())
        return fresh

    if keyfile.path().exists():
        keyfile.change(wrap)
    return changed
