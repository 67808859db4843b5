"""`tidings networks list`: what the program can publish to, what each network has here, and how long it is."""

import ast
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import click

from tidings import networks
from tidings.networks.base import Network

FEATURES = (
    "publish", "find", "recent", "present", "delete", "edit", "renew", "revoke", "lookup", "mentions", "measure",
    "inbox",
)
HEAD = ("network", "lines", "connect by", "needs", "thread", "checked", "has")


def main(as_json: bool) -> None:
    """The whole set, by label; the last line tells the median and the largest."""
    if as_json:
        click.echo(json.dumps(rows(), indent=2))
        return
    lines = [HEAD, *map(cells, rows())]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    click.echo(summary())


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """One network as words, fitting HEAD."""
    lines = " + ".join(str(n) for n in (row["lines"], row["family_lines"]) if n)
    has = " ".join(feature for feature in row["has"] if feature != "publish")  # every network publishes
    return (
        row["name"], lines, ", ".join(row["ways"]), ", ".join(row["needs"]), row["threads"], row["checked"], has,
    )


def summary() -> str:
    """How many there are, the median length of their files, and the longest."""
    sizes = {row["name"]: row["lines"] for row in rows()}
    longest = max(sizes, key=lambda name: sizes[name])
    return f"{len(sizes)} networks; median {median(sizes.values()):g} lines, largest {sizes[longest]} ({longest})."


def rows() -> list[dict[str, Any]]:
    """Every network as data, by label."""
    return [_row(network) for network in networks.every().values()]


def _row(network: type[Network]) -> dict[str, Any]:
    file = Path(inspect.getfile(network))
    family = sorted(_family(file))
    return {
        "name": network.name, "label": network.label, "docs": network.docs, "policy": network.policy,
        "checked": network.checked.isoformat(), "connect": [way.label for way in network.connect],
        "ways": [type(way).__name__.lower() for way in network.connect], "needs": list(_needs(network)),
        "threads": network.threads, "has": [feature for feature in FEATURES if _has(network, feature)],
        "lines": _length(file), "family": [module.stem for module in family],
        "family_lines": sum(map(_length, family)),
    }


def _has(network: type[Network], feature: str) -> bool:
    return hasattr(Network, feature) and network.has(feature)


def _needs(network: type[Network]) -> Iterator[str]:
    """What an operator must see to before anybody can connect."""
    if any(getattr(way, "needs_app", False) for way in network.connect):
        yield "app"
    if network.fetches:
        yield "address"


def _family(file: Path, known: frozenset[Path] = frozenset()) -> frozenset[Path]:
    """The private modules beside this file that it imports, and those that they import."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            for name in (f"{node.module}.{alias.name}" for alias in node.names):
                found = _private(file.parent, name)
                if found and found not in known:
                    known = _family(found, known | {found})
    return known


def _private(folder: Path, name: str) -> Path | None:
    """The file of `tidings.networks._x` or of something taken out of it."""
    parts = name.removeprefix("tidings.networks.").split(".")
    file = folder / f"{parts[0]}.py"
    return file if parts[0].startswith("_") and file.exists() else None


def _length(file: Path) -> int:
    return len(file.read_text().splitlines())
