"""A copy of this checkout, to add something to: its files, and its own `tidings` in a process of its own."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.house.source import ROOT

AROUND = ("TIDINGS_", "PYTEST_", "PYTHON")  # what this process has around it, and the copy's must not
PROGRAM = "from tidings.commands import main; main()"


@dataclass(frozen=True)
class Checkout:
    """The copy below `root`; its processes keep their data in `home`."""

    root: Path
    home: Path

    @classmethod
    def made(cls, folder: Path) -> "Checkout":
        """Everything that the program, its tests and its documentation consist of, the built front end as it is."""
        root = folder / "checkout"
        for part in ("src", "tests", "docs"):
            shutil.copytree(ROOT / part, root / part)
        for file in (*ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "test", ROOT / "run"):
            shutil.copy2(file, root)
        return cls(root, folder / "home")

    def files(self) -> dict[str, str]:
        """Every file, and what it holds."""
        paths = (path for path in self.root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    def tidings(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """The copy's own command line."""
        return self.python("-c", PROGRAM, *words)

    def python(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Python, to which the copy is the program."""
        return subprocess.run(
            [sys.executable, *words], cwd=self.root, env=self.env(), capture_output=True, text=True, timeout=110
        )

    def env(self, **settings: str) -> Mapping[str, str]:
        """What a process of the copy has around it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(AROUND)}
        ours = {"PYTHONPATH": f"{self.root / 'src'}{os.pathsep}{self.root}", "MYPYPATH": "src"}
        return {**clean, **ours, "TIDINGS_HOME": str(self.home), **settings}
