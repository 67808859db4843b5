"""The one door out. Every request of the program passes here, with the purpose it is made for.

No retries and no redirects: whether to ask again is the engine's decision, never the client's. Host names are
resolved once and the connection goes to the address that was checked (no private ranges, no rebinding).
"""

import ipaddress
import json as jsonlib
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Purpose = Literal["connect", "refresh", "publish", "find", "look", "measure", "inbox", "revoke", "fetch"]

ANSWER_LIMIT = 20_000_000  # bytes; no API answer is larger, a hostile one may be
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0


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
    body, kind = urllib3.encode_multipart_formdata(parts)
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

    def __init__(self, private: Iterable[str] = (), connections: int = 512, agent: str = "Tidings") -> None:
        self._private = frozenset(private)
        self._agent = agent
        self._pools = urllib3.PoolManager(num_pools=200, maxsize=connections, block=False, retries=False)
        self._pools.pool_classes_by_scheme = {"http": self._pool(False), "https": self._pool(True)}

    def __call__(self, request: Request) -> Answer:
        """The answer, whatever its status; raises NotSent or NoAnswer when there is none."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Forbidden(f"{request.url!r} is not a web address")
        headers = {"User-Agent": self._agent, **request.headers}
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=request.seconds)
        try:
            answer = self._pools.urlopen(
                request.method, request.url, body=request.body, headers=headers, timeout=timeout,
                redirect=False, retries=False, preload_content=False,
            )
            try:
                body = answer.read(ANSWER_LIMIT + 1, decode_content=True)
            finally:
                answer.release_conn() if answer.length_remaining in (0, None) else answer.close()
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            raise NotSent(_plain(error)) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise NoAnswer(_plain(error)) from error
        if len(body) > ANSWER_LIMIT:
            raise NoAnswer(f"the answer of {parts.hostname} is larger than {ANSWER_LIMIT} bytes")
        return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, body)

    def _pool(self, secure: bool) -> type[HTTPConnectionPool]:
        door = self
        connection_base: type[HTTPConnection] = HTTPSConnection if secure else HTTPConnection
        pool_base: type[HTTPConnectionPool] = HTTPSConnectionPool if secure else HTTPConnectionPool

        class CheckedConnection(connection_base):  # type: ignore[misc, valid-type]
            """Connects to the address that was checked, not to whatever the name means a moment later."""

            def _new_conn(self) -> socket.socket:
                return door._connect(self)

        class CheckedPool(pool_base):  # type: ignore[misc, valid-type]
            ConnectionCls = CheckedConnection

        return CheckedPool

    def _connect(self, connection: HTTPConnection) -> socket.socket:
        host, port = connection.host, connection.port or connection.default_port
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise urllib3.exceptions.NewConnectionError(connection, f"no address for {host}") from error
        allowed = host in self._private or f"{host}:{port}" in self._private
        addresses = [entry for entry in found if allowed or is_public(str(entry[4][0]))]
        if not addresses:
            raise Forbidden(f"{host} has no public address, and the door leads only to public ones")
        return self._first(connection, addresses)

    def _first(self, connection: HTTPConnection, addresses: list[Any]) -> socket.socket:
        problem: OSError | None = None
        for family, kind, protocol, _, address in addresses:
            plug = socket.socket(family, kind, protocol)
            plug.settimeout(CONNECT_SECONDS)
            try:
                plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                plug.connect(address)
                return plug
            except OSError as error:
                problem = error
                plug.close()
        raise urllib3.exceptions.NewConnectionError(connection, f"no connection: {problem}") from problem


def _plain(error: Exception) -> str:
    return type(error).__name__ + ": " + str(error).rpartition(">: ")[2][:300]
