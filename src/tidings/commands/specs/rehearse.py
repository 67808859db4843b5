"""Everything that a network does here, done once on its simulator, from signing in to revoking."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

from tidings import networks, simulators
from tidings.commands.specs import choices, entering
from tidings.commands.specs.record import Recorder
from tidings.commands.specs.sent import Sent
from tidings.core import clock
from tidings.core.http import Door
from tidings.core.ids import new_id
from tidings.deliveries.journal import Journal
from tidings.deliveries.send import Outcome, send
from tidings.networks.base import Access, Network, Outgoing, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, NotYet, Reaction
from tidings.simulators.base import Simulator

ENDS = ("delivered", "failed", "unsure")
ROUNDS = 20
APART = timedelta(days=1)  # between posts, so that no daily limit is met


@dataclass(frozen=True)
class Rehearsal:
    """Every request that was made, and what could not be done."""

    sent: tuple[Sent, ...]
    failures: tuple[str, ...]


def rehearse(name: str) -> Rehearsal:
    """The rehearsal of one network."""
    port = simulators.free_port()
    one = simulators.every(f"http://127.0.0.1:{port}")[name]
    with simulators.serving({name: one}, port), _led(name, one) as real, ExitStack() as later:
        door = Recorder(Door([f"127.0.0.1:{port}"]), one, real)
        stage = Stage(networks.get(name), one, door, later)
        stage.play()
    return Rehearsal(tuple(door.sent), tuple(stage.failures))


@contextmanager
def _led(name: str, one: Simulator) -> Iterator[dict[str, str]]:
    """The network's hosts are the simulator's while the block runs; gives the real ones."""
    real = dict(networks.get(name).hosts)
    networks.lead(name, one.hosts())
    try:
        yield real
    finally:
        networks.lead(name, real)


@dataclass
class Stage:
    """One network on its simulator; the clock goes on in `later`."""

    network: type[Network]
    one: Simulator
    door: Recorder
    later: ExitStack
    failures: list[str] = field(default_factory=list)

    def play(self) -> None:
        """The acts in their order."""
        entered = [access for n, way in enumerate(self.network.connect) if (access := self._enter(n, way))]
        shapes = self.one.shapes()
        receipts = [self._post(shape, name) for name, shape in shapes.items()]
        first = next((receipt for receipt in receipts if receipt), None)
        if first:
            self._after(first, list(shapes.values()))
        for variant in choices.variants(self._speaker("look"), shapes.values(), self._fits):
            self._publish(variant)
        self._leave(entered or [self.one.access()])

    def _enter(self, n: int, way: Any) -> Access | None:
        missing = {f.name for f in way.fields if not (f.optional or f.default)} - self.one.typed().keys()
        if missing:
            return None
        act = partial(entering.enter, self.network, way, self.door)
        access: Access | None = self._tried(f"connecting by way {n}", act)
        return access

    def _speaker(self, purpose: Any, access: Access | None = None) -> Network:
        return self.network(access or self.one.access(), self.door, purpose)

    def _fits(self, outgoing: Outgoing) -> bool:
        return not check(self.network, outgoing, self.one.access().server)

    def _post(self, outgoing: Outgoing, name: str) -> Receipt | None:
        outcome = self._publish(outgoing)
        if outcome.receipt is None:
            self.failures.append(f"{name} was not published: {outcome.reason}")
        return outcome.receipt

    def _publish(self, outgoing: Outgoing) -> Outcome:
        """One delivery until its end, and then looked for as if its answer had been lost."""
        self._wait(APART)
        kept: dict[str, Any] = {}
        key, due, speaker = str(new_id()), clock.now(), self._speaker("publish")
        for _ in range(ROUNDS):
            journal = Journal(key, due, kept.update, kept)
            outcome = send(speaker, outgoing, journal)
            if outcome.state in ENDS:
                break
            self._wait(max(outcome.at - clock.now() if outcome.at else APART, timedelta(0)) + timedelta(seconds=1))
        if self.network.has("find"):
            self._tried("find", lambda: speaker.on("find").find(outgoing, journal))
        return outcome

    def _wait(self, span: timedelta) -> None:
        self.later.enter_context(clock.shifted(span))

    def _after(self, first: Receipt, shapes: list[Outgoing]) -> None:
        """What may follow a post."""
        if self.network.threads:
            self._answer(first, shapes)
        since, changed = clock.now() - timedelta(days=30), replace(shapes[0], text=f"{shapes[0].text}, again")
        acts: dict[str, Callable[[Network], Any]] = {
            "recent": lambda speaker: speaker.recent(since), "present": lambda speaker: speaker.present(first),
            "mentions": lambda speaker: speaker.mentions("demo"), "lookup": self._look,
            "edit": lambda speaker: speaker.edit(first, changed), "delete": lambda speaker: speaker.delete(first),
        }
        for name, act in acts.items():
            if self.network.has(name):
                self._tried(name, lambda act=act: act(self._speaker("look")))  # type: ignore[misc]

    def _look(self, speaker: Network) -> None:
        for option in self.network.options:
            if option.kind == "lookup":
                for query in ("", "demo"):
                    speaker.lookup(option.name, query)

    def _answer(self, first: Receipt, shapes: list[Outgoing]) -> None:
        """The second part of a thread, in words and in every shape that may stand there."""
        words = Outgoing("Part two", options=self.one.chosen)
        for n, shape in enumerate([words, *shapes]):
            part = replace(shape, text=f"Part {n + 2}", reply_to=first, root=first, position=n + 1)
            if self._fits(part):
                self._post(part, f"part {n + 2} of a thread")

    def _leave(self, entered: list[Access]) -> None:
        for access in entered:
            if self.network.has("renew"):
                self._tried("renew", lambda a=access: self._speaker("refresh", a).renew())  # type: ignore[misc]
            if self.network.has("revoke"):
                self._tried("revoke", lambda a=access: self._speaker("revoke", a).revoke())  # type: ignore[misc]

    def _tried(self, name: str, act: Callable[[], Any]) -> Any:
        """What it gives; what goes wrong is kept, but that nobody can say yet."""
        try:
            return act()
        except (Later, NotYet):
            return None
        except Reaction as refused:
            self.failures.append(f"{name}: {refused.reason}")
        except (LookupError, ValueError, TypeError, AttributeError, NotImplementedError) as error:
            self.failures.append(f"{name}: {type(error).__name__}: {error}")
        return None
