"""The one door out. Every request of the program passes here, with the purpose it is made for.

No retries and no redirects: whether to ask again is the engine's decision, never the client's. Host names are
resolved once and the connection goes to the address that was checked (no private ranges, no rebinding).
docs/decisions/0007 says why the standard library's client stands behind it.
"""

import ipaddress
import json as jsonlib
import socket
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import IO, Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from urllib3 import encode_multipart_formdata

from tidings.core.connections import Connection, Connections, Place, open_to

Purpose = Literal["connect", "refresh", "publish", "find", "look", "measure", "inbox", "revoke", "fetch"]

ANSWER_LIMIT = 20_000_000  # bytes; no API answer is larger, a hostile one may be
READ_SECONDS = 60.0
PORTS = {"http": 80, "https": 443}
AS_IT_IS = "%/:=&?~+!$,;'@()*[]"  # of an address; everything else that is no letter or digit is quoted


class NoAnswer(Exception):
    """The request may or may not have arrived: time-out, reset, or an answer that broke off."""


class NotSent(NoAnswer):
    """The request surely did not arrive: no address, refused, or a connection that was never made."""


class Forbidden(NotSent):
    """The door refuses this address: private, loopback, or not a web address at all."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """The body as JSON, or None when it is none."""
        try:
            return jsonlib.loads(self.body)
        except ValueError:
            return None

    def text(self) -> str:
        """The body as text, cut to what a log or a person needs."""
        return self.body[:2000].decode("utf-8", "replace")


@dataclass(frozen=True)
class Request:
    """What goes out. `body` may be a file that is streamed; then `length` says how long it is."""

    method: str
    url: str
    purpose: Purpose
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | IO[bytes] | Iterable[bytes] | None = field(default=None, repr=False)
    seconds: float = READ_SECONDS


Transport = Callable[[Request], Answer]


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


def is_public(address: str) -> bool:
    """Whether an IP address is one on the open internet (IPv4 inside IPv6 is looked at as IPv4)."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


class Door:
    """Sends requests over kept-alive connections.

    `private` names hosts (`host` or `host:port`) that may be reached although their address is not public.
    """

    def __init__(self, private: Iterable[str] = (), agent: str = "Tidings") -> None:
        self._private = frozenset(private)
        self._agent = agent
        self._connections = Connections()

    def __call__(self, request: Request) -> Answer:
        """The answer, whatever its status; raises NotSent or NoAnswer when there is none."""
        place, path = _address(request.url)
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

    def _connection(self, place: Place) -> Connection:
        try:
            return self._connections.take(place) or open_to(place, self._addresses(place))
        except (OSError, UnicodeError) as error:
            raise NotSent(f"no connection to {place.host}: {_plain(error)}") from error

    def _addresses(self, place: Place) -> list[Any]:
        """Where this host may be reached: looked up once, so that what is checked is what is connected to."""
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        allowed = place.host in self._private or f"{place.host}:{place.port}" in self._private
        addresses = [entry for entry in found if allowed or is_public(str(entry[4][0]))]
        if not addresses:
            raise Forbidden(f"{place.host} has no public address, and the door leads only to public ones")
        return addresses


def _address(url: str) -> tuple[Place, str]:
    """Where a request goes, and what it asks for there."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise Forbidden(f"{url!r} is not a web address") from None
    if not parts.hostname:
        raise Forbidden(f"{url!r} is not a web address")
    path = quote(parts.path or "/", AS_IT_IS) + (f"?{quote(parts.query, AS_IT_IS)}" if parts.query else "")
    return Place(parts.scheme == "https", parts.hostname, port), path


def _exchange(connection: Connection, request: Request, path: str, agent: str) -> tuple[Answer, bool]:
    """One request and its answer; and whether the connection can be used again."""
    client = connection.client
    if client.sock.gettimeout() != request.seconds:
        client.sock.settimeout(request.seconds)
    with suppress(BrokenPipeError):  # a server that has read enough may have said why
        client.request(request.method, path, request.body, {"User-Agent": agent, **request.headers})
    said = client.getresponse()
    body = _whole(said)
    headers = _headers(said.headers.items())
    return Answer(said.status, headers, _plain_body(body, headers)), said.isclosed() and not said.will_close


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
