"""Read an archive through before anything of it is kept: every row, whose it is, and whether rows point only to rows of
the same person or workspace in the archive."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models

from tidings.privacy import examine
from tidings.privacy.archive import PEOPLE, Archive, Refused
from tidings.privacy.datamap import Table
from tidings.privacy.lines import columns
from tidings.privacy.scope import carried, people_in

MANY = 500  # ids asked for at once


Seen = dict[str, dict[UUID, UUID]]


@dataclass
class Survey:
    """What is in an archive. `owners`: whose each row is, by table; `here`: the rows that this instance has;
    `uses`: media that texts name, each with its workspace; `roles`: the person's, by workspace; `joins`: those of
    workspaces that are here already."""

    archive: Archive
    owners: Seen = field(default_factory=dict)
    here: dict[str, set[UUID]] = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)
    uses: set[tuple[UUID, UUID]] = field(default_factory=set)
    person: dict[str, Any] = field(default_factory=dict)
    media: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    roles: dict[UUID, str] = field(default_factory=dict)
    joins: dict[UUID, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every row is here."""
        return sum(map(len, self.here.values())) == sum(map(len, self.owners.values()))


def survey(archive: Archive) -> Survey:
    """Everything looked at; raises Refused for the first thing that is wrong."""
    found = Survey(archive)
    _read_people(found)
    for table in carried():
        _read_table(found, table)
    if not found.person or str(found.person["id"]) != archive.manifest.get("person"):
        raise Refused("The archive does not say whose it is.")
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


def _read_table(found: Survey, table: Table) -> None:
    owners, _here = found.owners.setdefault(table.model, {}), found.here.setdefault(table.model, set())
    later: list[tuple[str, UUID, UUID]] = []
    batch: list[UUID] = []
    for where, values in rows(found.archive, table):
        owner = _points(found, table, values, where, later)
        _note(found, table, values, where, owner)
        pk = key(table, values)
        if pk in owners:
            raise Refused(f"{where}: its id stands there twice.")
        if pk:
            owners[pk] = owner
            batch.append(pk)
        if len(batch) == MANY:
            _look_for(found, table, batch)
    _look_for(found, table, batch)
    for where, target, owner in later:
        if owners.get(target) != owner:
            raise Refused(f"{where} points to a row that is not in the archive.")


def key(table: Table, values: dict[str, Any]) -> UUID | None:
    """A row's id, where it is told."""
    pk = table.rows._meta.pk
    return values.get(pk.attname) if pk else None


def _points(
    found: Survey, table: Table, values: dict[str, Any], where: str, later: list[tuple[str, UUID, UUID]]
) -> UUID:
    """Whose the row is. It points to rows of the archive that are theirs, too, and to people whom that names."""
    owner = _owner(found, table, values)
    for column in columns(table):
        target = values[column.attname] if isinstance(column, models.ForeignKey) else None
        if target is None:
            continue
        model: Any = column.related_model
        known = found.owners.get(model._meta.label, {})
        if owner and model is table.rows:
            later.append((where, target, owner))
        elif target not in known and not (target in found.people and column.attname in people_in(table)):
            raise Refused(f"{where} points to a row that is not in the archive ({column.name}).")
        elif column.attname not in people_in(table) and known[target] != owner:
            raise Refused(f"{where} points to a row of another workspace ({column.name}).")
    if owner is None:
        raise Refused(f"{where}: it is nobody's.")
    return owner


def _owner(found: Survey, table: Table, values: dict[str, Any]) -> UUID | None:
    """The person or the workspace that the data map's way leads to; its first step is enough, the rest was gone."""
    step, _way, further = table.by.partition("__")
    if not further:
        return key(table, values) if step == "pk" else values[step]
    parent: Any = table.rows._meta.get_field(step)
    return found.owners[parent.related_model._meta.label].get(values[parent.attname])


def _note(found: Survey, table: Table, values: dict[str, Any], where: str, owner: UUID) -> None:
    if table.model == "workspaces.User":
        if found.person:
            raise Refused(f"{where}: an archive is about one person.")
        found.person = values
    if table.model == "workspaces.Member" and values["user_id"] == found.person.get("id"):
        found.roles[owner] = values["role"]
    if table.model == "media.Media":
        _note_file(found, values, where)
    if table.model in ("posts.Item", "posts.Variant"):
        found.uses |= {(UUID(use["id"]), owner) for use in values["media"] or ()}


def _note_file(found: Survey, values: dict[str, Any], where: str) -> None:
    if values["key"] and values["key"] not in found.archive.entries:
        if values["key"] not in found.archive.manifest.get("missing_files", ()):
            raise Refused(f"{where}: its file {values['key']} is not in the archive.")
        values["key"] = ""
    found.media[values["id"]] = values


def _look_for(found: Survey, table: Table, batch: list[UUID]) -> None:
    """Which of these rows this instance has already; they are whose the archive says, or it is refused."""
    for pk, owner in table.rows._base_manager.filter(pk__in=batch).values_list("pk", table.by):
        if owner != found.owners[table.model][pk]:
            raise Refused(f"{pk} is here already, and somebody else's.")
        found.here[table.model].add(pk)
    batch.clear()
