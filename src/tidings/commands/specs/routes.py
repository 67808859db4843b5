"""What a server of this REST API says of its own routes and their arguments.

https://developer.wordpress.org/rest-api/extending-the-rest-api/routes-and-endpoints/
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tidings.commands.specs.form import FILE, FORM, JSON, MULTIPART, Operation, Schema, Spec, based, fields

Doc = dict[str, Any]
KEPT = ("type", "enum", "pattern", "format", "maximum", "minimum", "maxLength", "minLength", "maxItems", "minItems")
EVERYWHERE = {name: {"type": "string"} for name in ("_fields", "_embed", "_locale", "_method", "_envelope")}
VARYING = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def read(files: Sequence[Path], at: Sequence[str]) -> Spec:
    """One file: the answer of a server's index."""
    (doc,) = (json.loads(file.read_text()) for file in files)
    base, hosts = based(at)
    return Spec("", tuple(_operations(doc, base)), hosts)


def _operations(doc: Doc, base: str) -> Iterator[Operation]:
    for route, said in doc["routes"].items():
        path, inside = base + VARYING.sub(r"{\1}", route), set(VARYING.findall(route))
        for endpoint in said["endpoints"]:
            for method in endpoint["methods"]:
                yield _operation(method, path, inside, endpoint["args"] or {})


def _operation(method: str, path: str, inside: set[str], said: Doc) -> Operation:
    """Arguments may stand in the query or in the body; a file may be the body itself."""
    own = {name: one for name, one in said.items() if name not in inside}
    required = tuple(name for name, one in own.items() if one.get("required") is True)
    asked = fields({**EVERYWHERE, **{name: _plain(one) for name, one in own.items()}}, required)
    if method in ("GET", "DELETE"):
        return Operation(method, path, query=asked)
    files = {"*": FILE, MULTIPART: asked | {"additionalProperties": FILE}} if path.endswith("/media") else {}
    bodies = {JSON: asked, FORM: asked, **dict(reversed(files.items()))}
    return Operation(method, path, query={**asked, "required": []}, bodies=bodies)


def _plain(said: Any) -> Schema:
    made: Schema = {name: said[name] for name in KEPT if name in said}
    if made.get("format") == "date-time":
        del made["format"]  # a zone need not be given: the site has one
    if said.get("readonly"):
        made["readOnly"] = True
    if isinstance(said.get("items"), dict):
        made["items"] = _plain(said["items"])
    if isinstance(said.get("properties"), dict):
        made["properties"] = {name: _plain(one) for name, one in said["properties"].items()}
    return {"anyOf": [made, {"type": "string"}]} if "raw" in made.get("properties", {}) else made
