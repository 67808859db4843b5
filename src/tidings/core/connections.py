"""Connections to the outside: made to addresses that the door has checked, kept for a moment, looked at before use.

The standard library's client speaks over them. It never sends a request a second time, and no connection is used that
the other side has closed, or may be about to close.
"""

import io
import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any

CONNECT_SECONDS = 10.0
ALL_SECONDS = 30.0  # that all the addresses of one name may take to let us in
BLOCK = 65_536  # bytes of a file that are sent at once
KEPT_SECONDS = 4.0  # common servers keep an idle connection for five seconds or longer


@dataclass(frozen=True)
class Place:
    """Where a connection leads."""

    secure: bool
    host: str
    port: int


@dataclass
class Connection:
    """One connection, and since when nobody has used it (seconds of the steady clock)."""

    place: Place
    client: HTTPConnection
    idle_since: float = field(default=0.0)

    @property
    def dead(self) -> bool:
        """Whether the other side has closed it, or said something that nobody asked for."""
        poll = select.poll()
        poll.register(self.client.sock, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Hang up."""
        self.client.close()


class Connections:
    """Those that are free to be used again. Safe among threads."""

    def __init__(self) -> None:
        self._free: deque[Connection] = deque()  # the one used last is last
        self._lock = threading.Lock()

    def take(self, place: Place) -> Connection | None:
        """One to this place that still stands."""
        while connection := self._latest(place):
            if not connection.dead:
                return connection
            connection.close()
        return None

    def keep(self, connection: Connection) -> None:
        """It may be used again, for a moment."""
        connection.idle_since = time.monotonic()
        with self._lock:
            self._free.append(connection)
            old = self._old(connection.idle_since - KEPT_SECONDS)
        for one in old:
            one.close()

    def _latest(self, place: Place) -> Connection | None:
        young = time.monotonic() - KEPT_SECONDS
        with self._lock:
            for n in range(len(self._free) - 1, -1, -1):
                connection = self._free[n]
                if connection.place == place and connection.idle_since > young:
                    del self._free[n]
                    return connection
        return None

    def _old(self, before: float) -> list[Connection]:
        old = []
        while self._free and self._free[0].idle_since <= before:
            old.append(self._free.popleft())
        return old


class Timed(io.RawIOBase):
    """What arrives on a line until the time is up: who sends a byte now and then is not listened to for ever."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        super().__init__()
        self._line, self._ends = line, time.monotonic() + seconds
        self._raw = line.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, room: Any) -> int | None:
        """As much as is there; raises TimeoutError once the whole has taken too long."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        self._line.settimeout(left)
        return self._raw.readinto(room)

    def close(self) -> None:
        """Let go of the line."""
        self._raw.close()
        super().close()


class _Answering(HTTPResponse):
    """An answer that is whole within the time that the line gives to each silence."""

    def __init__(self, sock: socket.socket, *args: Any, **more: Any) -> None:
        super().__init__(sock, *args, **more)
        self.fp.close()
        self.fp = io.BufferedReader(Timed(sock, sock.gettimeout() or 0))


def open_to(place: Place, addresses: Sequence[Any]) -> Connection:
    """A fresh one over the first of these addresses (as `getaddrinfo` gives them) that answers; raises OSError."""
    return Connection(place, _client(place, line_to(place, addresses)))


def line_to(place: Place, addresses: Sequence[Any]) -> socket.socket:
    """A line that is connected, and inside TLS where the place is secure; raises OSError."""
    plug = _plug(addresses)
    try:
        return _trusted().wrap_socket(plug, server_hostname=place.host) if place.secure else plug
    except BaseException:
        plug.close()
        raise


def _client(place: Place, plug: socket.socket) -> HTTPConnection:
    client: HTTPConnection
    if place.secure:
        client = HTTPSConnection(place.host, place.port, context=_trusted(), blocksize=BLOCK)
    else:
        client = HTTPConnection(place.host, place.port, blocksize=BLOCK)
    client.response_class = _Answering
    client.sock = plug
    client.auto_open = 0  # it never connects by itself: its address would not be checked
    return client


def _plug(addresses: Sequence[Any]) -> socket.socket:
    problem, ends = OSError("no address"), time.monotonic() + ALL_SECONDS
    for family, kind, protocol, _, address in addresses:
        if time.monotonic() > ends:
            break
        plug = socket.socket(family, kind, protocol)
        plug.settimeout(CONNECT_SECONDS)
        try:
            plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plug.connect(address)
            return plug
        except OSError as error:
            problem = error
            plug.close()
    raise problem


@cache
def _trusted() -> ssl.SSLContext:
    """Trusts whom this machine trusts."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
