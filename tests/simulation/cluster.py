"""All nodes together, and what strikes them from outside."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.simulation.heap import Time
from tests.simulation.ledger import Ledger
from tests.simulation.nodes import LEASE, NIGHT, Node
from tests.simulation.watch import Watch
from tests.simulation.weather import Weather
from tests.simulation.wire import Wire
from tidings.core.http import Answer, Request
from tidings.deliveries import wake
from tidings.deliveries.models import Delivery
from tidings.deliveries.worker import MEND

JUMPS = (60.0, 7200.0)  # seconds by which the clock is set
JUMPED = (20.0, 2000.0)  # until it is set right


class Cluster:
    """The nodes of one instance. `changed`: rows may have, so that nodes have to look when they look next."""

    def __init__(self, time: Time, weather: Weather, ledger: Ledger, wire: Wire, watch: Watch) -> None:
        self.time, self.weather, self.ledger, self.wire = time, weather, ledger, wire
        self.watch = watch
        self.changed = True
        self._unfit = False
        self._acting: Node | None = None
        self._chance = time.chance("cluster")
        self.nodes: list[Node] = []

    def begin(self, nodes: int, senders: int) -> None:
        """Start so many nodes, each taking so much."""
        self.nodes = [Node(self, number, senders) for number in range(nodes)]
        for node in self.nodes:
            self._strike("kill", node.kill)
            self._strike("pause", node.stop)
        self._strike("asleep", self._sleep)
        self._strike("jump", self._jump)

    def heed(self) -> None:
        """Let every node plan its next round anew, if anything has changed."""
        if self.changed:
            self.changed = False
            soonest = wake.soonest()
            for node in self.nodes:
                node.heed(soonest)
        if self.fit() and self._unfit:
            self.ledger.unfit_until = self.time.now()
        self._unfit = not self.fit()

    def fit(self) -> bool:
        """Whether any node could take something just now."""
        return any(node.room > 0 for node in self.nodes)

    def blind(self, seconds: float) -> None:
        """A node could not read the database, and waits."""
        self.ledger.unfit_until = self.time.now() + timedelta(seconds=seconds)

    def abandon(self, deliveries: Iterable[Delivery]) -> None:
        """Nobody works on these any more, before their leases end."""
        for one in deliveries:
            self.ledger.not_before(one.channel_id, self.time.now() + LEASE)

    @contextmanager
    def acting(self, node: Node) -> Iterator[None]:
        """What happens now happens on this node, by its clock."""
        before, skew = self._acting, self.time.skew
        self._acting, self.time.skew = node, node.skew
        try:
            yield
        finally:
            self._acting, self.time.skew = before, skew

    def door(self, request: Request) -> Answer:
        """The process's way out: of whichever node acts."""
        return self._acting.door(request) if self._acting else self.wire.at_once(request)

    def end(self) -> None:
        """No fault any more, and clocks that are right."""
        self.weather.over = True
        self.time.wrong = timedelta(0)
        self._set_lately()

    def _strike(self, kind: str, blow: Callable[[], None]) -> None:
        wait = self.weather.wait(kind)
        if wait is not None:
            self.time.after(wait, lambda: self._struck(kind, blow))

    def _struck(self, kind: str, blow: Callable[[], None]) -> None:
        if not self.weather.over:
            self.weather.struck[kind] += 1
            blow()
            self._strike(kind, blow)

    def _jump(self) -> None:
        """The clock that all go by is set wrong, and right again after a while."""
        wrong = timedelta(seconds=self._chance.choice((-1, 1)) * self._chance.uniform(*JUMPS))
        self._set(wrong)
        self.time.after(self._chance.uniform(*JUMPED), lambda: self._set(-wrong))

    def _set(self, by: timedelta) -> None:
        if self.weather.over:
            return
        self.time.say(f"the clock is set by {by}")
        self.time.wrong += by
        self._set_lately()

    def _set_lately(self) -> None:
        self.changed = True
        for node in self.nodes:
            self.time.after(self._chance.uniform(0, MEND.total_seconds()), node.mend)

    def _sleep(self) -> None:
        seconds = self._chance.uniform(*NIGHT)
        for node in self.nodes:
            node.stop(seconds)
