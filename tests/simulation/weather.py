"""Which faults a run meets, and how often: each seed has a weather of its own, so that rare pairs meet somewhere."""

import random
from collections import Counter

# The highest rates. Of each request …
WIRE = {
    "unreachable": 0.06, "lost before": 0.06, "lost after": 0.06, "tardy": 0.04, "slow": 0.04,
    "fault before": 0.06, "fault after": 0.06, "busy": 0.05, "used up": 0.02, "ended": 0.003, "refused": 0.02,
}
# … of each of a worker's steps …
STEP = {
    "killed": 0.012, "paused": 0.01, "stall": 0.01, "database away": 0.01, "commit unheard": 0.008, "twice": 0.03,
}
# … and of each node's day.
DAY = {"kill": 8.0, "pause": 5.0}
ALL = {"asleep": 0.5, "jump": 0.5}  # all nodes at once
SELDOM = {"jump": 0.25}  # how many runs know it at all; most faults are known to most
CALM, WILD = 0.1, 0.3  # share of runs without any fault, and of those in which they are frequent


class Weather:
    """Says whether a fault strikes, and counts those that did."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.struck: Counter[str] = Counter()
        self.over = False  # no faults any more
        calm, self._wild = chance.random() < CALM, chance.random() < WILD
        every = {**WIRE, **STEP, **DAY, **ALL}
        self.rates = {kind: 0.0 if calm else self._rate(most, SELDOM.get(kind, 0.6)) for kind, most in every.items()}

    def _rate(self, most: float, known: float) -> float:
        often = self._chance.random() if self._wild else self._chance.random() ** 3
        return most * often if self._chance.random() < known else 0.0

    def strikes(self, kind: str) -> bool:
        """Whether it does, this time."""
        rate = self.rates[kind]
        if not rate or self.over or self._chance.random() >= rate:
            return False
        self.struck[kind] += 1
        return True

    def wait(self, kind: str) -> float | None:
        """Seconds until it strikes again, of what happens so many times a day; None: never."""
        rate = self.rates[kind]
        return self._chance.expovariate(rate / 86_400) if rate else None

    @property
    def clocks_are_right(self) -> bool:
        """Whether the clock that all go by is never set."""
        return not self.rates["jump"]
