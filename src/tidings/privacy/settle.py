"""Which rows of an archive are taken in where some are here: those stay as they are, and what is unlike them is
counted, to be told. A post is one thing: where it is here, nothing is added to it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from tidings.privacy.arrive import Admission, Values
from tidings.privacy.datamap import Table
from tidings.privacy.lines import columns, told
from tidings.privacy.survey import MANY, key, rows

PART_OF = {  # the column that leads to what a row is a part of
    "workspaces.UserPortrait": "user",
    "workspaces.WorkspaceLogo": "workspace",
    "channels.Slot": "channel",
    "media.Media_tags": "media",
    "posts.Post_channels": "post",
    "posts.Post_tags": "post",
    "posts.Version": "post",
    "posts.Repeat": "post",
    "posts.Item": "post",
    "posts.Variant": "item",
    "deliveries.Delivery": "post",
    "deliveries.Attempt": "delivery",
    "analytics.Meter": "channel",
    "analytics.Standing": "delivery",
    "inbox.Listener": "channel",
}


def fresh(admission: Admission, table: Table) -> Iterator[tuple[str, Values]]:
    """The rows to be taken in, each with where it stands."""
    here, met = admission.survey.here[table.model], {}
    for where, values in rows(admission.archive, table):
        pk = key(table, values)
        if pk in here:
            met[pk] = values
        elif not _settled(admission, table, values):
            yield where, values
        elif pk:
            here.add(pk)
            admission.stayed[table.model] += 1
        if len(met) == MANY:
            _compare(admission, table, met)
    _compare(admission, table, met)


def _settled(admission: Admission, table: Table, values: Values) -> bool:
    part = PART_OF.get(table.model)
    if part is None:
        return False
    parent: Any = table.rows._meta.get_field(part)
    return values[parent.attname] in admission.survey.here[parent.related_model._meta.label]


def _compare(admission: Admission, table: Table, met: dict[UUID, Values]) -> None:
    pk: Any = table.rows._meta.pk
    attnames = {pk.attname, *(column.attname for column in columns(table))}
    for row in table.rows._base_manager.filter(pk__in=met).values(*attnames):
        admission.stayed[table.model] += told(table, row) != told(table, met[row[pk.attname]])
    met.clear()
