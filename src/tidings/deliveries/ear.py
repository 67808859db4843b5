"""Hear PostgreSQL's NOTIFY, so that a node looks at the queue the moment another has changed it."""

import threading
from typing import Any

import psycopg
import structlog
from django.db import connection

from tidings.deliveries.wake import CALL

AGAIN = 5.0  # seconds before a connection that broke is made anew; until then the worker polls
TURN = 1.0  # seconds between two looks whether to end

log = structlog.get_logger()


class Ear:
    """Listens on a connection of its own and rings a bell. On SQLite there is nothing to hear."""

    def __init__(self, bell: threading.Event) -> None:
        self._bell = bell
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen, where there is something to hear."""
        if connection.vendor == "postgresql":
            self._thread = threading.Thread(target=self._run, name="ear", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("cannot hear the database", error=str(error))
                self._stop.wait(AGAIN)

    def _listen(self) -> None:
        with psycopg.connect(autocommit=True, **_address()) as line:
            line.execute(f"LISTEN {CALL}")
            self._bell.set()  # something may have been said before we listened
            while not self._stop.is_set():
                for _call in line.notifies(timeout=TURN, stop_after=1):
                    self._bell.set()


def _address() -> dict[str, Any]:
    told = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    beside = {name: value for name, value in told["OPTIONS"].items() if name != "pool"}
    return beside | {ours: told[django] for ours, django in names.items() if told[django]}
