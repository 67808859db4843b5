"""Who may know whom."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, modules
from tidings import networks

# module: why it may speak to the outside by itself
OPENS_SOCKETS = {
    "src/tidings/core/http.py": "the one door out",
    "src/tidings/core/connections.py": "the connections behind the door",
    "src/tidings/core/sockets.py": "what the door does with ws:// and wss://",
    "src/tidings/core/mail.py": "what the door does with smtp:// and smtps://",
    "src/tidings/media/bucket.py": "pictures and films go to the operator's own bucket, by S3",
    "src/tidings/media/try_bucket.py": "tries out the same bucket",
    "src/tidings/simulators/base.py": "plays a network that fetches media from us",
    "src/tidings/simulators/_smtp.py": "listens, calls nobody",
    "src/tidings/commands/listen.py": "listens, calls nobody",
    "src/tidings/commands/serve.py": "is given a socket that listens",
    "src/tidings/commands/demo.py": "is given a socket that listens",
    "src/tidings/commands/certificate.py": "greets who comes, calls nobody",
    "src/tidings/simulators/__init__.py": "listens, calls nobody",
    "src/tidings/deliveries/worker.py": "asks only for this machine's own name",
    "src/tidings/workspaces/mail.py": "mail goes to the operator's own server, by SMTP",
}
WAYS_OUT = {
    "urllib3", "requests", "httpx", "aiohttp", "socket", "ssl", "ftplib", "smtplib", "telnetlib", "xmlrpc",
    "http.client", "urllib.request", "websockets", "obstore", "boto3", "botocore",
}


def test_imports_go_only_downwards() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_there_is_one_door_out() -> None:
    opening = {m.path for m in modules() if any(_leads_out(name) for name in m.imports())}
    assert opening - set(OPENS_SOCKETS) == set()


def _leads_out(name: str) -> bool:
    return any(name == way or name.startswith(way + ".") for way in WAYS_OUT)


@pytest.mark.parametrize("path", sorted(OPENS_SOCKETS))
def test_an_exemption_from_the_one_door_is_still_needed(path: str) -> None:
    (module,) = [m for m in modules() if m.path == path]
    assert any(_leads_out(name) for name in module.imports())


def test_imports_stand_on_top() -> None:
    late = [
        f"{module.path}:{node.lineno}"
        for module in modules()
        for function in module.functions()
        for node in function.body
        if node.__class__.__name__ in ("Import", "ImportFrom")
    ]
    assert late == []


def test_nobody_imports_a_network_or_a_simulator_by_name() -> None:
    names = set(networks.every())
    named = [
        f"{module.path} imports {name}"
        for module in modules()
        for name in module.imports()
        if _package(name) in ("tidings.networks", "tidings.simulators") and name.split(".")[2] in names
    ]
    assert named == []


def _package(name: str) -> str:
    return ".".join(name.split(".")[:2]) if name.count(".") > 1 else ""


def test_networks_know_neither_database_nor_pages() -> None:
    banned = ("django", "tidings.settings", "tidings.framework")
    inside = [m for m in modules() if m.path.startswith(("src/tidings/networks/", "src/tidings/core/"))]
    assert [(m.path, name) for m in inside for name in m.imports() if name.startswith(banned)] == []
