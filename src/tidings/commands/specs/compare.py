"""Requests against a published description: every deviation is a sentence."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from tidings.commands.specs import schema, sent
from tidings.commands.specs.form import Operation, Problem, Schema, Spec
from tidings.commands.specs.schema import Text
from tidings.commands.specs.sent import Pairs, Sent

NUMBERED = re.compile(r"[^/]*\d{4}[^/]*")  # a part of a path that is surely an id
NOT_COMPARED = {"authorization", "accept", "content-type"}  # OpenAPI says itself that they are no parameters


@dataclass(frozen=True, order=True)
class Deviation:
    """What one network's requests do that its description does not have."""

    network: str
    method: str
    path: str
    field: str
    what: str
    says: str

    def __str__(self) -> str:
        field = f" the field {self.field}" if self.field else " it"
        return f"{self.network}: {self.method} {self.path}:{field} {self.says} ({self.what})."


@dataclass(frozen=True)
class Comparison:
    """What was found: how many requests the description speaks of, and how many it does not."""

    compared: int
    elsewhere: int
    deviations: tuple[Deviation, ...]


def compare(network: str, spec: Spec, requests: Iterable[Sent], packed: str = "") -> Comparison:
    """`packed` is the part of a multipart body that holds fields of the body as JSON."""
    counts, found = {True: 0, False: 0}, set[Deviation]()
    for request in requests:
        there = any(spec.at(request.method, sent.path(address)) for address in request.addresses)
        spoken_of = there or not (request.signing_in or not any(map(spec.covers, request.addresses)))
        counts[spoken_of] += 1
        if spoken_of:
            found |= set(_deviations(network, spec, request, packed))
    return Comparison(counts[True], counts[False], tuple(sorted(found)))


def _deviations(network: str, spec: Spec, request: Sent, packed: str) -> Iterator[Deviation]:
    covered = [address for address in request.addresses if spec.covers(address)]
    paths = [sent.path(address) for address in covered or request.addresses]
    found = next((match for path in paths if (match := spec.at(request.method, path))), None)
    if found is None:
        path = NUMBERED.sub("{…}", paths[0])
        yield Deviation(network, request.method, path, "", "unknown path", "is not in the description")
        return
    operation, values = found
    for problem in _problems(operation, values, request, packed):
        yield Deviation(network, operation.method, operation.path, problem.field, problem.what, problem.says)


def _problems(operation: Operation, values: Mapping[str, str], request: Sent, packed: str) -> Iterator[Problem]:
    if operation.deprecated:
        yield Problem("", "deprecated", "is deprecated")
    inside = {name: Text(unquote(value)) for name, value in values.items()}
    yield from schema.problems(inside, {**operation.inside, "additionalProperties": True})
    yield from schema.problems(_named(request.query(), operation.query), operation.query)
    yield from _headers(operation, request)
    yield from _body(operation, request, packed)


def _named(pairs: Pairs, wanted: Schema) -> dict[str, Any]:
    known = {name for way in schema.ways(wanted) for name in way.get("properties", ())}
    return sent.gathered(pairs, known)


def _headers(operation: Operation, request: Sent) -> Iterator[Problem]:
    for name in operation.headers["required"]:
        if name.lower() not in {*request.headers, *NOT_COMPARED}:
            yield Problem(name, "missing field", "is a required header and not sent")


def _body(operation: Operation, request: Sent, packed: str) -> Iterator[Problem]:
    if not request.body:
        if operation.needs_body:
            yield Problem("", "missing field", "needs a body, and none is sent")
        return
    wanted = next((body for kind, body in operation.bodies.items() if fnmatchcase(request.kind, kind)), None)
    if wanted is None:
        taken = " or ".join(operation.bodies) or "no body"
        yield Problem("", "wrong content type", f"is sent as {request.kind or 'a body of no type'}, but takes {taken}")
        return
    try:
        content = request.content()
    except ValueError as error:
        yield Problem("", "wrong form", f"has a body that is no {request.kind}: {error}")
        return
    if isinstance(content, Pairs):
        content = _unpacked(_named(content, wanted), packed)
    yield from schema.problems(content, wanted)
    if operation.look:
        yield from operation.look(content)


def _unpacked(content: dict[str, Any], packed: str) -> dict[str, Any]:
    inner = content.pop(packed, "{}")
    return {**(json.loads(inner) if isinstance(inner, str) else inner), **content}
