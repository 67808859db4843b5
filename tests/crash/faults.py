"""What else goes wrong under way, beside SIGKILL: each fault strikes one worker, or all, for a while."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection

from tests.crash.lives import Life
from tests.crash.scene import patiently
from tests.crash.server import Server

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"


@dataclass
class Faults:
    """The faults that this database knows. `server`: ours to restart; None: somebody else's, or none."""

    chance: random.Random
    lease: float  # seconds
    heir: Callable[[], Life]  # begins one more worker
    server: Server | None = None
    done: Counter[str] = field(default_factory=Counter)

    def strike(self, life: Life) -> None:
        """The next of them in turn."""
        fault = self._known()[self.done.total() % len(self._known())]
        self.done[fault.__name__.strip("_")] += 1
        fault(life)

    def _known(self) -> list[Callable[[Life], None]]:
        if connection.vendor == "sqlite":
            return [self._held_still, self._disk_full]
        return [self._held_still, self._connections_cut, *([self._restarted] if self.server else [])]

    def _held_still(self, life: Life) -> None:
        """A worker that stands still for longer than its lease, and wakes up beside its heir."""
        with life.still():
            heir = self.heir()
            time.sleep(self.lease + self.chance.uniform(0.5, 2.0))
        time.sleep(self.chance.uniform(0.0, 0.5))
        heir.kill()

    def _disk_full(self, life: Life) -> None:
        with life.without_disk():
            time.sleep(self.chance.uniform(0.2, 1.5))
        time.sleep(self.chance.uniform(0.0, 0.7))

    def _connections_cut(self, life: Life) -> None:
        def cut() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                cursor.execute(OTHERS, cursor.fetchone())

        patiently(cut)
        time.sleep(self.chance.uniform(0.0, 0.7))

    def _restarted(self, life: Life) -> None:
        """As after a crash of the server: nothing is finished, the journal of the database is played again."""
        assert self.server
        self.server.restart()
        time.sleep(self.chance.uniform(0.0, 1.0))
