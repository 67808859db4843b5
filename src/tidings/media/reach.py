"""Whether networks can fetch pictures and films from here: ask our own public address, as a stranger would.

`obstacle` says what is plain without a request; `look` fetches a small picture. No server can see itself from outside:
what stands between it and the networks is only found from elsewhere, which is why the address asked is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from tidings.core import http
from tidings.core.http import Answer, Transport
from tidings.media import public
from tidings.media.faults import Finding, finding
from tidings.settings import settings

SECONDS = 15.0
PART = 100  # bytes
INDOORS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
FAULTS = {  # what the door met, by the name of its class
    "gaierror": "no_name",
    "UnicodeError": "no_name",
    "SSLCertVerificationError": "certificate",
    "SSLError": "tls",
}
STATUSES = {401: "refused", 403: "refused", 407: "refused", 404: "elsewhere", 410: "elsewhere"}


@dataclass(frozen=True)
class Report:
    """What a look found, and the address it asked: elsewhere it must show a picture, too, for an hour."""

    address: str
    findings: tuple[Finding, ...]


def obstacle() -> str:
    """Why no network can fetch from here, and the next step, without a request; empty: nothing is plain.

    The demo's networks are in this very process.
    """
    found = None if settings().demo else next(_plain(), None)
    return f"{found.sentence} {found.step}" if found else ""


def _plain() -> Iterator[Finding]:
    """What the settings tell."""
    ours = settings()
    if not ours.base_url:
        yield finding("no_address")
        return
    if not ours.secure:
        yield finding("not_https", url=ours.url)
    if indoors(ours.hostname):
        yield finding("indoors", host=ours.hostname)


def indoors(host: str) -> bool:
    """Whether only this machine or its own network knows this host, as far as its name tells."""
    try:
        return not http.is_public(str(ip_address(host)))
    except ValueError:
        return ("." not in host and not host.isdigit()) or host.endswith(INDOORS)


def look(door: Transport) -> Report:
    """Fetch a small picture from our public address: whole, its head only, and a part of it."""
    address = public.probe()
    return Report(address, (*_plain(), *_fetched(door, address)))


def _fetched(door: Transport, address: str) -> Iterator[Finding]:
    host = urlsplit(address).hostname or ""
    try:
        whole = _asked(door, "GET", address)
        wrong = _wrong(whole, host)
        if wrong:
            yield wrong
            return
        yield from _spoiled(whole)
        if not _same(_asked(door, "HEAD", address), whole):
            yield finding("head", host=host)
        part = _asked(door, "GET", address, Range=f"bytes=0-{PART - 1}")
        if part.status != 206 or part.body != whole.body[:PART]:
            yield finding("part", host=host)
    except http.NoAnswer as error:
        yield from _silent(error, host)


def _asked(door: Transport, method: str, address: str, **headers: str) -> Answer:
    return door(http.Request(method, address, "look", headers, seconds=SECONDS))


def _wrong(answer: Answer, host: str) -> Finding | None:
    """Why this is not our picture."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    if 300 <= answer.status < 400:
        return finding("redirect", host=host, to=answer.headers.get("location", "")[:200])
    if answer.status != 200:
        return finding(STATUSES.get(answer.status, "error"), host=host, status=answer.status)
    if kind == "text/html":
        return finding("login" if b"password" in answer.body.lower() else "page")
    if kind != "image/jpeg":
        return finding("type", type=kind[:60])
    return None


def _spoiled(answer: Answer) -> Iterator[Finding]:
    """What a proxy has done to our picture."""
    if answer.body != public.PROBE.read_bytes():
        yield finding("changed")
    if "content-length" not in answer.headers:
        yield finding("length")


def _same(head: Answer, whole: Answer) -> bool:
    said = [name for name in ("content-type", "content-length") if name in whole.headers]
    return head.status == 200 and all(head.headers.get(name) == whole.headers[name] for name in said)


def _silent(error: http.NoAnswer, host: str) -> Iterator[Finding]:
    """Why there was no answer, as far as the fault tells."""
    cause = error.__cause__
    if isinstance(error, http.Forbidden):
        if not indoors(host):  # which was said already
            no_name = isinstance(error.__context__, ValueError)  # the door does not take it for one
            yield finding("no_name" if no_name else "private", host=host, why="")
        return
    otherwise = "closed" if isinstance(error, http.NotSent) else "broken_off"
    name = next((FAULTS[kind.__name__] for kind in type(cause).__mro__ if kind.__name__ in FAULTS), otherwise)
    why = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or cause
    yield finding(name, host=host, why=why)
