"""`python -m tests.crash`: kill real workers while they publish, then count. Prints one line of JSON."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack

import click

from tests.crash.server import server

# Not by -m: every forked worker would load the main module once more.
RUN = "import json, sys; from tests.crash import run; sys.exit(run.main(json.loads(sys.argv[1])))"


@click.command()
@click.option("--kills", default=60, help="How often a worker is killed at random.")
@click.option("--workers", default=1, help="Workers at once; two on SQLite are a mistake that must do no harm.")
@click.option("--database", type=click.Choice(["sqlite", "postgres"]), default="sqlite", help="postgres: a server "
              "of its own, restarted under way; or the empty database that TIDINGS_DATABASE names.")
@click.option("--seed", type=int, help="Chance of the run; drawn when not given.")
@click.option("--boundaries", is_flag=True, help="Instead: kill once at every boundary of every way to publish.")
@click.option("--thorough", is_flag=True, help="With --boundaries: asleep instead of dead, and every heir too.")
def main(kills: int, workers: int, database: str, seed: int | None, boundaries: bool, thorough: bool) -> None:
    """Prints lost, duplicated, unexplained and out_of_order; exits with 1 unless all are 0 and everything ended."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # the server is stopped all the same
    seed = random.randrange(10**6) if seed is None else seed
    home = tempfile.mkdtemp(prefix="tidings-crash-")
    env = {**os.environ, "TIDINGS_HOME": home}
    wish = {"kills": kills, "workers": workers, "database": database, "seed": seed, "boundaries": boundaries}
    with ExitStack() as later:
        if database == "sqlite":
            env.pop("TIDINGS_DATABASE", None)
        elif not os.environ.get("TIDINGS_DATABASE"):
            one = later.enter_context(server())
            env["TIDINGS_DATABASE"] = one.url
            wish["server"] = [str(one.programs), str(one.folder), one.port]
        command = [sys.executable, "-c", RUN, json.dumps({**wish, "thorough": thorough})]
        code = subprocess.run(command, env=env).returncode
    if code:
        click.echo(f"What is left of it is in {home}", err=True)
    else:
        shutil.rmtree(home)
    sys.exit(code)


if __name__ == "__main__":
    main()
