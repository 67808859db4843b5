"""What goes out through the door, and what comes back."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal

Purpose = Literal["connect", "refresh", "publish", "find", "look", "measure", "inbox", "revoke", "fetch", "preview"]

READ_SECONDS = 60.0


class NoAnswer(Exception):
    """The request may or may not have arrived: time-out, reset, or an answer that broke off."""


class NotSent(NoAnswer):
    """The request surely did not arrive: no address, refused, or a connection that was never made."""


class Forbidden(NotSent):
    """The door refuses this address: private, loopback, or nothing that it can speak to."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """The body as JSON, or None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def text(self) -> str:
        """The body as text, cut to what a log or a person needs."""
        return self.body[:2000].decode("utf-8", "replace")


@dataclass(frozen=True)
class Flow:
    """What is coming back, its body piece by piece; reading it raises NoAnswer when it breaks off."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]


@dataclass(frozen=True)
class Request:
    """What goes out. `body` may be a file that is streamed; then `length` says how long it is.

    SAY speaks on a socket (wss://), MAIL hands a message over (smtps://): see core.sockets and core.mail.
    """

    method: str
    url: str
    purpose: Purpose
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | IO[bytes] | Iterable[bytes] | None = field(default=None, repr=False)
    seconds: float = READ_SECONDS
    until: frozenset[str] = frozenset()  # SAY: what is waited for is a message that begins with one of these words


Transport = Callable[[Request], Answer]
