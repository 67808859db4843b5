"""The one door out. Every request of the program passes here, with the purpose it is made for.

No retries and no redirects: whether to ask again is the engine's decision, never the client's. Host names are
resolved once and the connection goes to the address that was checked (no private ranges, no rebinding).
It speaks HTTP itself (docs/decisions/0007 says with what); core.sockets and core.mail speak on WebSockets and SMTP.
"""

import json as jsonlib
import socket
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode

from urllib3 import encode_multipart_formdata

from tidings.core import discretion, mail, sockets
from tidings.core.addresses import PORTS, is_public, spelt
from tidings.core.connections import Connection, Connections, Place, line_to, open_to
from tidings.core.request import (
    READ_SECONDS,
    Answer,
    Flow,
    Forbidden,
    NoAnswer,
    NotSent,
    Purpose,
    Request,
    Transport,
)

__all__ = [
    "PORTS", "READ_SECONDS", "Answer", "Door", "Flow", "Forbidden", "NoAnswer", "NotSent", "Purpose", "Request",
    "Transport", "form", "is_public", "json_body", "multipart",
]  # fmt: skip

PIECE = 64 * 1024
ANSWER_LIMIT = 20_000_000  # bytes; no API answer is larger, a hostile one may be
HTTP, SECURE = {"http", "https"}, {"https", "wss"}  # mail has a way of its own to be secure
AS_IT_IS = "%/:=&?~+!$,;'@()*[]"  # of an address; everything else that is no letter or digit is quoted


def form(fields: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """A form body and its headers."""
    return urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}


def json_body(value: Any) -> tuple[bytes, dict[str, str]]:
    """A JSON body and its headers."""
    return jsonlib.dumps(value, ensure_ascii=False).encode(), {"Content-Type": "application/json"}


def multipart(fields: Mapping[str, str], file: tuple[str, str, str, bytes]) -> tuple[bytes, dict[str, str]]:
    """A multipart body and its headers; `file` is (field, file name, type, bytes)."""
    field_name, file_name, mime, raw = file
    parts: dict[str, Any] = {**fields, field_name: (file_name, raw, mime)}
    body, kind = encode_multipart_formdata(parts)
    return body, {"Content-Type": kind}


class Door:
    """Sends requests over kept-alive connections.

    `private` names hosts (`host` or `host:port`) that may be reached although their address is not public.
    """

    def __init__(self, private: Iterable[str] = (), agent: str = "Tidings") -> None:
        self._private = frozenset(host.lower() for host in private)
        self._agent = agent
        self._connections = Connections()

    def __call__(self, request: Request) -> Answer:
        """The answer, whatever its status; raises NotSent or NoAnswer when there is none."""
        discretion.keep(request)
        scheme, place, path = _address(request.url)
        if scheme not in HTTP:
            return self._otherwise(request, scheme, place)
        connection = self._connection(place)
        try:
            answer, again = _exchange(connection, request, path, self._agent)
        except (HTTPException, OSError, zlib.error) as error:
            connection.close()
            raise NoAnswer(_plain(error)) from error
        except BaseException:
            connection.close()
            raise
        self._connections.keep(connection) if again else connection.close()
        return answer

    @contextmanager
    def flow(self, request: Request) -> Iterator[Flow]:
        """The answer while it comes, however long it is; for files, which never are in memory as a whole."""
        discretion.keep(request)
        scheme, place, path = _address(request.url)
        if scheme not in HTTP:
            raise Forbidden(f"{scheme} brings no files")
        connection = self._connection(place)
        try:
            try:
                said = _asked(connection, request, path, self._agent)
            except (HTTPException, OSError) as error:
                raise NoAnswer(_plain(error)) from error
            yield Flow(said.status, _headers(said.headers.items()), _pieces(said))
        finally:
            connection.close()

    def _otherwise(self, request: Request, scheme: str, place: Place) -> Answer:
        """What is no HTTP goes over a line of its own."""
        inside = self._inside(place)
        if scheme == "ws" and not inside:
            raise Forbidden(f"{place.host} would be spoken to in clear")
        try:
            line = line_to(place, self._addresses(place))
        except (OSError, UnicodeError) as error:
            raise NotSent(f"no connection to {place.host}: {_plain(error)}") from error
        if scheme in ("ws", "wss"):
            return sockets.converse(request, line, self._agent)
        return mail.hand_over(request, line, place.host, clear=inside)

    def _inside(self, place: Place) -> bool:
        return place.host in self._private or f"{place.host}:{place.port}" in self._private

    def _connection(self, place: Place) -> Connection:
        try:
            return self._connections.take(place) or open_to(place, self._addresses(place))
        except (OSError, UnicodeError) as error:
            raise NotSent(f"no connection to {place.host}: {_plain(error)}") from error

    def _addresses(self, place: Place) -> list[Any]:
        """Where this host may be reached: looked up once, so that what is checked is what is connected to."""
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        allowed = self._inside(place)
        addresses = [entry for entry in found if allowed or is_public(str(entry[4][0]))]
        if not addresses:
            raise Forbidden(f"{place.host} has no public address, and the door leads only to public ones")
        return addresses


