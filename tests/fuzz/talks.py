"""What nobody should say to a web server. A talk is what is sent, piece by piece, and how many answers it may get."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

HOST = b"Host: 127.0.0.1\r\n"
HIDDEN = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"  # a request within another; whoever answers it was fooled
GOOD = b"POST /accounts/login/ HTTP/1.1\r\n" + HOST
END = b"0\r\n\r\n"
PATHS = (b"/healthz", b"/privacy.json", b"/nowhere", b"/accounts/login/", b"/api/v1/openapi.json", b"/media/x/original")
CODINGS = (
    b"Transfer-Encoding: chunked", b"transfer-encoding:chunked", b"Transfer-Encoding: \tChunked ",
    b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", b"Transfer-Encoding : chunked",
    b"Transfer_Encoding: chunked", b" Transfer-Encoding: chunked", b"Transfer-Encoding:\x0bchunked",
    b"X: y\r\n Transfer-Encoding: chunked", b"X: y\nTransfer-Encoding: chunked", b"Transfer-Encoding:\r\n chunked",
)  # fmt: skip
LENGTHS = (
    b"5, 6", b"+5", b"-1", b"0x5", b"5 5", b"", b"\xef\xbc\x95", b"1e1", b"5;", b"9" * 30, b"5\r\nContent-Length: 7",
)  # fmt: skip
CHUNKS = (
    b"-5\r\nhello\r\n", b"0x5\r\nhello\r\n", b"g\r\nhello\r\n", b"F" * 21 + b"\r\nhello\r\n", b"\r\nhello\r\n",
    b"5\r\nhelloXX", b"5\r\nhello!!0\r\n", b"+5\r\nhello\r\n", b"5\r\nhello world\r\n",
)  # fmt: skip
LINES = (
    b"GET", b"GET  / HTTP/1.1", b"GET / HTTP/9.9", b"G\0T / HTTP/1.1", b"GET /\0 HTTP/1.1", b"GET / HTTP/1.1 x",
    b"GET http://elsewhere.example/ HTTP/1.1", b"OPTIONS * HTTP/1.1", b"CONNECT a:1 HTTP/1.1", b"TRACE / HTTP/1.1",
    b"GET /../../etc/passwd HTTP/1.1", b"GET //elsewhere.example/%2e%2e HTTP/1.1", b"GET \\ HTTP/1.1", b"",
    b"GET /\xff\xfe HTTP/1.1", b"GET /%zz%00%ff HTTP/1.1", b"GET /" + b"x" * 40_000 + b" HTTP/1.1", b"HTTP/1.1 200 OK",
    b"GET ?x HTTP/1.1", b"GET / HTTP/1.0", b"get / http/1.1", b"GET /?" + b"a=1&" * 5000 + b" HTTP/1.1",
    b"GET http://[::1 HTTP/1.1", b"GET /\r HTTP/1.1", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\r\n" * 1000,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xab" * 500, b"*1\r\n$4\r\nPING", b"\x00" * 300,
)  # fmt: skip
HEADERS = (
    b"X: \0", b"X: a\rb", b"X", b": x", b"X : y", b" X: y", b"X: y\r\n z", b"X\xff: y", b"X: \xff",
    b"Host: elsewhere.example", b"Cookie: " + b"a=b; " * 2000, b"Accept-Encoding: " + b"gzip," * 3000,
    b"Range: bytes=" + b"0-1," * 3000,
    b"Expect: 100-continue", b"Expect: 200-nonsense", b"Connection: close, keep-alive, x", b"X-Forwarded-For: \xff,,",
    b"X-Forwarded-Proto: gopher", b"X-Forwarded-Host: elsewhere.example", b"Authorization: Bearer \xff",
    b"Te: trailers",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
    b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
)  # fmt: skip


@dataclass(frozen=True)
class Talk:
    """`most`: answers that it may get; `whole`: it ends, so that an answer is to come."""

    pieces: tuple[bytes, ...]
    most: int = 1
    whole: bool = True


def two_lengths(at: Random) -> Talk:
    """A proxy that believes the one number sees one request; whoever believes the coding must not see two."""
    coding = at.choice(CODINGS)
    body, length = at.choice(((END + HIDDEN, len(END + HIDDEN)), (b"%x\r\n%b\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN), 4)))
    lines = [coding, b"Content-Length: %d" % length]
    at.shuffle(lines)
    # who knows no such coding reads a short body, the hidden request and a remainder, rightly
    return Talk((GOOD + b"\r\n".join(lines) + b"\r\n\r\n" + body,), 1 if length > 4 else 3)


def no_length(at: Random) -> Talk:
    """Numbers that are none, or two."""
    return Talk((GOOD + b"Content-Length: " + at.choice(LENGTHS) + b"\r\n\r\nhello" + HIDDEN,))


def chunks(at: Random) -> Talk:
    """Sizes that lie."""
    return Talk((GOOD + b"Transfer-Encoding: chunked\r\n\r\n" + at.choice(CHUNKS) + END + HIDDEN,))


def line(at: Random) -> Talk:
    """A first line that is none."""
    return Talk((at.choice(LINES) + b"\r\n" + HOST + b"Connection: close\r\n\r\n",), 2)


def odd(at: Random) -> Talk:
    """One to three odd lines in the head."""
    lines = b"".join(text + b"\r\n" for text in at.sample(HEADERS, at.choice((1, 1, 2, 3))))
    return Talk((b"GET " + at.choice(PATHS) + b" HTTP/1.1\r\n" + HOST + lines + b"Connection: close\r\n\r\n",))


def flood(at: Random) -> Talk:
    """A head without end."""
    text = at.choice((b"X: y\r\n", b"X-%d: y\r\n" % at.randrange(99), b"X: " + b"y" * 5000 + b"\r\n"))
    return Talk((b"GET / HTTP/1.1\r\n" + HOST, *[text * at.choice((10, 500))] * at.choice((1, 40))), whole=False)


def row(at: Random) -> Talk:
    """Several requests at once, as is allowed."""
    many = at.randrange(2, 9)
    asked = b"".join(b"GET " + at.choice(PATHS) + b" HTTP/1.1\r\n" + HOST + b"\r\n" for _ in range(many))
    return Talk((asked,), many)


def slow(at: Random) -> Talk:
    """Byte by byte, or broken off."""
    whole = GOOD + b"Content-Length: 9\r\nConnection: close\r\n\r\nlogin=x&y"
    whole = whole[: at.choice((len(whole), at.randrange(len(whole))))]
    return Talk(tuple(whole[one : one + 1] for one in range(len(whole))), whole=False)


def big(at: Random) -> Talk:
    """More than anybody takes; or less than was said."""
    said = at.choice((10**18, 10**9, 2_000_000))
    return Talk((GOOD + b"Content-Length: %d\r\n\r\n" % said, b"x" * at.choice((0, 1000, 1_000_000))), whole=False)


def noise(at: Random) -> Talk:
    """A good request in which some bytes are others."""
    whole = bytearray(GOOD + b"Content-Length: 5\r\nConnection: close\r\n\r\nhello")
    for _ in range(at.randrange(1, 6)):
        whole[at.randrange(len(whole))] = at.randrange(256)
    return Talk((bytes(whole),), 2)  # what is left of it may be read as one more


TALKS: tuple[Callable[[Random], Talk], ...] = (
    two_lengths, two_lengths, no_length, chunks, chunks, line, line, odd, odd, flood, row, slow, big, noise, noise,
)  # fmt: skip
