"""Lexicons of the AT Protocol: queries, procedures, and the records that procedures write.

https://atproto.com/specs/lexicon
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tidings.commands.specs.form import FILE, JSON, Operation, Schema, Spec, fields

Doc = dict[str, Any]
WRITES = ("com.atproto.repo.createRecord", "com.atproto.repo.putRecord")
LIMITS = {"minimum": "minimum", "maximum": "maximum", "enum": "enum", "const": "const", "maxGraphemes": "maxGraphemes"}


def read(files: Sequence[Path], at: Sequence[str]) -> Spec:
    """All lexicons together; they name each other."""
    docs = [json.loads(file.read_text()) for file in files]
    shapes = Shapes({doc["id"]: doc["defs"] for doc in docs})
    made = [_operation(doc["id"], doc["defs"]["main"], shapes) for doc in docs if _is_call(doc)]
    return Spec("", tuple(made))


def _is_call(doc: Doc) -> bool:
    return doc["defs"].get("main", {}).get("type") in ("query", "procedure")


def _operation(name: str, said: Doc, shapes: "Shapes") -> Operation:
    asked = shapes.plain(said["parameters"], name) if "parameters" in said else fields()
    query = fields(asked["properties"], tuple(asked["required"]))
    body = said.get("input", {})
    schema = shapes.plain(body["schema"], name) if "schema" in body else FILE
    if name in WRITES:
        schema = {**schema, "properties": {**schema["properties"], "record": shapes.records()}}
    bodies = {body["encoding"].replace("*/*", "*"): schema} if body else {}
    deprecated = said.get("description", "").startswith("DEPRECATED")
    method = "GET" if said["type"] == "query" else "POST"
    needed = JSON in bodies and bool(schema.get("required"))
    return Operation(method, f"/xrpc/{name}", query=query, bodies=bodies, needs_body=needed, deprecated=deprecated)


class Shapes:
    """Every definition by its full name, in the common form; they may hold each other."""

    def __init__(self, defs: dict[str, Doc]) -> None:
        self._defs = defs
        self._made: dict[str, Schema] = {}

    def named(self, name: str) -> Schema:
        """What `id#part` is; anything at all where nobody told us."""
        if name not in self._made:
            home, _, part = name.partition("#")
            said = self._defs.get(home, {}).get(part or "main", {"type": "unknown"})
            self._made[name] = {}
            self._made[name] |= self.plain(said, home)
        return self._made[name]

    def records(self) -> Schema:
        """Every kind of record, told apart by `$type`."""
        kinds = [name for name, defs in self._defs.items() if defs.get("main", {}).get("type") == "record"]
        return {"oneOf": [_typed(self.named(name), name) for name in kinds]}

    def plain(self, said: Doc, home: str) -> Schema:
        """A definition in the common form."""
        kind = said["type"]
        if kind == "record":
            return self.plain(said["record"], home)
        if kind in ("object", "params"):
            return self._object(said, home)
        if kind == "array":
            most = {"maxItems": said["maxLength"]} if "maxLength" in said else {}
            return {"type": "array", "items": self.plain(said["items"], home), **most}
        if kind == "ref":
            return self.named(_full(said["ref"], home))
        if kind == "union":
            names = [_full(ref, home) for ref in said["refs"]]
            return {"oneOf": [_typed(self.named(name), name) for name in names]} if names else {}
        return _simple(said)

    def _object(self, said: Doc, home: str) -> Schema:
        properties = {name: self.plain(one, home) for name, one in said.get("properties", {}).items()}
        for name in said.get("nullable", ()):
            properties[name] = {"anyOf": [properties[name], {"type": "null"}]}
        return {"type": "object", "properties": {"$type": {"type": "string"}, **properties},
                "required": said.get("required", [])}


def _full(reference: str, home: str) -> str:
    return (home + reference if reference.startswith("#") else reference).removesuffix("#main")


def _typed(shape: Schema, name: str) -> Schema:
    """A shape that must say that it is one."""
    mark = {"properties": {"$type": {"const": name}}, "required": ["$type"]}
    return {"allOf": [shape, mark]}


def _simple(said: Doc) -> Schema:
    kind, made = said["type"], {ours: said[theirs] for theirs, ours in LIMITS.items() if theirs in said}
    if kind == "string":
        made |= {"maxBytes": said["maxLength"]} if "maxLength" in said else {}
        return made | {"type": "string"} | ({"format": "date-time"} if said.get("format") == "datetime" else {})
    if kind == "blob":
        return _blob(said)
    if kind == "cid-link":
        return fields({"$link": {"type": "string"}}, ("$link",))
    return made | ({"type": kind} if kind in ("integer", "boolean") else {})


def _blob(said: Doc) -> Schema:
    mimes = "|".join(re.escape(mime).replace(r"\*", ".*") for mime in said.get("accept", ()))
    size: Schema = {"type": "integer", **({"maximum": said["maxSize"]} if "maxSize" in said else {})}
    parts: dict[str, Schema] = {
        "$type": {"const": "blob"}, "size": size, "mimeType": {"type": "string", "pattern": f"^({mimes or '.*'})$"},
        "ref": fields({"$link": {"type": "string"}}, ("$link",)),
    }
    return fields(parts, tuple(parts))
