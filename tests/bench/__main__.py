"""Run the measurements, print a table, and write build/bench.json."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tidings.simulators import free_port

RUNS = [("due 100, network at once", 100, 0.0), ("due 1000, network at once", 1000, 0.0),
        ("due 1000, network after 500 ms", 1000, 0.5)]
WHERE = Path(__file__).parents[2] / "build" / "bench.json"


def run(posts: int, seconds: float) -> dict[str, Any]:
    """One measurement against a network of its own."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.network", str(port), str(seconds)])
    try:
        time.sleep(3)
        env = {**os.environ, "TIDINGS_HOME": tempfile.mkdtemp(prefix="tidings-bench-")}
        command = [sys.executable, "-m", "tests.bench.due", str(posts), str(port)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=300)
        return dict(json.loads(done.stdout.splitlines()[-1]))
    finally:
        server.kill()
        server.wait()


def main() -> None:
    """All of them; the load of the machine stands beside each."""
    found: dict[str, Any] = {}
    print(f"{'':34}{'p50 s':>8}{'p99 s':>8}{'max s':>8}{'per s':>8}{'MB':>6}{'load':>6}")
    for name, posts, seconds in RUNS:
        load = os.getloadavg()[0]
        figures = {**run(posts, seconds), "load": load}
        found[name] = figures
        print(f"{name:34}" + "".join(f"{figures[k]:8.2f}" for k in ("p50", "p99", "max")), end="")
        print(f"{figures['per_second']:8.0f}{figures['peak_mb']:6.0f}{load:6.1f}", flush=True)
    WHERE.parent.mkdir(exist_ok=True)
    WHERE.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
