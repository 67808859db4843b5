"""`python -m tests.crash`: kill real workers at random while they publish, then count. Prints one line of JSON."""

import json
import os
import random
import subprocess
import sys
import tempfile

import click


@click.command()
@click.option("--kills", default=20, help="How often a worker is killed.")
@click.option("--workers", default=1, help="Workers at once; two on one database may be a mistake.")
@click.option("--database", type=click.Choice(["sqlite", "postgres"]), default="sqlite")
@click.option("--seed", type=int, help="Chance of the run; drawn when not given.")
def main(kills: int, workers: int, database: str, seed: int | None) -> None:
    """Prints lost, duplicated, unexplained and out_of_order; exits with 1 unless all are 0."""
    seed = random.randrange(10**6) if seed is None else seed
    if database == "postgres" and not os.environ.get("TIDINGS_DATABASE"):
        raise click.ClickException("Name an empty PostgreSQL database in TIDINGS_DATABASE.")
    ours = {"TIDINGS_HOME": tempfile.mkdtemp(prefix="tidings-crash-"), "TIDINGS_LEASE": "5"}
    wish = json.dumps({"kills": kills, "workers": workers, "seed": seed})
    sys.exit(subprocess.run([sys.executable, "-m", "tests.crash.story", wish], env={**os.environ, **ours}).returncode)


if __name__ == "__main__":
    main()
