"""What networks refuse when something is published, gathered from their tests: `REFUSALS` in each test_<name>.py."""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.contract.drive import Case
from tests.networks import pieces
from tidings import networks
from tidings.core.http import Transport
from tidings.networks.base import Outgoing
from tidings.networks.check import check
from tidings.simulators.base import Simulator


@dataclass(frozen=True)
class Refusal:
    """One thing the network refuses: a name for it ("a text of 281 characters"), and a post that has it.

    `server`: what is true of the server or profile beside what the simulator's `access()` says. `late`: why nothing
    is refused at publishing, where the network looks only afterwards; empty: it is.
    """

    says: str
    outgoing: Outgoing
    server: Mapping[str, Any] = field(default_factory=dict)
    late: str = ""

    def case(self, simulator: Simulator, door: Transport) -> Case:
        """A delivery of it, that nobody has checked before."""
        access, outgoing = simulator.access(), self.outgoing
        if networks.get(simulator.name).fetches:
            media = (piece if piece.public else pieces.served(simulator, piece) for piece in outgoing.media)
            outgoing = replace(outgoing, media=tuple(media))
        return Case(simulator, replace(access, server={**access.server, **self.server}), outgoing, door)

    def objections(self, simulator: Simulator) -> list[str]:
        """What the author is told while typing."""
        server = {**simulator.access().server, **self.server}
        found = check(networks.get(simulator.name), self.outgoing, server)
        return [problem.message for problem in found if problem.level == "error"]


def every() -> Iterator[tuple[str, Refusal]]:
    """Each with the network that refuses it."""
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        name = file.stem.removeprefix("test_")
        if name in networks.every():
            module = importlib.import_module(f"tests.networks.{file.stem}")
            yield from ((name, refusal) for refusal in getattr(module, "REFUSALS", ()))
