"""The one form that every published description is read into: operations, and schemas of what they take.

A schema is JSON Schema as OpenAPI writes it, with every reference replaced by what it names; it may be circular.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

Schema = dict[str, Any]
JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
KINDS = "x-kinds"  # in a schema: those that are made from it, one of which is meant
FILE: Schema = {"type": "string", "format": "binary"}
ADDRESS = re.compile(r"(?:[^/]*//([^/]*))?(/.*)?")
PLACEHOLDER = re.compile(r"\{\+?([^{}]+)\}")


@dataclass(frozen=True)
class Problem:
    """One thing that does not fit: which field, what kind of misfit, and the rest of the sentence."""

    field: str
    what: str
    says: str


def fields(properties: Mapping[str, Schema] | None = None, required: tuple[str, ...] = (), **more: Any) -> Schema:
    """The schema of an object that has these fields and no others."""
    closed = {"type": "object", "properties": dict(properties or {}), "additionalProperties": False}
    return {**closed, "required": list(required), **more}


@dataclass(frozen=True)
class Operation:
    """One thing a network can be asked: what its path, its query, its headers and its body hold."""

    method: str
    path: str  # with the server's own beginning, and {name} for what varies
    inside: Schema = field(default_factory=fields)
    query: Schema = field(default_factory=fields)
    headers: Schema = field(default_factory=fields)
    bodies: Mapping[str, Schema] = field(default_factory=dict)  # by content type, which may be a pattern
    needs_body: bool = False
    deprecated: bool = False
    look: Callable[[Any], Iterator[Problem]] | None = None  # what no schema can say of the body

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        literal = [re.escape(part) for part in PLACEHOLDER.split(self.path)[::2]]
        return re.compile("([^/]+)".join(literal))

    def fits(self, method: str, path: str) -> dict[str, str] | None:
        """What stands in the path's placeholders; None when this is another operation."""
        found = self._pattern.fullmatch(path) if method == self.method else None
        return dict(zip(PLACEHOLDER.findall(self.path), found.groups(), strict=True)) if found else None


@dataclass(frozen=True)
class Spec:
    """A published description. `hosts` is empty where it holds for any server."""

    version: str
    operations: tuple[Operation, ...]
    hosts: frozenset[str] = frozenset()

    def at(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation at this path, the most literal one, and what stands in its placeholders."""
        matches = ((one, one.fits(method, path)) for one in self.operations)
        found = [(one, values) for one, values in matches if values is not None]
        return min(found, key=lambda match: len(match[1]), default=None)

    def covers(self, address: str) -> bool:
        """Whether this description speaks of the host of this address."""
        return not self.hosts or urlsplit(address).hostname in self.hosts


def based(servers: Sequence[str]) -> tuple[str, frozenset[str]]:
    """How the paths begin on these servers, and the hosts that are named."""
    parts = [ADDRESS.fullmatch(server) for server in servers]
    found = [(part[1] or "", part[2] or "") for part in parts if part]
    hosts = frozenset(host for host, _path in found if host and "{" not in host)
    return (found[0][1].rstrip("/") if found else ""), hosts
