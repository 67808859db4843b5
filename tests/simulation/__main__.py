"""`python -m tests.simulation`: play a seed, or many; a line of JSON for each, and 1 as soon as one is bad."""

import json
import os
import sys
import tempfile
from datetime import timedelta

import click

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
os.environ.setdefault("TIDINGS_HOME", tempfile.mkdtemp(prefix="tidings-simulation-"))

import django

django.setup()

from tests.simulation.play import MONTH, SHORT, Size, play  # noqa: E402 -- needs Django to be set up


@click.command()
@click.option("--seed", default=1, help="Tells everything that happens.")
@click.option("--seeds", help="Many, such as 1-100: stops at the first bad one.")
@click.option("--months", default=3.0, help="How long, in virtual time.")
@click.option("--nodes", default=3, help="How many work.")
@click.option("--planned", default=90, help="Posts a day that are due by routine.")
@click.option("--written", default=8.0, help="Posts a day that people write, and change their minds about.")
@click.option("--short", is_flag=True, help="Instead of all these: one dense day, as in the tests and in seeds.txt.")
@click.option("--trace", is_flag=True, help="Print everything that happens.")
def main(
    seed: int, seeds: str | None, months: float, nodes: int, planned: int, written: float, short: bool, trace: bool
) -> None:
    """The real engine on virtual time, among nodes, people and networks that misbehave as the seed says."""
    first, _, last = (seeds or str(seed)).partition("-")
    size = SHORT if short else Size(timedelta(seconds=round(months * MONTH.total_seconds())), nodes, planned, written)
    for number in range(int(first), int(last or first) + 1):
        report = play(number, size, print if trace else None)
        click.echo(json.dumps(report.line()))
        if report.bad:
            sys.exit(1)


if __name__ == "__main__":
    main()
