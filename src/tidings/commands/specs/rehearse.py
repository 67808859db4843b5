"""Everything that a network does here, done on its simulator, from signing in to revoking."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from tidings import networks, simulators
from tidings.commands.specs import entering
from tidings.commands.specs.record import Recorder
from tidings.commands.specs.sent import Sent
from tidings.commands.specs.stage import Stage
from tidings.core.http import Door
from tidings.networks.base import Access
from tidings.simulators.base import Simulator


@dataclass(frozen=True)
class Rehearsal:
    """Every request that was made, and what could not be done."""

    sent: tuple[Sent, ...]
    failures: tuple[str, ...]


def rehearse(name: str) -> Rehearsal:
    """The whole rehearsal with access that is simply there, and the posts again for each way of connecting."""
    port = simulators.free_port()
    one, network = simulators.every(f"http://127.0.0.1:{port}")[name], networks.get(name)
    with simulators.serving({name: one}, port), _led(name, one) as real, ExitStack() as later:
        door = Recorder(Door(["127.0.0.1"]), one, real)
        stage = Stage(network, one, door, later, one.access)
        stage.play()
        for n, way in enumerate(network.connect, 1):
            if entering.can_enter(way, door):
                access = stage.tried(f"way {n} of connecting", partial(entering.enter, network, way, door))
                _play_as(access, f"way {n}", stage)
    return Rehearsal(tuple(door.sent), tuple(stage.failures))


def _play_as(access: Access | None, label: str, stage: Stage) -> None:
    """What a channel that was connected does, from its first post to its end."""
    if access:
        Stage(stage.network, stage.one, stage.door, stage.later, lambda: access, label, stage.failures).play_once()


@contextmanager
def _led(name: str, one: Simulator) -> Iterator[dict[str, str]]:
    """The network's hosts are the simulator's while the block runs; gives the real ones."""
    real = dict(networks.get(name).hosts)
    networks.lead(name, one.hosts())
    try:
        yield real
    finally:
        networks.lead(name, real)
