"""A list of methods and types, as the bot API's documentation is read into JSON by others.

https://github.com/PaulSonOfLars/telegram-bot-api-spec
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tidings.commands.specs.form import FILE, FORM, JSON, MULTIPART, Operation, Schema, Spec, based, fields

Doc = dict[str, Any]
SIMPLE = {"String": "string", "Integer": "integer", "Boolean": "boolean", "Float": "number"}
LENGTH = re.compile(r"\b(\d+)-(\d+) characters")
COUNT = re.compile(r"\b(\d+)-(\d+) (?:items|answer options)")
ONLY = re.compile(r"\bmust be (\w+)$")


def read(files: Sequence[Path], at: Sequence[str]) -> Spec:
    """One file. Every method takes GET and POST, and its fields in any of the usual ways."""
    (doc,) = (json.loads(file.read_text()) for file in files)
    base, hosts = based(at)
    types = Types(doc["types"])
    operations = [one for name, said in doc["methods"].items() for one in _operations(f"{base}/{name}", said, types)]
    return Spec(f"{doc['version']}, {doc['release_date']}", tuple(operations), hosts)


def _operations(path: str, said: Doc, types: "Types") -> list[Operation]:
    asked = types.object(said.get("fields", []))
    if any("InputMedia" in kind for one in said.get("fields", ()) for kind in one["types"]):
        asked["additionalProperties"] = FILE  # named by attach:// in a field
    needs = bool(asked["required"])
    bodies = {JSON: asked, FORM: asked, MULTIPART: asked}
    return [Operation("GET", path, query=asked), Operation("POST", path, bodies=bodies, needs_body=needs)]


class Types:
    """The types by name, in the common form."""

    def __init__(self, raw: dict[str, Doc]) -> None:
        self._raw = raw
        self._made: dict[str, Schema] = {}

    def object(self, said: list[Doc]) -> Schema:
        """Fields as an object."""
        required = tuple(one["name"] for one in said if one["required"])
        return fields({one["name"]: self._field(one) for one in said}, required)

    def _field(self, said: Doc) -> Schema:
        found = [self._named(kind) for kind in said["types"]]
        return {"anyOf": found, **_limits(said["description"], "Array" in said["types"][0])}

    def _named(self, name: str) -> Schema:
        if name.startswith("Array of "):
            return {"type": "array", "items": self._named(name.removeprefix("Array of "))}
        if name == "InputFile":
            return FILE
        if name in SIMPLE:
            return {"type": SIMPLE[name]}
        if name not in self._made:
            self._made[name] = {}
            self._made[name] |= self._type(self._raw[name])
        return self._made[name]

    def _type(self, said: Doc) -> Schema:
        if "subtypes" in said:
            return {"oneOf": [self._named(name) for name in said["subtypes"]]}
        return self.object(said.get("fields", []))


def _limits(description: str, many: bool) -> Schema:
    """What the prose says of lengths and fixed values."""
    made: Schema = {}
    least, most, limit = ("minItems", "maxItems", COUNT) if many else ("minLength", "maxLength", LENGTH)
    if found := limit.search(description):
        made = {least: int(found[1]), most: int(found[2])}
    if only := ONLY.search(description):
        made["enum"] = [only[1]]
    return made
