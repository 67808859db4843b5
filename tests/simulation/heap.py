"""Virtual time. What stands first on a heap happens next; nothing else decides, so a seed tells everything."""

import hashlib
import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

START = datetime(2026, 3, 2, tzinfo=UTC)
SECOND = 1_000_000  # time is counted in microseconds


@dataclass
class Event:
    """Something that will happen; `do` is None once it was taken back."""

    do: Callable[[], None] | None


class Time:
    """The clock, the heap, chance, and the story of the run (`told`: a hash over all of it)."""

    def __init__(self, seed: int, listener: Callable[[str], None] | None = None) -> None:
        self.seed = seed
        self.at = 0
        self.wrong = timedelta(0)  # by which the clock is that all go by: the machine's, or the database's
        self.skew = timedelta(0)  # of whoever acts just now
        self.stopped = False  # it cannot go on
        self._heap: list[tuple[int, int, Event]] = []
        self._count = 0
        self._ids = 0
        self._hash = hashlib.sha256()
        self._listener = listener

    def chance(self, of: str) -> random.Random:
        """Dice of their own, so that one part's throws do not change another's."""
        return random.Random(f"{self.seed}:{of}")

    def now(self) -> datetime:
        """The true time."""
        return START + timedelta(microseconds=self.at)

    def clock(self) -> datetime:
        """What the clock shows of whoever acts just now."""
        return self.now() + self.wrong + self.skew

    def steady(self) -> float:
        """What no clock's being set changes."""
        return self.at / SECOND

    def new_id(self) -> UUID:
        """A UUIDv7 by that clock; one counter stands in for chance."""
        self._ids += 1
        milliseconds = int(self.clock().timestamp() * 1000)
        return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | self._ids)

    def after(self, seconds: float, do: Callable[[], None]) -> Event:
        """Let this happen then."""
        event = Event(do)
        self._count += 1
        heapq.heappush(self._heap, (self.at + max(int(seconds * SECOND), 0), self._count, event))
        return event

    def until(self, moment: datetime) -> float:
        """Seconds from now."""
        return (moment - self.now()).total_seconds()

    def step(self, end: int) -> bool:
        """The next thing before `end` happens; False: there is none."""
        while not self.stopped and self._heap and self._heap[0][0] <= end:
            at, _, event = heapq.heappop(self._heap)
            if event.do:
                self.at = at
                event.do()
                return True
        self.at = end
        return False

    def say(self, what: str) -> None:
        """Put it into the story."""
        self._hash.update(f"{self.at} {what}\n".encode())
        if self._listener:
            self._listener(f"{self.now():%m-%d %H:%M:%S.%f} {what}")

    @property
    def told(self) -> str:
        """The story so far, in sixteen letters."""
        return self._hash.hexdigest()[:16]
