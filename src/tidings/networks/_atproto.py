"""What belongs to the AT Protocol rather than to Bluesky: record keys, facets, and who lives where.

https://atproto.com/specs/tid, /specs/did, /specs/handle; https://docs.bsky.app/docs/advanced-guides/post-richtext
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from tidings.core import http
from tidings.core.http import Transport
from tidings.networks import errors
from tidings.networks.base import ask
from tidings.networks.errors import Rejected
from tidings.networks.seam import Rendition

SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"  # base 32 whose order in ASCII is its order in number
HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s<>\"]+")
TAG = re.compile(r"(?<!\S)[#＃](?![\ufe0f\u20e3])([^\s#＃]+)")
MENTION = re.compile(r"(?<![^\s(])@(" + HANDLE.pattern + r")(?![\w-])", re.IGNORECASE)
TAG_LENGTH = 64


def tid(moment: datetime, key: str) -> str:
    """The record key (13 characters) of this moment; `key` keeps two of one microsecond apart."""
    micros = int(moment.timestamp() * 1_000_000) & (2**53 - 1)
    number = micros << 10 | int.from_bytes(hashlib.sha256(key.encode()).digest()[:2]) & 1023
    return "".join(SORTABLE[number >> shift & 31] for shift in range(60, -1, -5))


def is_tid(text: str) -> bool:
    """Whether this is a record key of that kind."""
    return len(text) == 13 and text[0] in SORTABLE[:16] and set(text) <= set(SORTABLE)


def moment(rkey: str) -> datetime:
    """When a record key was made; raises ValueError when it is none."""
    if not is_tid(rkey):
        raise ValueError(f"{rkey!r} is no record key")
    number = 0
    for letter in rkey:
        number = number << 5 | SORTABLE.index(letter)
    return datetime.fromtimestamp((number >> 10) / 1_000_000, UTC)


def stamp(moment: datetime, key: str) -> dict[str, str]:
    """What feeds sort a record by, fixed at its first try: `rkey` and `created_at`."""
    written = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"rkey": tid(moment, key), "created_at": written}


def mentioned(text: str) -> list[str]:
    """The handles this text mentions, each once."""
    return list(dict.fromkeys(found.group(1).lower() for found in MENTION.finditer(text)))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Links, tags and mentions by byte offsets; a mention whose handle has no DID stays plain text."""
    found = sorted([*_links(text), *_tags(text), *_mentions(text, dids)], key=lambda facet: facet[0])
    return [
        {
            "index": {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())},
            "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
        }
        for start, end, kind, feature in found
    ]


Facet = tuple[int, int, str, dict[str, str]]


def _links(text: str) -> Iterator[Facet]:
    for found in LINK.finditer(text):
        link = found.group().rstrip(".,;:!?'*_~")
        if link.endswith(")") and link.count(")") > link.count("("):
            link = link[:-1]
        if urlsplit(link).netloc:
            yield found.start(), found.start() + len(link), "link", {"uri": link}


def _tags(text: str) -> Iterator[Facet]:
    for found in TAG.finditer(text):
        tag = found.group(1).rstrip(".,;:!?'\")]}…")
        if tag and not tag.isdigit() and len(tag) <= TAG_LENGTH:
            yield found.start(), found.start(1) + len(tag), "tag", {"tag": tag}


def _mentions(text: str, dids: Mapping[str, str]) -> Iterator[Facet]:
    for found in MENTION.finditer(text):
        if did := dids.get(found.group(1).lower()):
            yield found.start(), found.end(), "mention", {"did": did}


@dataclass(frozen=True)
class Identity:
    """An account: its permanent id, its present name, and the server that keeps its records."""

    did: str
    handle: str
    pds: str


def identify(name: str, entry: str, plc: str, door: Transport) -> Identity:
    """Who `name` (a handle or a DID) is; raises Rejected when nobody is, or when handle and DID disagree."""
    handle = name.strip().removeprefix("@").lower()
    did = name.strip() if name.startswith("did:") else _did_of(handle, entry, door)
    document = fetch(_document_url(did, plc), door)
    names = [known.removeprefix("at://") for known in document.get("alsoKnownAs", ())]
    if did != name.strip() and handle not in (known.lower() for known in names):
        raise Rejected(f"@{handle} points to an account that does not call itself so.")
    for service in document.get("service", ()):
        if str(service.get("id", "")).endswith("#atproto_pds"):
            return Identity(did, names[0] if names else did, safe(str(service["serviceEndpoint"])))
    raise Rejected(f"@{handle} has no server that keeps its posts.")


def resolve(handle: str, server: str, door: Transport) -> str:
    """The DID that a server finds for this handle, or nothing."""
    answer = ask(door, http.Request(
        "GET", f"{server}/xrpc/com.atproto.identity.resolveHandle?handle={quote(handle)}", "look"
    ))
    problem = errors.by_status(answer, f"{urlsplit(server).netloc} could not look up @{handle}.")
    if problem and not isinstance(problem, Rejected):
        raise problem
    body = answer.json()
    return str(body.get("did", "")) if answer.status == 200 and isinstance(body, dict) else ""


def fetch(url: str, door: Transport) -> dict[str, Any]:
    """A public JSON document; raises a Reaction when there is none."""
    answer = ask(door, http.Request("GET", url, "connect", {"Accept": "application/json"}))
    place = urlsplit(url)
    problem = errors.by_status(answer, f"{place.netloc} answered {answer.status} at {place.path}.")
    if problem:
        raise problem
    body = answer.json()
    if not isinstance(body, dict):
        raise Rejected(f"{place.netloc} does not speak the AT Protocol.")
    return body


def safe(address: str) -> str:
    """A server's address without a slash at its end; raises Rejected when passwords would travel in clear."""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise Rejected(f"{address} is not reached over https.")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _did_of(handle: str, entry: str, door: Transport) -> str:
    if not HANDLE.fullmatch(handle):
        raise Rejected(f"{handle!r} is not a handle such as name.bsky.social.")
    did = resolve(handle, entry, door)
    if not did:
        raise Rejected(f"Nobody is called @{handle} at {urlsplit(entry).netloc}.")
    return did


def _document_url(did: str, plc: str) -> str:
    method, _, name = did.removeprefix("did:").partition(":")
    if method == "plc":
        return f"{plc}/{did}"
    if method == "web" and name and ":" not in name:
        return f"https://{name.replace('%3A', ':')}/.well-known/did.json"
    raise Rejected(f"{did} is not an identity Bluesky knows.")


def described(piece: Rendition) -> dict[str, Any]:
    """What a record says of a picture or film beside its bytes."""
    shape = {"width": piece.width, "height": piece.height}
    return {"alt": piece.alt, **({"aspectRatio": shape} if all(shape.values()) else {})}