def _address(url: str) -> tuple[str, Place, str]:
    """How a request goes, where, and what it asks for there. An address may hold a token: it is never repeated."""
    try:
        parts, host, port = spelt(url)
    except ValueError:
        raise Forbidden("This address leads nowhere that the door knows") from None
    path = quote(parts.path or "/", AS_IT_IS) + (f"?{quote(parts.query, AS_IT_IS)}" if parts.query else "")
    return parts.scheme, Place(parts.scheme in SECURE, host, port), path


def _exchange(connection: Connection, request: Request, path: str, agent: str) -> tuple[Answer, bool]:
    """One request and its answer; and whether the connection can be used again."""
    said = _asked(connection, request, path, agent)
    body = _whole(said)
    headers = _headers(said.headers.items())
    return Answer(said.status, headers, _plain_body(body, headers)), said.isclosed() and not said.will_close


def _asked(connection: Connection, request: Request, path: str, agent: str) -> HTTPResponse:
    client = connection.client
    if client.sock.gettimeout() != request.seconds:
        client.sock.settimeout(request.seconds)
    with suppress(BrokenPipeError):  # a server that has read enough may have said why
        client.request(request.method, path, request.body, {"User-Agent": agent, **request.headers})
    return client.getresponse()


def _pieces(said: HTTPResponse) -> Iterator[bytes]:
    try:
        while data := said.read(PIECE):
            yield data
    except (HTTPException, OSError) as error:
        raise NoAnswer(_plain(error)) from error
    if said.length:
        raise NoAnswer("the answer broke off")


def _whole(said: HTTPResponse) -> bytes:
    """The body, which the standard library would also give when it broke off."""
    body = said.read(ANSWER_LIMIT + 1)
    if len(body) > ANSWER_LIMIT:
        raise HTTPException(f"the answer is larger than {ANSWER_LIMIT} bytes")
    nothing_more = not body and said.status < 300 and said.length is None and not said.chunked
    if said.length or nothing_more:
        raise HTTPException("the answer broke off")
    return body


def _headers(said: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By their names in small letters; what was said more than once stands in one line."""
    headers: dict[str, str] = {}
    for name, value in said:
        known = headers.get(name.lower())
        headers[name.lower()] = f"{known}, {value}" if known else value
    return headers


def _plain_body(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body, unpacked where a server packs although it was not asked to."""
    if headers.get("content-encoding") not in ("gzip", "deflate"):
        return body
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
    plain = unpacking.decompress(body, ANSWER_LIMIT + 1)
    if len(plain) > ANSWER_LIMIT:
        raise HTTPException(f"the answer is larger than {ANSWER_LIMIT} bytes")
    if not unpacking.eof:
        raise HTTPException("the answer broke off")
    return plain


def _plain(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
