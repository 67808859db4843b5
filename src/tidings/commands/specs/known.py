"""The table of descriptions (known.toml): which there are, and where our requests are right all the same."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tidings.commands.specs.compare import Deviation
from tidings.commands.specs.form import Spec

TABLE = Path(__file__).with_name("known.toml")


@dataclass(frozen=True)
class Excuse:
    """A kind of deviation that is right, and how we know."""

    what: str
    where: str
    reason: str
    source: str
    field: str = "*"

    def fits(self, deviation: Deviation) -> bool:
        """Whether it is about this deviation."""
        place = f"{deviation.method} {deviation.path}"
        return (
            deviation.what == self.what
            and fnmatchcase(place, self.where)
            and fnmatchcase(deviation.field, self.field)
        )


@dataclass(frozen=True)
class Known:
    """What the table says of one network."""

    format: str = ""
    files: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    packed: str = ""
    none: str = ""
    excuses: tuple[Excuse, ...] = ()

    def read(self, folder: Path) -> Spec:
        """The description; raises FileNotFoundError when it is not in the folder."""
        files = [file for pattern in self.files for file in sorted(folder.glob(pattern))]
        if not files:
            raise FileNotFoundError(", ".join(self.files))
        spec: Spec = import_module(f"tidings.commands.specs.{self.format}").read(files, self.at)
        return spec

    def excused(self, deviations: Iterable[Deviation]) -> list[Deviation]:
        """The deviations that no excuse fits."""
        return [one for one in deviations if not any(excuse.fits(one) for excuse in self.excuses)]

    def unused(self, deviations: Iterable[Deviation]) -> list[Excuse]:
        """The excuses that fit no deviation: they are not needed, and must go."""
        found = list(deviations)
        return [excuse for excuse in self.excuses if not any(map(excuse.fits, found))]


@cache
def table() -> dict[str, Known]:
    """All of it, by network."""
    return {name: _row(said) for name, said in tomllib.loads(TABLE.read_text()).items()}


def _row(said: dict[str, Any]) -> Known:
    made: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    made["excuses"] = tuple(Excuse(**one) for one in said.get("excuses", ()))
    return Known(**made)
