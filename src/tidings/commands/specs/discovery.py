"""Google's discovery documents. https://developers.google.com/discovery/v1/reference/apis"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tidings.commands.specs.form import FILE, JSON, Operation, Schema, Spec, based, fields

Doc = dict[str, Any]


def read(files: Sequence[Path], at: Sequence[str]) -> Spec:
    """Several documents are one description: an API that is cut into pieces."""
    docs = [json.loads(file.read_text()) for file in files]
    hosts = frozenset[str]().union(*(based([doc["rootUrl"], *at])[1] for doc in docs))
    operations = [one for doc in docs for one in _operations(doc, Schemas(doc), doc)]
    return Spec(", ".join(doc["revision"] for doc in docs), tuple(operations), hosts)


class Schemas:
    """A document's schemas, with references followed."""

    def __init__(self, doc: Doc) -> None:
        self._raw: Doc = doc.get("schemas", {})
        self._made: dict[str, Schema] = {}

    def named(self, name: str) -> Schema:
        """The schema of this name; it may hold itself."""
        if name not in self._made:
            self._made[name] = {}
            self._made[name] |= self.plain(self._raw[name])
        return self._made[name]

    def plain(self, said: Doc) -> Schema:
        """A schema or a parameter in the common form."""
        if "$ref" in said:
            return self.named(said["$ref"])
        made: Schema = {name: said[name] for name in ("enum", "pattern", "deprecated", "readOnly") if name in said}
        if said.get("type", "any") != "any":
            made["type"] = said["type"]
        made |= {name: float(said[name]) for name in ("maximum", "minimum") if name in said}
        if "items" in said:
            made["items"] = self.plain(said["items"])
        if "properties" in said:
            made["properties"] = {name: self.plain(one) for name, one in said["properties"].items()}
        if "additionalProperties" in said:
            made["additionalProperties"] = self.plain(said["additionalProperties"])
        return {"type": "array", "items": made} if said.get("repeated") else made


def _operations(place: Doc, schemas: Schemas, doc: Doc) -> Iterator[Operation]:
    for method in place.get("methods", {}).values():
        yield _operation(method, schemas, doc)
        yield from _uploads(method, schemas, doc)
    for inner in place.get("resources", {}).values():
        yield from _operations(inner, schemas, doc)


def _operation(said: Doc, schemas: Schemas, doc: Doc) -> Operation:
    path = f"/{doc.get('servicePath', '')}{said.get('flatPath') or said['path']}"
    body = {JSON: schemas.named(said["request"]["$ref"])} if "request" in said else {}
    return Operation(
        said["httpMethod"], path, fields(), _query(said, schemas, doc), bodies=body,
        deprecated=said.get("deprecated", False),
    )


def _query(said: Doc, schemas: Schemas, doc: Doc, **more: Schema) -> Schema:
    own = {name: one for name, one in said.get("parameters", {}).items() if one["location"] == "query"}
    everywhere = {name: schemas.plain(one) for name, one in doc.get("parameters", {}).items()}
    required = tuple(name for name, one in own.items() if one.get("required"))
    return fields({**everywhere, **{name: schemas.plain(one) for name, one in own.items()}, **more}, required)


def _uploads(said: Doc, schemas: Schemas, doc: Doc) -> Iterator[Operation]:
    """The same call with a file: in one go, or announced and then sent to a session of its own."""
    upload = said.get("mediaUpload", {})
    about = {JSON: schemas.named(said["request"]["$ref"])} if "request" in said else {}
    for path in {protocol["path"] for protocol in upload.get("protocols", {}).values()}:
        kind: Schema = {"enum": ["media", "multipart", "resumable"]}
        first = _query(said, schemas, doc, uploadType=kind, upload_id={})
        whole = {mime.replace("*/*", "*"): FILE for mime in upload["accept"]}
        first["required"] = [*first["required"], "uploadType"]
        yield Operation(said["httpMethod"], path, query=first, bodies=about | whole | {"multipart/related": {}})
        rest = {**first, "required": ["upload_id"]}
        yield Operation("PUT", path, query=rest, bodies={"*": FILE})
