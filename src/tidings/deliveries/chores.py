"""What a worker does beside sending, each at its own pace. A chore that fails is tried again at its next time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import connections

from tidings.channels import portrait
from tidings.channels.refresh import refresh_due
from tidings.core import clock
from tidings.deliveries import limits
from tidings.deliveries.ask import tell_due
from tidings.deliveries.copies import copy_due
from tidings.deliveries.ending import tell_ending
from tidings.deliveries.overdue import tell_overdue
from tidings.deliveries.readback import read_back
from tidings.deliveries.tally import Tally
from tidings.media.remove import sweep

log = structlog.get_logger()

Paces = tuple[tuple[Callable[[datetime], object], timedelta], ...]

PACES: Paces = (
    (refresh_due, timedelta(seconds=30)),
    (portrait.fetch_due, timedelta(seconds=10)),
    (tell_due, timedelta(seconds=30)),
    (read_back, timedelta(seconds=20)),
    (tell_ending, timedelta(minutes=30)),
    (tell_overdue, timedelta(minutes=1)),
    (copy_due, timedelta(seconds=30)),
    (limits.forget, timedelta(hours=1)),
    (sweep, timedelta(hours=1)),
)


class Chores:
    """Remembers when each chore was last done, and tells the tally. `do` is never run twice at once."""

    def __init__(self, paces: Paces = PACES, tally: Tally | None = None) -> None:
        self._tally = tally or Tally()
        self._paces = [(chore, clock.Pace(every)) for chore, every in paces]

    def due(self) -> bool:
        """Whether any chore's time has come."""
        return any(pace.due() for _, pace in self._paces)

    def do(self) -> None:
        """Every chore whose time has come."""
        for chore, pace in self._paces:
            if pace.turn():
                self._try(chore)
        connections.close_all()

    def _try(self, chore: Callable[[datetime], object]) -> None:
        try:
            self._tally.done(chore.__name__, chore(clock.now()))
        except Exception:
            log.exception("a chore failed", chore=chore.__name__)
            self._tally.done(chore.__name__, broke=True)
