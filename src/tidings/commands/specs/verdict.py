"""One network's verdict: its description, its rehearsal, and what lies between the two."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tidings.commands.specs import known
from tidings.commands.specs.compare import compare
from tidings.commands.specs.rehearse import rehearse


@dataclass(frozen=True)
class Verdict:
    """What is to be told of a network. Without `description` there is none to compare with."""

    network: str
    description: str
    compared: int = 0
    elsewhere: int = 0  # requests to hosts and sign-in pages that it does not speak of
    excused: int = 0
    wrong: tuple[str, ...] = ()


def judge(name: str, folder: Path) -> Verdict:
    """Rehearse this network and compare; raises FileNotFoundError when its description is not in the folder."""
    row = known.table().get(name, known.Known())
    if not row.format:
        return Verdict(name, "")
    spec, rehearsal = row.read(folder), rehearse(name)
    found = compare(name, spec, rehearsal.sent, row.packed)
    left, unused = row.excused(found.deviations), row.unused(found.deviations)
    wrong = [
        *map(str, left),
        *(f"{name}: the excuse for {one.what} at {one.where} ({one.field}) fits nothing." for one in unused),
        *(f"{name}: could not be rehearsed to its end: {failure}" for failure in rehearsal.failures),
    ]
    excused = len(found.deviations) - len(left)
    return Verdict(name, _described(row, spec.version), found.compared, found.elsewhere, excused, tuple(wrong))


def _described(row: known.Known, version: str) -> str:
    files = ", ".join(row.files)
    return f"{files} ({version})" if version else files


def lines(verdict: Verdict) -> Iterator[str]:
    """What a person reads."""
    if not verdict.description:
        why = known.table().get(verdict.network, known.Known()).none or "none is known"
        yield f"{verdict.network}: no machine-readable spec ({why})."
        return
    counts = f"{verdict.compared} requests compared, {verdict.elsewhere} elsewhere, {verdict.excused} excused"
    yield f"{verdict.network}: {verdict.description}: {counts}, {len(verdict.wrong)} wrong."
    yield from (f"  {sentence}" for sentence in verdict.wrong)
