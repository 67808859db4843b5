"""What a channel does on its network, act by act, so that every request can be recorded."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from tidings.commands.specs import choices
from tidings.commands.specs.record import Recorder
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.deliveries.journal import Journal
from tidings.deliveries.send import Outcome, send
from tidings.networks.base import Access, Network, Outgoing, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, NotYet, Reaction, Reconnect, Rejected
from tidings.simulators.base import Simulator

NOT_YET = (Later, NotYet)
REFUSED = (*NOT_YET, Rejected, Reconnect)  # not every way of connecting can do everything
ENDS = ("delivered", "failed", "unsure")
ROUNDS = 20
APART = timedelta(days=1)  # between posts with ever fresh access, so that no daily limit is met


@dataclass
class Stage:
    """One network on its simulator, and whose access it has; the clock goes on in `later`."""

    network: type[Network]
    one: Simulator
    door: Recorder
    later: ExitStack
    access: Callable[[], Access]
    label: str = ""  # stands in the texts: many networks refuse the same one twice
    failures: list[str] = field(default_factory=list)

    def play(self) -> None:
        """Every act, and every choice alone and all together. Access is taken afresh for each post."""
        shapes = self._shapes()
        self._posts(shapes, APART)
        for variant in choices.variants(self._speaker("look"), shapes.values(), self._fits):
            self._publish(variant, APART)
        for variant in choices.together(self._speaker("look"), shapes.values(), self._fits):
            self._publish(variant, APART)

    def play_once(self) -> None:
        """The same, shorter: within the life of one sign-in, to its end."""
        shapes = self._shapes()
        for variant in choices.together(self._speaker("look"), shapes.values(), self._fits):
            self._publish(variant)
        self._posts(shapes)
        for name in ("renew", "revoke"):
            if self.network.has(name):
                self.tried(f"{name} {self.label}", getattr(self._speaker("refresh"), name), REFUSED)

    def _shapes(self) -> dict[str, Outgoing]:
        return {
            name: replace(shape, text=f"{shape.text} {self.label}".strip()) for name, shape in self.one.shapes().items()
        }

    def _posts(self, shapes: dict[str, Outgoing], apart: timedelta = timedelta(0)) -> None:
        receipts = [self._post(shape, name, apart) for name, shape in shapes.items()]
        first = next((receipt for receipt in receipts if receipt), None)
        if first:
            self._after(first, list(shapes.values()))

    def _speaker(self, purpose: Any) -> Network:
        return self.network(self.access(), self.door, purpose)

    def _fits(self, outgoing: Outgoing) -> bool:
        return not any(problem.level == "error" for problem in check(self.network, outgoing, self.access().server))

    def _post(self, outgoing: Outgoing, name: str, apart: timedelta = timedelta(0)) -> Receipt | None:
        outcome = self._publish(outgoing, apart)
        if outcome.receipt is None:
            self.failures.append(f"{name} was not published {self.label}: {outcome.reason}")
        return outcome.receipt

    def _publish(self, outgoing: Outgoing, apart: timedelta = timedelta(0)) -> Outcome:
        """One delivery until its end, and then looked for as if its answer had been lost."""
        self._wait(apart)
        kept: dict[str, Any] = {}
        key, due, speaker = str(new_id()), clock.now(), self._speaker("publish")
        for _ in range(ROUNDS):
            journal = Journal(key, due, kept.update, kept)
            outcome = send(speaker, outgoing, journal)
            if outcome.state in ENDS:
                break
            pause = outcome.at - clock.now() if outcome.at else timedelta(minutes=1)
            self._wait(max(pause, timedelta(0)) + timedelta(seconds=1))
        if self.network.has("find"):
            self.tried("find", lambda: speaker.on("find").find(outgoing, journal))
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
            "measure": lambda speaker: speaker.measure([first]),
            "audience": lambda speaker: speaker.audience(since.date()),
            "mentions": lambda speaker: speaker.mentions("demo"), "lookup": self._look,
            "edit": lambda speaker: speaker.edit(first, changed), "delete": lambda speaker: speaker.delete(first),
        }
        for name, act in acts.items():
            if self.network.has(name):
                self.tried(name, lambda act=act: act(self._speaker("look")), REFUSED)  # type: ignore[misc]

    def _look(self, speaker: Network) -> None:
        for option in self.network.options:
            if option.kind == "lookup":
                for query in ("", "demo"):
                    speaker.lookup(option.name, query)

    def _answer(self, first: Receipt, shapes: list[Outgoing]) -> None:
        """The second part of a thread, in words and in every shape that may stand there."""
        words = Outgoing("Part two", options=self.one.chosen)
        for n, shape in enumerate([words, *shapes]):
            part = replace(shape, text=f"Part {n + 2}{self.label}", reply_to=first, root=first, position=n + 1)
            if self._fits(part):
                self._post(part, f"part {n + 2} of a thread")

    def tried(self, name: str, act: Callable[[], Any], fine: tuple[type[Reaction], ...] = NOT_YET) -> Any:
        """What it gives; what goes wrong is kept."""
        try:
            return act()
        except fine:
            return None
        except Reaction as refused:
            self.failures.append(f"{name}: {refused.reason}")
        except (LookupError, ValueError, TypeError, AttributeError, NotImplementedError) as error:
            self.failures.append(f"{name}: {type(error).__name__}: {error}")
        return None
