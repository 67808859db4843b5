"""`tidings migrate`: the database, brought to this version of the program."""

import click
from django.core.management import call_command

from tidings.commands.refuse import refuse
from tidings.instance import checks


def main() -> None:
    """Refuse a database that is newer than the program, then migrate."""
    prepare()
    click.echo("The database is up to date.")


def prepare() -> None:
    """What the serving process does before it uses the database; raises Stop when it must not."""
    if refuse(checks.database):
        call_command("migrate", interactive=False, verbosity=0)
    refuse(checks.keys)


def look() -> None:
    """What every other process does: use the database only as this version knows it; else raises Stop."""
    refuse(checks.database, warnings=True)
    refuse(checks.keys)
