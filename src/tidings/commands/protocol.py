"""HTTP as we speak it: uvicorn's, which waits for the head of a request for ever, with a limit to that."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20.0  # seconds until the head of a request must be there, once it has begun


class Protocol(H11Protocol):
    """One connection."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has come."""
        super().connection_made(transport)
        self._late = self.loop.call_later(PATIENCE, transport.close)

    def data_received(self, data: bytes) -> None:
        """Some of a request."""
        super().data_received(data)
        begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if begun and self._late is None:
            self._late = self.loop.call_later(PATIENCE, self.transport.close)
        elif self._late and not begun:
            self._late.cancel()
            self._late = None

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        if self._late:
            self._late.cancel()
        super().connection_lost(exc)
