"""Mail (RFC 5321) behind the door: one request hands one message over to a submission server.

`Request(method="MAIL")`: the headers From and To hold the envelope (addresses with commas between), Authorization is
HTTP's Basic; the body is the message. Without a body it is only asked whether the server would take it. The answer's
status and text are those of the step that decided; its headers are what the server says it can do (`size`).
"""

import base64
import io
import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from functools import cache
from typing import IO, cast

from tidings.core.connections import Timed
from tidings.core.request import Answer, NoAnswer, NotSent, Request

OURSELVES = "[127.0.0.1]"  # by its name a machine would tell more than a server needs
ANSWER_LIMIT = 100_000  # bytes of all that a server says
LINE_LIMIT = 8000
READY, DONE, FORWARDS, GO_AHEAD = 220, 250, 251, 354

Reply = tuple[int, bytes]


def hand_over(request: Request, line: socket.socket, host: str, clear: bool) -> Answer:
    """Hand the message over, on a line that is connected. `clear`: this server may be spoken to without TLS.

    Raises NotSent when the line breaks before the message's last dot was sent, NoAnswer when it breaks after.
    """
    client = _Client(line, host, request.seconds)
    try:
        if request.url.startswith("smtps"):
            client.sock = trusted().wrap_socket(line, server_hostname=host)
        code, said = _asked(client, request, clear)
        if code < 200:
            raise ValueError("this is no answer of a mail server")
    except (OSError, ValueError) as error:
        silence = NoAnswer if client.handed_over else NotSent
        raise silence(f"{type(error).__name__}: {error}"[:300]) from error
    finally:
        client.close()
    return Answer(code, dict(client.esmtp_features), said)


def _asked(client: "_Client", request: Request, clear: bool) -> Reply:
    try:
        return _told(client, request, clear)
    except smtplib.SMTPResponseException as refused:
        return refused.smtp_code, cast(bytes, refused.smtp_error)


def _told(client: "_Client", request: Request, clear: bool) -> Reply:
    _expect(client.getreply(), READY)
    _expect(client.ehlo(), DONE)
    if not clear and not isinstance(client.sock, ssl.SSLSocket):
        client.starttls(context=trusted())
        _expect(client.ehlo(), DONE)
    if proof := request.headers.get("Authorization", ""):
        client.login(*_basic(proof))
    body = cast(bytes | None, request.body)
    taken = _envelope(client, request.headers["From"], request.headers["To"].split(","), len(body or b""))
    return client.hand_over(body) if body else taken


def _envelope(client: "_Client", sender: str, recipients: list[str], size: int) -> Reply:
    """All recipients or none: a message that only some would get is not begun."""
    says_size = [f"SIZE={size}"] if size and client.has_extn("size") else []
    taken = _expect(client.mail(_plain(sender), says_size), DONE)
    for recipient in recipients:
        taken = _expect(client.rcpt(_plain(recipient)), DONE, FORWARDS)
    return taken


def _plain(address: str) -> str:
    """An address that is nothing but an address."""
    if re.search(r"[\s<>]", address.strip()):
        raise ValueError(f"{address!r} is no address")
    return address.strip()


def _expect(reply: Reply, *codes: int) -> Reply:
    if reply[0] not in codes:
        raise smtplib.SMTPResponseException(*reply)
    return reply


def _basic(proof: str) -> tuple[str, str]:
    said = base64.b64decode(proof.removeprefix("Basic ")).decode()
    if not said.isascii():
        raise ValueError("a mail server takes names and passwords in ASCII only")
    name, _, password = said.partition(":")
    return name, password


@cache
def trusted() -> ssl.SSLContext:
    """Trusts whom this machine trusts."""
    return ssl.create_default_context()


class _Client(smtplib.SMTP):
    """The standard library's client, on a line that is given to it."""

    def __init__(self, line: socket.socket, host: str, seconds: float) -> None:
        super().__init__(local_hostname=OURSELVES, timeout=seconds)
        line.settimeout(seconds)
        self.sock, self._host, self.ends = line, host, time.monotonic() + seconds
        self.handed_over = False  # whether the server may have all of the message

    def getreply(self) -> Reply:
        """What the server says, as far as one listens to it."""
        if self.sock and self.file is None:
            left = self.ends - time.monotonic()
            self.file = cast(IO[bytes], _Listening(io.BufferedReader(Timed(self.sock, left)), self.ends))
        return super().getreply()

    def hand_over(self, message: bytes) -> Reply:
        """The message, and the dot that ends it apart from all before."""
        _expect(self.docmd("DATA"), GO_AHEAD)
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message.rstrip()) + b"\r\n"
        self.send(re.sub(rb"(?m)^\.", b"..", lines))
        self.handed_over = True
        self.send(b".\r\n")
        reply = self.getreply()
        with suppress(OSError):
            self.putcmd("quit")
        return reply


class _Listening:
    """What a server says, read by the line until there is too much of it or the time is up."""

    def __init__(self, file: io.BufferedReader, ends: float) -> None:
        self.file, self.ends, self.heard = file, ends, 0

    def readline(self, _most: int) -> bytes:
        line = self.file.readline(LINE_LIMIT + 1)
        self.heard += len(line)
        if len(line) > LINE_LIMIT or self.heard > ANSWER_LIMIT or time.monotonic() > self.ends:
            raise OSError("the server says too much, or too slowly")
        return line

    def close(self) -> None:
        self.file.close()
