"""Read an archive through before anything of it is kept: every row, and whether rows point only to one another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models

from tidings.media.models import Media
from tidings.privacy import examine
from tidings.privacy.archive import PEOPLE, Archive, Refused
from tidings.privacy.datamap import Table
from tidings.privacy.lines import columns
from tidings.privacy.named import named
from tidings.privacy.scope import carried, people_in
from tidings.workspaces.models import User

MANY = 500  # ids asked for at once


@dataclass
class Survey:
    """What is in an archive. `ids` by table; `uses`: media that texts name; `there`: rows that this instance has."""

    archive: Archive
    ids: dict[str, set[UUID]] = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)
    uses: set[UUID] = field(default_factory=set)
    person: dict[str, Any] = field(default_factory=dict)
    media: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    there: int = 0
    taken: str = ""

    @property
    def known(self) -> bool:
        """Whether every row is here already."""
        return self.there == sum(len(ids) for ids in self.ids.values())


def survey(archive: Archive) -> Survey:
    """Everything looked at; raises Refused for the first thing that is wrong."""
    found = Survey(archive)
    _read_people(found)
    for table in carried():
        _read_table(found, table)
    if not found.person or str(found.person["id"]) != archive.manifest.get("person"):
        raise Refused("The archive does not say whose it is.")
    if found.there and not found.known:
        raise Refused(f"{found.taken} is here already, and other rows are not: somebody else's, or an earlier import.")
    elsewhere = found.uses - found.ids["media.Media"]
    if any(_count(Media, ids) for ids in _batches(sorted(elsewhere))):
        raise Refused("A post shows a picture or film that belongs to somebody else here.")
    return found


def rows(archive: Archive, table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
    """A table's rows, each with where it stands."""
    for number, said in archive.lines(f"data/{table.model}.jsonl"):
        where = f"{table.model}, line {number}"
        yield where, examine.row(table, said, where)


def _read_people(found: Survey) -> None:
    for number, said in found.archive.lines(PEOPLE):
        try:
            person, name = UUID(said["id"]), str(said["name"])
        except (KeyError, ValueError, TypeError, AttributeError):
            raise Refused(f"{PEOPLE}, line {number} names nobody.") from None
        if len(name) > 100 or "\0" in name or len(said) > 2:
            raise Refused(f"{PEOPLE}, line {number} is no name.")
        found.people[person] = name
    ids = sorted(found.people)
    for batch in _batches(ids):
        real = User.objects.filter(pk__in=batch).exclude(pk__in=named()).first()
        if real:
            raise Refused(f"The archive names a person as {real.pk}, and here that is somebody who can sign in.")


def _read_table(found: Survey, table: Table) -> None:
    ids = found.ids.setdefault(table.model, set())
    later: list[tuple[str, UUID]] = []
    batch: dict[UUID, str] = {}
    for where, values in rows(found.archive, table):
        _points(found, table, values, where, later)
        _note(found, table, values, where)
        pk = _pk(table, values)
        if pk in ids:
            raise Refused(f"{where}: its id stands there twice.")
        if pk:
            ids.add(pk)
            batch[pk] = where
        if len(batch) == MANY:
            _look_for(found, table, batch)
    _look_for(found, table, batch)
    for where, target in later:
        if target not in ids:
            raise Refused(f"{where} points to a row that is not in the archive.")


def _pk(table: Table, values: dict[str, Any]) -> UUID | None:
    pk = table.rows._meta.pk
    return values.get(pk.attname) if pk else None


def _points(
    found: Survey, table: Table, values: dict[str, Any], where: str, later: list[tuple[str, UUID]]
) -> None:
    """Rows point to rows of the archive, and to people whom it names; a person's own rows to that person."""
    for column in columns(table):
        target = values[column.attname] if isinstance(column, models.ForeignKey) else None
        if target is None:
            continue
        model: Any = column.related_model
        if model is table.rows:
            later.append((where, target))
            continue
        known: Any = found.ids.get(model._meta.label, ())
        if target not in known and not (target in found.people and column.attname in people_in(table)):
            raise Refused(f"{where} points to a row that is not in the archive ({column.name}).")


def _note(found: Survey, table: Table, values: dict[str, Any], where: str) -> None:
    if table.model == "workspaces.User":
        if found.person:
            raise Refused(f"{where}: an archive is about one person.")
        found.person = values
    if table.model == "media.Media":
        _note_file(found, values, where)
    if table.model in ("posts.Item", "posts.Variant"):
        found.uses |= {UUID(use["id"]) for use in values["media"] or ()}


def _note_file(found: Survey, values: dict[str, Any], where: str) -> None:
    if values["key"] and values["key"] not in found.archive.entries:
        if values["key"] not in found.archive.manifest.get("missing_files", ()):
            raise Refused(f"{where}: its file {values['key']} is not in the archive.")
        values["key"] = ""
    found.media[values["id"]] = values


def _look_for(found: Survey, table: Table, batch: dict[UUID, str]) -> None:
    """Which of these rows this instance has already."""
    if batch:
        here = list(table.rows._base_manager.filter(pk__in=batch).values_list("pk", flat=True))
        found.there += len(here)
        found.taken = found.taken or (batch[here[0]] if here else "")
        batch.clear()


def _batches(ids: list[UUID]) -> Iterator[list[UUID]]:
    return (ids[start : start + MANY] for start in range(0, len(ids), MANY))


def _count(model: type[models.Model], ids: list[UUID]) -> int:
    return model._base_manager.filter(pk__in=ids).count()
