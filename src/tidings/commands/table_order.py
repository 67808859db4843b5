"""Every table of the program, in the order of foreign keys, and the numbers that its rows get."""

from graphlib import TopologicalSorter

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models

Model = type[models.Model]


def tables() -> list[Model]:
    """Every table, each after those that it points to."""
    every = apps.get_models(include_auto_created=True)
    return list(TopologicalSorter({model: _points_to(model) - {model} for model in every}).static_order())


def _points_to(model: Model) -> set[Model]:
    fields = model._meta.local_concrete_fields
    return {field.remote_field.model for field in fields if isinstance(field, models.ForeignKey)}


def number_on(target: str) -> None:
    """Let the next row of every table that numbers its rows get the number after the last one."""
    on = connections[target]
    with on.cursor() as cursor:
        for statement in on.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)
