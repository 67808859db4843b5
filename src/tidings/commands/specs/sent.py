"""A request that went through the door, taken apart into what a description speaks of."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from tidings.commands.specs.form import FORM, JSON, MULTIPART
from tidings.commands.specs.schema import File, Text


class Pairs(list[tuple[str, Any]]):
    """Names and values in their order, as queries and forms have them; a name may stand there twice."""


@dataclass(frozen=True)
class Sent:
    """A request as it would go to the network: more than one address where it is not known to which of its hosts."""

    method: str
    addresses: tuple[str, ...]
    headers: Mapping[str, str]  # by their names in small letters
    body: bytes = b""
    signing_in: bool = False  # OAuth's own requests, which most descriptions leave out

    @property
    def kind(self) -> str:
        """The content type of the body, without its parameters; empty when there is no body."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() if self.body else ""

    def query(self) -> Pairs:
        """What stands after the question mark."""
        return _texts(urlsplit(self.addresses[0]).query)

    def content(self) -> Any:
        """What the body says: Pairs (forms), a value (JSON), or a file; raises ValueError for broken JSON."""
        if self.kind == FORM:
            return _texts(self.body.decode())
        if self.kind == MULTIPART:
            return _parts(self.headers["content-type"], self.body)
        if self.kind == JSON or self.kind.endswith("+json"):
            return json.loads(self.body)
        return File(self.kind, len(self.body))


def path(address: str) -> str:
    """The path of an address as it is meant."""
    return urlsplit(address).path


def _texts(encoded: str) -> Pairs:
    return Pairs((name, Text(value)) for name, value in parse_qsl(encoded, keep_blank_values=True))


def _parts(kind: str, body: bytes) -> Pairs:
    whole = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    return Pairs((_name(part), _said(part)) for part in cast(list[Message], whole.get_payload()))


def _name(part: Message) -> str:
    return unquote(str(part.get_param("name", "", "content-disposition")))


def _said(part: Message) -> Any:
    raw = cast(bytes, part.get_payload(decode=True) or b"")
    if part.get_filename() is not None:
        return File(part.get_content_type(), len(raw))
    kind = part.get("content-type", "")
    return json.loads(raw) if kind.startswith(JSON) else Text(raw.decode())


def gathered(pairs: Iterable[tuple[str, Any]], known: Iterable[str] = ()) -> dict[str, Any]:
    """Pairs as one object: a repeated name is a list, and a[b] a field inside, unless a field is called so."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        names = [name] if name in known else re.findall(r"[^\[\]]+|\[\]", name)
        _put(made, names, value)
    return made


def _put(place: dict[str, Any], names: list[str], value: Any) -> None:
    first, *rest = names
    if rest == ["[]"]:
        place.setdefault(first, []).append(value)
    elif rest:
        _put(place.setdefault(first, {}), rest, value)
    elif first in place:
        before = place[first] if isinstance(place[first], list) else [place[first]]
        place[first] = [*before, value]
    else:
        place[first] = value
