"""Between a node and the networks: what is sent takes its time, and both the request and the answer may be lost.

What arrives takes effect even if its sender is dead by then; within the time in which a network says it settles.
"""

from collections.abc import Callable

from tests.simulation.heap import Time
from tests.simulation.weather import Weather
from tests.simulation.world import Speaker, World
from tidings.core.http import Answer, NoAnswer, NotSent, Request

Done = Callable[[Answer | Exception], None]
TARDY = 45.0  # seconds at most until a request that arrives takes effect
SLOW = (20.0, 320.0)  # seconds that an answer may take: longer than a lease


class Wire:
    """Carries requests."""

    def __init__(self, time: Time, weather: Weather, world: World) -> None:
        self._time, self._weather, self._world = time, weather, world
        self._chance = time.chance("wire")

    def carry(self, request: Request, speaker: Speaker, done: Done) -> None:
        """Let it arrive, and `done` hear what comes back."""
        if self._weather.strikes("unreachable"):
            self._tell(self._chance.uniform(0, 10), done, NotSent("refused"))
        elif self._weather.strikes("lost before"):
            self._tell(self._chance.uniform(0.1, request.seconds), done, NoAnswer("reset"))
        else:
            tardy = self._weather.strikes("tardy")
            there = self._chance.uniform(1, TARDY) if tardy else self._latency()
            self._time.after(there, lambda: self._arrive(request, speaker, done))

    def at_once(self, request: Request) -> Answer:
        """For who does not wait: a chore on the side."""
        return self._world.handle(request, Speaker(self._time.new_id()))

    def _arrive(self, request: Request, speaker: Speaker, done: Done) -> None:
        answer = self._world.handle(request, speaker)
        if self._weather.strikes("lost after"):
            self._tell(self._chance.uniform(0.1, request.seconds), done, NoAnswer("reset"))
            return
        back = self._chance.uniform(*SLOW) if self._weather.strikes("slow") else self._latency()
        if back > request.seconds and self._chance.random() < 0.5:
            self._tell(request.seconds, done, NoAnswer("time-out"))
        else:
            self._tell(back, done, answer)

    def _tell(self, seconds: float, done: Done, what: Answer | Exception) -> None:
        self._time.after(seconds, lambda: done(what))

    def _latency(self) -> float:
        return 0.02 + self._chance.expovariate(10)
