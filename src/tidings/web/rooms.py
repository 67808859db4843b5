"""Who listens to which workspace, in this process. One look a second serves all who listen to it; when the last has
left, nobody looks any more. Waiting costs no thread: looks and checks share a single one, apart from those of pages.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, connection

from tidings.deliveries.glance import glance

PACE = 1.0  # seconds between two looks
MOST = 400  # who listen to this process; each holds a connection
OF_ONE = 12  # of one person: windows that they have in view

T = TypeVar("T")
log = logging.getLogger(__name__)


class Room:
    """A workspace that is listened to: how it looked last, and the bell that rings when that changes."""

    def __init__(self, mark: str) -> None:
        self.mark, self.listeners, self.bell = mark, 0, asyncio.Event()

    def tell(self, mark: str) -> None:
        """It looks otherwise."""
        if mark != self.mark:
            self.mark = mark
            self.ring()

    def ring(self) -> None:
        """Wake all who wait; whoever waits from now on waits for the next."""
        self.bell.set()
        self.bell = asyncio.Event()


class Rooms:
    """All of them. Everything but the looking happens in the loop of the server."""

    def __init__(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.people: Counter[UUID] = Counter()
        self.closed = False
        self._looking: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "live")

    def enter(self, workspace: UUID, person: UUID, mark: str) -> Room:
        """Listen; `mark`: how it looks now."""
        room = self.rooms.setdefault(workspace, Room(mark))
        room.tell(mark)
        room.listeners += 1
        self.people[person] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return room

    def leave(self, workspace: UUID, person: UUID) -> None:
        """No longer."""
        self.people -= Counter({person: 1})
        room = self.rooms[workspace]
        room.listeners -= 1
        if not room.listeners:
            del self.rooms[workspace]

    async def news(self, room: Room, patience: float) -> None:
        """Wait until the room looks otherwise, until all is to end, or so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(room.bell.wait(), patience)

    async def ask(self, question: Callable[[], T]) -> T:
        """Put a question to the database, on the thread that is for this."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _asked, question)

    def close(self) -> None:
        """Let everybody go: the process is to end, and waits for them."""
        self.closed = True
        for room in self.rooms.values():
            room.ring()
        if self._looking:
            self._looking.cancel()
        self._thread.shutdown(wait=False)

    async def _look(self) -> None:
        while self.rooms:
            await asyncio.sleep(PACE)
            try:
                marks = await self.ask(lambda: {workspace: glance(workspace) for workspace in tuple(self.rooms)})
            except DatabaseError as error:  # it comes back, or the process says elsewhere that it does not
                log.warning("The calendars could not be looked at: %s", type(error).__name__)
                continue
            for workspace, mark in marks.items():
                if room := self.rooms.get(workspace):
                    room.tell(mark)


def _asked(question: Callable[[], T]) -> T:
    try:
        return question()
    finally:
        connection.close()
