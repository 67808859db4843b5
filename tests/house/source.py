"""The repository as data: its Python modules, their functions, its templates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "tidings"
NOT_OURS = {"migrations", "node_modules", "built", "__pycache__", "conformance"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A Python file: where (below the repository's root), its text, its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.text.splitlines())

    def functions(self) -> Iterator[Function]:
        """Every function and method in it."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self) -> Iterator[str]:
        """Every module it imports, with what it takes out of it: `a.b` for `from a import b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{name.name}" for name in node.names)


def files(folder: Path, *endings: str) -> list[Path]:
    """Our own files below a folder, by ending."""
    found = (path for path in sorted(folder.rglob("*")) if path.suffix in endings and path.is_file())
    return [path for path in found if NOT_OURS.isdisjoint(path.relative_to(ROOT).parts)]


@cache
def modules(folder: str = "src/tidings") -> tuple[Module, ...]:
    """The Python modules below a folder."""
    made = []
    for path in files(ROOT / folder, ".py"):
        text = path.read_text()
        made.append(Module(str(path.relative_to(ROOT)), text, ast.parse(text)))
    return tuple(made)


def length(function: Function) -> int:
    """Lines of a function, from its `def` to its end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def words(identifier: str) -> list[str]:
    """The words an identifier is made of, in small letters, however they are joined."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)]


def percentile(values: list[int], share: float) -> int:
    """The value that this share of all values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
