"""A small mail server on loopback: RFC 5321 with AUTH PLAIN and SIZE, without TLS. What it takes, a simulator says."""

import base64
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Protocol

from tidings.simulators._mischief import Trick

Reply = tuple[int, str]
OK: Reply = (250, "2.0.0 Ok")
PATIENCE = 20  # seconds that it waits for a word


class Rules(Protocol):
    """What the simulator decides. Anything but 2xx is a refusal."""

    size: int  # bytes of a message, as EHLO says

    def proven(self, name: str, password: str) -> Reply:
        """Whether it knows this name and password."""
        ...

    def begun(self) -> Trick | None:
        """A message is announced: the trick that is to be played on it."""
        ...

    def sender(self, name: str, address: str) -> Reply:
        """Whether this name may send for this address."""
        ...

    def recipient(self, address: str) -> Reply:
        """Whether there is such a mailbox."""
        ...

    def take(self, recipients: list[str], message: bytes) -> Reply:
        """The whole message."""
        ...


@contextmanager
def listening(rules: Rules) -> Iterator[int]:
    """Listen while the block runs; the port."""
    with socket.create_server(("127.0.0.1", 0)) as plug:
        threading.Thread(target=_accept, args=(plug, rules), daemon=True).start()
        try:
            yield int(plug.getsockname()[1])
        finally:
            plug.shutdown(socket.SHUT_RDWR)  # wakes who waits for callers


def _accept(plug: socket.socket, rules: Rules) -> None:
    with suppress(OSError):
        while True:
            line, _ = plug.accept()
            threading.Thread(target=_visit, args=(line, rules), daemon=True).start()


def _visit(line: socket.socket, rules: Rules) -> None:
    line.settimeout(PATIENCE)
    with suppress(OSError, ValueError), line, line.makefile("rb") as file:
        _Visit(line, file, rules).listen()


class _HangUp(OSError):
    """The line is cut."""


class _Visit:
    """One caller."""

    def __init__(self, line: socket.socket, file: IO[bytes], rules: Rules) -> None:
        self.line, self.file, self.rules = line, file, rules
        self.name, self.recipients = "", list[str]()
        self.trick: Trick | None = None

    def listen(self) -> None:
        self._say(220, "simulator ESMTP")
        while heard := self.file.readline():
            verb, _, rest = heard.decode().strip().partition(" ")
            act = getattr(self, f"_{verb.lower()}", None)
            self._say(*(act(rest) if act else (502, "5.5.2 Command not recognized")))

    def _say(self, code: int, *said: str) -> None:
        lines = [f"{code}{' ' if n == len(said) else '-'}{line}\r\n" for n, line in enumerate(said, 1)]
        self.line.sendall("".join(lines).encode())

    def _ehlo(self, _rest: str) -> tuple[int, str, str, str]:
        return 250, "simulator", f"SIZE {self.rules.size}", "AUTH PLAIN"

    def _auth(self, rest: str) -> Reply:
        way, _, proof = rest.partition(" ")
        if way.upper() != "PLAIN":
            return 504, "5.5.4 Unrecognized authentication type"
        _, name, password = base64.b64decode(proof).decode().split("\0")
        self.name = name
        return self.rules.proven(name, password)

    def _mail(self, rest: str) -> Reply:
        self.trick = self.rules.begun()
        misdeed = self.trick.misdeed if self.trick else ""
        if self.trick and misdeed == "slow":
            time.sleep(self.trick.seconds)
        if misdeed in ("down", "limit"):
            return (421, "4.3.2 Service not available") if misdeed == "down" else (451, "4.7.1 Try again later")
        size = rest.upper().partition("SIZE=")[2]
        if size.isdigit() and int(size) > self.rules.size:
            return 552, "5.3.4 Message size exceeds fixed limit"
        return self.rules.sender(self.name, _address(rest))

    def _rcpt(self, rest: str) -> Reply:
        reply = self.rules.recipient(_address(rest))
        self.recipients += [_address(rest)] if reply[0] == 250 else []
        return reply

    def _data(self, _rest: str) -> Reply:
        if not self.recipients:
            return 503, "5.5.1 Error: need RCPT command"
        self._say(354, "End data with <CR><LF>.<CR><LF>")
        reply = self.rules.take(self.recipients, b"".join(self._lines()))
        if self.trick and self.trick.misdeed in ("lose", "broken"):
            self._say(99, "bad gateway") if self.trick.misdeed == "broken" else None
            raise _HangUp
        return reply

    def _lines(self) -> Iterator[bytes]:
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise _HangUp
            yield line.removeprefix(b".")

    def _rset(self, _rest: str) -> Reply:
        self.recipients = []
        return OK

    def _quit(self, _rest: str) -> Reply:
        return 221, "2.0.0 Bye"


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
