"""A line between a browser and a server that is cut: after so many bytes have gone up, all that is open breaks off."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PIECE = 256 * 1024


@dataclass
class Line:
    """What goes through: where it is entered, how much has gone up, and after how much it is cut."""

    port: int
    cuts: list[int]
    up: int = 0
    made: int = 0  # cuts so far
    _open: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, size: int) -> None:
        with self._lock:
            self.up += size
            due = bool(self.cuts) and self.up >= self.cuts[0]
            if due:
                self.cuts.pop(0)
                self.made += 1
                broken, self._open = self._open, set()
        if due:
            for plug in broken:
                with suppress(OSError):
                    plug.shutdown(socket.SHUT_RDWR)

    def join(self, near: socket.socket, port: int) -> None:
        far = socket.create_connection(("127.0.0.1", port))
        with self._lock:
            self._open |= {near, far}
        for source, target, counts in ((near, far, True), (far, near, False)):
            threading.Thread(target=self._carry, args=(source, target, counts), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while data := source.recv(PIECE):
                target.sendall(data)
                if counts:
                    self.count(len(data))
        for plug in (source, target):
            with suppress(OSError):
                plug.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting(port: int, *cuts: int) -> Iterator[Line]:
    """Stand before the server at this port, and cut the line after so many bytes."""
    with socket.create_server(("127.0.0.1", 0)) as plug:
        line = Line(plug.getsockname()[1], list(cuts))
        threading.Thread(target=_accept, args=(plug, line, port), daemon=True).start()
        yield line


def _accept(plug: socket.socket, line: Line, port: int) -> None:
    with suppress(OSError):
        while True:
            line.join(plug.accept()[0], port)
