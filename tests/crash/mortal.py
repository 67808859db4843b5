"""The only place where the harness reaches into the engine: every boundary at which a worker can die.

Counted for each channel over everything its sender threads do: before and after each request, and before and after
each piece of work in the database (the journal's saves and the record among them).
"""

import json
import os
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tidings.core.http import Answer, Door, Request
from tidings.deliveries.models import Delivery
from tidings.deliveries.worker import Worker
from tidings.deliveries.writer import Writer

on_this_thread = threading.local()  # .channel: whose delivery it sends


class Points:
    """Counts; and where a channel has reached the number in `ends`, its thread stands still. Once all stand, the
    process sends itself the signal: SIGKILL, and every delivery dies at its own boundary; or SIGSTOP, and they all
    go on when somebody wakes it."""

    def __init__(self, file: Path) -> None:
        self.file, kept = file, json.loads(file.read_text())
        self.ends: dict[str, int] = kept["ends"]
        self.signal: int = kept["signal"]
        self.passed, self.standing = Counter[str](), 0
        self.lock, self.awake = threading.Lock(), threading.Event()

    def here(self) -> None:
        """One such place."""
        channel = getattr(on_this_thread, "channel", "")
        if not channel:
            return
        with self.lock:
            self.passed[channel] += 1
            if self.passed[channel] != self.ends.get(channel):
                return
            self.standing += 1
            if self.standing == len(self.ends):
                os.kill(os.getpid(), self.signal)
                self.awake.set()
        self.awake.wait()

    def write(self) -> None:
        """What was counted, for the harness."""
        self.file.write_text(json.dumps(self.passed))


def watch(file: Path) -> Points:
    """Make every boundary of this process's worker one of these points."""
    points = Points(file)
    deliver, do, call = Worker._deliver, Writer.do, Door.__call__

    def delivering(self: Worker, delivery: Delivery) -> None:
        on_this_thread.channel = str(delivery.channel_id)
        try:
            deliver(self, delivery)
        finally:
            on_this_thread.channel = ""

    def doing(self: Writer, work: Callable[[], Any]) -> Any:
        points.here()
        result = do(self, work)
        points.here()
        return result

    def calling(self: Door, request: Request) -> Answer:
        points.here()
        answer = call(self, request)
        points.here()
        return answer

    Worker._deliver, Writer.do, Door.__call__ = delivering, doing, calling  # type: ignore[method-assign, assignment]
    return points
