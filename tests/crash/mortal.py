"""The only place where the harness reaches into the engine: every boundary at which a worker can die.

Counted for each channel over everything its sender threads do: before and after each request, and before and after
each piece of work in the database (the journal's saves and the record among them).
"""

import json
import os
import signal
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
    """Counts; and where a channel has reached the number in `ends`, its thread stands still for ever. Once all
    stand, the process is killed: every delivery at its own boundary, by one SIGKILL."""

    def __init__(self, ends: dict[str, int]) -> None:
        self.ends, self.passed, self.standing = ends, Counter[str](), 0
        self.lock = threading.Lock()

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
                os.kill(os.getpid(), signal.SIGKILL)
        threading.Event().wait()

    def write(self, path: Path) -> None:
        """What was counted, for the harness."""
        path.write_text(json.dumps(self.passed))


def watch(ends: dict[str, int]) -> Points:
    """Make every boundary of this process's worker one of these points."""
    points = Points(ends)
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
