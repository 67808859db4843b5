"""What the tries and chores of this process came to, counted as they end; a node writes it down with each beat."""

import threading
from bisect import bisect_left
from datetime import datetime

from pydantic import BaseModel, Field

from tidings.core import clock

BOUNDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)  # seconds; beyond the last: one bucket more


class Lag(BaseModel):
    """How late tries began: how many up to each bound and not the one before, and all their seconds together."""

    buckets: list[int] = Field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Counted(BaseModel):
    """What is counted of one network: tries by what they came to, those that were not the first, and lag."""

    tries: dict[str, int] = Field(default_factory=dict)
    retries: int = 0
    lag: Lag = Field(default_factory=Lag)


class Done(BaseModel):
    """A chore: when it was last done and whether it broke off, what it came to then, and all it came to together."""

    at: datetime
    broke: bool = False
    last: dict[str, int] = Field(default_factory=dict)
    sums: dict[str, int] = Field(default_factory=dict)


class Counts(BaseModel):
    """Everything one node has counted since it began: tries by network, chores by name."""

    since: datetime = Field(default_factory=clock.now)
    networks: dict[str, Counted] = Field(default_factory=dict)
    chores: dict[str, Done] = Field(default_factory=dict)


class Tally:
    """Counts from any thread."""

    def __init__(self) -> None:
        self._counts = Counts()
        self._lock = threading.Lock()

    def tried(self, network: str, state: str, lag_seconds: float, tries: int) -> None:
        """A try has ended in this state; it began `lag_seconds` after its time and was its delivery's `tries`th."""
        lag = max(lag_seconds, 0.0)
        with self._lock:
            counted = self._counts.networks.setdefault(network, Counted())
            counted.tries[state] = counted.tries.get(state, 0) + 1
            counted.retries += tries > 1
            counted.lag.buckets[bisect_left(BOUNDS, lag)] += 1
            counted.lag.seconds += lag

    def done(self, chore: str, came_to: object = None, broke: bool = False) -> None:
        """A chore has ended; how many of what it came to is counted, one number as `all`."""
        last = came_to if isinstance(came_to, dict) else {"all": came_to} if type(came_to) is int else {}
        with self._lock:
            before = self._counts.chores.get(chore)
            sums = before.sums if before else {}
            sums = {name: sums.get(name, 0) + last.get(name, 0) for name in {**sums, **last}}
            self._counts.chores[chore] = Done(at=clock.now(), broke=broke, last=last, sums=sums)

    def counts(self) -> Counts:
        """What has been counted so far, as it is at this instant."""
        with self._lock:
            return self._counts.model_copy(deep=True)
