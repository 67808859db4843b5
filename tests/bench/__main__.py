"""Run the measurements, print a table, write build/bench.json. `python -m tests.bench drain due` runs only these."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from tests.crash.server import server
from tidings.simulators import free_port

WHERE = Path(__file__).parents[2] / "build" / "bench.json"


@dataclass(frozen=True)
class Run:
    """One measurement: a module of this package, its wish, the database, and how long the network takes."""

    name: str
    module: str
    wish: dict[str, Any]
    database: str = "sqlite"
    seconds: float = 0.0
    bars: dict[str, float] = field(default_factory=dict)  # at most; where `ratio`: at least


DUE = {"posts": 1000}
MONTH = {"posts": 10_000, "shown": 300}
MONTH_BARS = {"page_ms": 60, "kb": 120, "packed_kb": 20}
MILLION = {"measurements": 1_000_000}
MILLION_BARS = {"report_ms": 200, "mb_per_million": 200}
RUNS = (
    Run("(a) drain, SQLite", "drain", {"posts": 10_000}, bars={"ratio": 0.5}),
    Run("(a) drain, PostgreSQL", "drain", {"posts": 10_000}, "postgres", bars={"ratio": 0.5}),
    Run("(b) due, one node, SQLite", "due", DUE, bars={"p99": 2}),
    Run("(b) due, one node, PostgreSQL", "due", DUE, "postgres", bars={"p99": 2}),
    Run("(b) due, three nodes", "due", {**DUE, "nodes": 3}, "postgres", bars={"p99": 2}),
    Run("(b) due, three nodes, one killed", "due", {**DUE, "nodes": 3, "kill": True}, "postgres", bars={"p99": 5}),
    Run("(b2) due, 500 ms, SQLite", "due", DUE, seconds=0.5, bars={"p99": 6}),
    Run("(b2) due, 500 ms, PostgreSQL", "due", DUE, "postgres", seconds=0.5, bars={"p99": 6}),
    *(Run(f"(c) claim, {rows:,} rows, {name}", "claims", {"waiting": rows}, name.lower())
      for name in ("SQLite", "Postgres") for rows in (1_000, 100_000, 1_000_000)),
    Run("(d) upload of 4 GB, cut once", "upload", {"size": 4_000_000_000}, bars={"extra_mb": 64, "lost": 0}),
    Run("(e) month, 10,000 posts, SQLite", "pages", MONTH, bars=MONTH_BARS),
    Run("(e) month, 10,000 posts, PostgreSQL", "pages", MONTH, "postgres", bars=MONTH_BARS),
    Run("(f) a million numbers, SQLite", "numbers", MILLION, bars=MILLION_BARS),
    Run("(f) a million numbers, PostgreSQL", "numbers", MILLION, "postgres", bars=MILLION_BARS),
)


def run(one: Run) -> dict[str, Any]:
    """The measurement, with a network, a home and a database of its own, and the machine's load before it."""
    load = os.getloadavg()[0]
    with _network(one.seconds) as port, _database(one.database) as database:
        home = tempfile.mkdtemp(prefix="tidings-bench-")
        env = {**os.environ, "TIDINGS_HOME": home, "TIDINGS_DATABASE": database}
        command = [sys.executable, "-m", "tests.bench.inside", one.module, json.dumps({**one.wish, "port": port})]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True, timeout=1200)
    return {**json.loads(done.stdout.splitlines()[-1]), "load": load}


@contextmanager
def _network(seconds: float) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.network", str(port), str(seconds)])
    try:
        time.sleep(0.5)
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def _database(name: str) -> Iterator[str]:
    """What TIDINGS_DATABASE is to say; empty: SQLite."""
    if name == "sqlite":
        yield ""
        return
    with server() as one:
        yield one.url


def missed(one: Run, figures: dict[str, Any]) -> list[str]:
    """The bars that these figures do not reach."""
    low = [name for name, bar in one.bars.items() if (figures[name] < bar if name == "ratio" else figures[name] > bar)]
    return [f"{name} {figures[name]:.2f} (bar {one.bars[name]:g})" for name in low]


@click.command()
@click.argument("modules", nargs=-1)
def main(modules: tuple[str, ...]) -> None:
    """All measurements, or those of these modules; a line each."""
    found = json.loads(WHERE.read_text()) if WHERE.exists() else {}
    for one in RUNS:
        if modules and one.module not in modules:
            continue
        figures = run(one)
        found[one.name] = figures
        said = "  ".join(f"{name} {value:.3g}" for name, value in figures.items() if isinstance(value, int | float))
        click.echo(f"{one.name:36}{said}  {'; '.join(missed(one, figures))}")
        WHERE.parent.mkdir(exist_ok=True)
        WHERE.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
