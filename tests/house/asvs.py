"""OWASP's ASVS 5.0, requirement by requirement: docs/asvs/*.toml, and the table of docs/security.md made of it."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.house.source import ROOT

Verdict = Literal["met", "partly", "does not apply", "not met"]
FOLDER = ROOT / "docs" / "asvs"


@dataclass(frozen=True)
class Requirement:
    """One requirement, or a run of them that are answered alike (1.2.6–1.2.8), in our own words."""

    id: str
    level: str
    asks: str
    verdict: Verdict
    how: str
    tests: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands in the standard."""
        return tuple(map(int, self.id.partition("–")[0].split(".")))


def chapters() -> Iterator[tuple[str, list[Requirement]]]:
    """Each chapter's title and its requirements."""
    for path in sorted(FOLDER.glob("*.toml")):
        text = path.read_text()
        title = re.match(r"# (V\d+ .+?)\. How", text)
        assert title, path
        yield title[1], [Requirement(id, **fields) for id, fields in tomllib.loads(text).items()]


def every() -> list[Requirement]:
    """All of them."""
    return [requirement for _title, requirements in chapters() for requirement in requirements]


def table() -> str:
    """The chapters as tables, and how many of each verdict there are."""
    counted = Counter(requirement.verdict for requirement in every())
    parts = [", ".join(f"{counted[verdict]} {verdict}" for verdict in sorted(counted)) + "."]
    for title, requirements in chapters():
        rows = [f"| {r.id} | {r.level} | {r.asks} | {_said(r)} | {_shown(r)} |" for r in requirements]
        head = "| | level | what it asks | how it is met | test |\n| --- | --- | --- | --- | --- |"
        parts.append("\n".join([f"### {title}\n", head, *rows]))
    return "\n\n".join(parts)


def _said(requirement: Requirement) -> str:
    how = requirement.how.replace("|", "\\|")
    return how if requirement.verdict == "met" else f"**{requirement.verdict}**: {how.removeprefix('not met: ')}"


def _shown(requirement: Requirement) -> str:
    return "<br>".join(f"`{test}`" for test in requirement.tests)
