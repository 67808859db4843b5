"""`python -m tests.fuzz WHAT`: thousands of random requests; a line for each that went wrong; 1 if any did."""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator

import click

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
os.environ.setdefault("TIDINGS_HOME", tempfile.mkdtemp(prefix="tidings-fuzz-"))
os.environ.setdefault("TIDINGS_REGISTRATION", "open")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 -- needs Django to be set up
from django.test.utils import setup_databases, setup_test_environment, teardown_databases  # noqa: E402

from tests.fuzz import api, pages, wire  # noqa: E402
from tests.fuzz.line import kept_open  # noqa: E402
from tests.journeys import hostile  # noqa: E402


@click.command()
@click.argument("what", type=click.Choice(["api", "pages", "wire"]))
@click.option("--cases", default=5000, help="How many requests, about.")
@click.option("--seed", default=1, help="Tells all of them.")
@click.option("--visitor", default="owner", type=click.Choice(sorted(api.VISITORS)), help="Who asks the API.")
def main(what: str, cases: int, seed: int, visitor: str) -> None:
    """Fuzz the API against its description, every page with its forms, in a database of their own; or what serves."""
    setup_test_environment()
    logging.disable()
    made, began, wrong = setup_databases(verbosity=0, interactive=False), time.monotonic(), 0
    try:
        with transaction.atomic(), hostile.no_way_out(), kept_open():
            for line in _failures(what, cases, seed, visitor):
                wrong += 1
                click.echo(line)
            transaction.set_rollback(True)
    finally:
        teardown_databases(made, verbosity=0)
    took = time.monotonic() - began
    click.echo(f"{what}: {cases} cases, seed {seed}, {connection.vendor}, {took:.0f} s: {wrong} wrong")
    sys.exit(1 if wrong else 0)


def _failures(what: str, cases: int, seed: int, visitor: str) -> Iterator[str]:
    if what == "wire":
        return wire.failures(cases, seed)
    return api.failures(cases, seed, visitor) if what == "api" else pages.failures(cases, seed)


if __name__ == "__main__":
    main()
