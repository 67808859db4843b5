"""(b) From due to call: posts due in one second, each on a channel of its own; how late the network is called.

The nodes are real `tidings work` processes; lateness is read off the network's clock, where the calls arrive.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bench import fill
from tidings.core import clock
from tidings.deliveries.models import Delivery, Node

AHEAD = timedelta(seconds=5)
LEASE = 10  # seconds, in the runs in which a node is killed
WAYS = "waiting", "sending", "settling"


def measure(posts: int, port: int, nodes: int = 1, kill: bool = False) -> dict[str, Any]:
    """Lateness in seconds, and how many were asked for twice. Killed: one node, SIGKILL, a moment after due.

    What it held comes late by its lease, and is counted by itself.
    """
    where = fill.workspace()
    fill.channels(where, posts, port)
    alive = [_node(port, kill) for _ in range(nodes)]
    while Node.objects.filter(beat_at__gt=clock.now() - timedelta(seconds=60)).count() < nodes:
        time.sleep(0.1)
    due = clock.now() + AHEAD
    fill.deliveries(where, 1, due)
    held = _strike(alive[0], due.timestamp()) if kill else set()
    while Delivery.objects.filter(state__in=WAYS).exists():
        time.sleep(0.1)
    took = time.time() - due.timestamp()
    peak = [_peak(node.pid) for node in alive[kill:]]
    for node in alive:
        node.terminate()
        node.wait()
    seen = _look(port)
    late = sorted(at - due.timestamp() for key, at in seen["calls"].items() if key not in held)
    return {
        "posts": len(seen["calls"]), "nodes": nodes, "first": late[0], "p50": _at(late, 0.5), "p99": _at(late, 0.99),
        "max": late[-1], "per_s": posts / took, "held_by_the_killed": len(held), "again": seen["again"],
        "mb": max(peak),
    }


def _node(port: int, kill: bool) -> "subprocess.Popen[bytes]":
    env = {**os.environ, "TIDINGS_PRIVATE_HOSTS": f"127.0.0.1:{port}"}
    if kill:
        env["TIDINGS_LEASE"] = str(LEASE)
    quiet = subprocess.DEVNULL
    return subprocess.Popen([Path(sys.executable).with_name("tidings"), "work"], env=env, stdout=quiet, stderr=quiet)


def _strike(node: "subprocess.Popen[bytes]", due: float) -> set[str]:
    """Kill it half a second after due; gives the keys of what it held."""
    time.sleep(max(due + 0.5 - time.time(), 0))
    node.send_signal(signal.SIGKILL)
    node.wait()
    held = Delivery.objects.filter(state="sending", lease_owner__endswith=f":{node.pid}")
    return {str(id) for id in held.values_list("id", flat=True)}


def _at(late: list[float], part: float) -> float:
    return late[max(int(len(late) * part) - 1, 0)]


def _peak(pid: int) -> float:
    """Megabytes at most resident, as the kernel counted them."""
    with open(f"/proc/{pid}/status") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _look(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_calls", timeout=10) as answer:
        return dict(json.load(answer))
