"""Copy every table from one database to another, in the order of their foreign keys, and count what arrived."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import DataError, IntegrityError, connections, transaction

from tidings.commands.checksum import Sum
from tidings.commands.table_order import Model

BATCH = 2000  # rows read and written at once

Tell = Callable[[str, int], None]


class Refused(Exception):
    """The target does not take a row; the sentence names it."""


def copy(model: Model, source: str, target: str, tell: Tell) -> Sum:
    """Copy a table's rows; what was read. Raises Refused."""
    found, names = Sum(), [field.attname for field in model._meta.local_concrete_fields]
    _let_wait(model, target)
    for batch in batches(model._base_manager.using(source).order_by("pk").iterator(BATCH)):
        write(model, batch, target)
        found = found.plus(model, [[getattr(row, name) for name in names] for row in batch])
        tell(model._meta.db_table, found.rows)
    return found


def summed(model: Model, database: str) -> Sum:
    """What a table holds."""
    found, names = Sum(), [field.attname for field in model._meta.local_concrete_fields]
    for batch in batches(model._base_manager.using(database).order_by("pk").values_list(*names).iterator(BATCH)):
        found = found.plus(model, batch)
    return found


def batches(rows: Iterator[Any], many: int = BATCH) -> Iterator[list[Any]]:
    """The rows, so many at once."""
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == many:
            yield batch
            batch = []
    if batch:
        yield batch


def _let_wait(model: Model, target: str) -> None:
    """PostgreSQL checks foreign keys at each batch, so that it remembers none; those to the same table at the end."""
    on = connections[target]
    if on.vendor != "postgresql":
        return
    table = model._meta.db_table
    with on.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, constraint in on.introspection.get_constraints(cursor, table).items():
            if constraint["foreign_key"] and constraint["foreign_key"][0] == table:
                cursor.execute(f"SET CONSTRAINTS {on.ops.quote_name(name)} DEFERRED")


def write(model: Model, batch: list[Any], target: str) -> None:
    """Write these rows; raises Refused, which names the one that is not taken."""
    try:
        with transaction.atomic(using=target):
            model._base_manager.using(target).bulk_create(batch)
    except (DataError, IntegrityError, ValueError) as error:
        if len(batch) > 1:  # which of them is it?
            write(model, batch[: len(batch) // 2], target)
            write(model, batch[len(batch) // 2 :], target)
            return
        said = str(error).strip().splitlines()[0]
        raise Refused(f"The target does not take row {batch[0].pk} of {model._meta.db_table}: {said}.") from error
