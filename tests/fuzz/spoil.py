"""One random request to a page: its form and its address, spoilt in a few places. Seed and number tell all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote_plus

from tests.journeys import hostile

MARK = "<x-mark>"
PIECES = [
    MARK, f"\"'>{MARK}", f"{{{{ 7 }}}}{{% load x %}}{MARK}", f"javascript:{MARK}", "' OR 1=1 --",
    "${7*7}", "\x1b[31m", "\r\nX-Evil: 1",
    "\U0001f9d1\u200d\U0001f680", "\u0000", "\ufffe", "\u2028", "é" * 300, "00000000-0000-0000-0000-000000000000",
    "2147483648", "-9223372036854775809", "9" * 30, "NaN", "inf", "1.5", "０", "٣", "true", "on", "null", "[]", "{}",
    "2031-02-29T25:61", "2031-01-01T10:00", "275760-09-13", "Mars/Phobos", "en", "de", "x@x", "a@b.example",
    "http://[::1", "http://127.0.0.1:1/", "ftp://x", "//x", "\\\\x\\y", "x" * 300,
]  # fmt: skip
RAW = ["%ED%A0%80", "%FF%FE", "%", "%zz", "%00", "%0d%0aX-Evil:1", "+" * 50]  # bytes that are no text
METHODS = ("POST",) * 6 + ("GET",) * 3 + hostile.METHODS
KINDS = ("application/x-www-form-urlencoded",) * 9 + (
    "multipart/form-data; boundary=b", "multipart/form-data", "application/json", "text/plain; charset=utf-99", "",
)  # fmt: skip
HEADERS: dict[str, Sequence[str]] = {
    "HTTP_HOST": ("elsewhere.example", "x" * 300, "[::1", "a b", "127.0.0.1:99999", "é"),
    "HTTP_COOKIE": ("session=\x01; language=%00", "csrf=" + "x" * 5000, "language=../x; session=", ";;;==", "a" * 9000),
    "HTTP_ACCEPT_LANGUAGE": ("de;q=2, *;q=x", "x" * 5000, "../../etc", "zz-ZZ", "\xff"),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4, ::1", "unknown", "'\"", "x" * 2000),
    "HTTP_X_FORWARDED_PROTO": ("https, http", "gopher", ""),
    "HTTP_X_FORWARDED_HOST": ("evil.example", "a b"),
    "REMOTE_ADDR": ("", "fe80::1%eth0", "nonsense", "::ffff:10.0.0.1"),
    "HTTP_RANGE": ("bytes=0-", "bytes=9-1", "bytes=-" + "9" * 50, "x=1"),
    "HTTP_IF_NONE_MATCH": ("*", '"' * 3, "W/"),
    "HTTP_IF_MODIFIED_SINCE": ("yesterday", "Thu, 01 Jan 0000 00:00:00 GMT"),
    "HTTP_REFERER": (f"http://x/{MARK}", "\x80"),
    "HTTP_USER_AGENT": ("\x00", "é\xff" * 400, MARK),
    "HTTP_ORIGIN": ("null", "http://evil.example"),
    "HTTP_HX_REQUEST": ("true", "x"),
    "HTTP_HX_CURRENT_URL": ("http://x/%00", "\x80"),
    "HTTP_HX_TARGET": (MARK,),
    "HTTP_ACCEPT": ("application/json", ";;;", "x" * 3000),
    "CONTENT_LENGTH": ("0", ""),
    "HTTP_TUS_RESUMABLE": ("1.0.0", "9"),
    "HTTP_UPLOAD_LENGTH": ("-1", "9" * 15, "0", "x"),
    "HTTP_UPLOAD_OFFSET": ("0", "9" * 15, "x"),
    "HTTP_UPLOAD_METADATA": ("filename ////", "filename", "filename YQBi,,", ","),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE",),
    "HTTP_TRANSFER_ENCODING": ("chunked",),
    "HTTP_CONTENT_ENCODING": ("gzip",),
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A request as it is sent."""

    method: str
    path: str
    body: bytes
    kind: str
    headers: dict[str, str]


def request(at: Random, path: str, fields: Sequence[tuple[str, str]]) -> Sent:
    """This page asked for, with its form sent along, in a way nobody should."""
    pairs = [pair for name, value in fields for pair in _field(at, name, value)]
    query = "&".join(_pair(at, name) for name, _ in at.sample(fields, min(len(fields), at.randrange(3))))
    query += "&" + at.choice(hostile.QUERIES) if at.random() < 0.3 else ""
    kind = at.choice(KINDS)
    body = _multipart(at, pairs) if kind.startswith("multipart") else "&".join(f"{n}={v}" for n, v in pairs).encode()
    if at.random() < 0.05:
        body = at.choice(hostile.BODIES)
    elif at.random() < 0.03:
        body += b"&huge=" + b"x" * 1_000_000
    names = at.sample(sorted(HEADERS), at.choice((0, 0, 1, 1, 2)))
    path = _spoilt_path(at, path) if at.random() < 0.15 else path
    sent = at.choice(METHODS)
    return Sent(sent, f"{path}?{query}" if query else path, body, kind, {n: at.choice(HEADERS[n]) for n in names})


def _field(at: Random, name: str, value: str) -> list[tuple[str, str]]:
    """A field, mostly as the page has it; or missing, doubled, spoilt, or under a spoilt name."""
    chance, key = at.random(), quote_plus(name)
    if chance < 0.45:
        return [(key, quote_plus(value))]
    if chance < 0.55:
        return []
    if chance < 0.65:
        return [(key, quote_plus(value)), (key, _value(at))]
    return [(key if chance < 0.95 else f"{key}{_value(at)}", _value(at))]


def _value(at: Random) -> str:
    if at.random() < 0.1:
        return at.choice(RAW)
    return quote_plus("".join(at.choices([*PIECES, *hostile.WORDS], k=at.choice((1, 1, 1, 2)))))


def _pair(at: Random, name: str) -> str:
    return f"{quote_plus(name)}={_value(at)}"


def _multipart(at: Random, pairs: Sequence[tuple[str, str]]) -> bytes:
    """Parts, some of them files, some of them broken."""
    made = b""
    for name, value in pairs:
        file = at.choice(('; filename="x.png"', f'; filename="{MARK}"', '; filename=""', "", "", '; filename*=x', ""))
        end = at.choice((b"\r\n", b"\r\n", b"\r\n", b"\n", b""))
        made += f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}'.encode() + end
    return made + at.choice((b"--b--\r\n", b"--b--", b"", b"\xff"))


def _spoilt_path(at: Random, path: str) -> str:
    parts = path.split("/")
    parts[at.randrange(len(parts))] = at.choice(["%00", "%ED%A0%80", "..", "%2F", "x" * 2000, _value(at)])
    return "/" + "/".join(parts).lstrip("/")
