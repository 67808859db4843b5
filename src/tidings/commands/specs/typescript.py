"""Interfaces that openapi-typescript generated: `paths`, `operations` and `components` as type literals.

https://openapi-ts.dev
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tidings.commands.specs.form import FILE, Operation, Schema, Spec, based, fields

WORDS = re.compile(r"""/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|-?[\w$.]+|[{}()\[\];:?|&<>,=]""", re.S)
SIMPLE: dict[str, Schema] = {
    "string": {"type": "string"}, "number": {"type": "number"}, "boolean": {"type": "boolean"},
    "null": {"type": "null"}, "true": {"const": True}, "false": {"const": False}, "Blob": FILE,
    "unknown": {}, "any": {}, "never": {"type": "never"}, "object": {"type": "object"},
}


def read(files: Sequence[Path], at: Sequence[str]) -> Spec:
    """One file."""
    (text,) = (file.read_text() for file in files)
    types = Reader(text).types()
    base, hosts = based(at)
    return Spec("", tuple(_operations(types, base)), hosts)


def _operations(types: dict[str, Schema], base: str) -> list[Operation]:
    calls = types["operations"]["properties"]
    made = []
    for path, item in types["paths"]["properties"].items():
        for method, said in item["properties"].items():
            if method in ("get", "post", "put", "delete", "patch") and said.get("name"):
                made.append(_operation(method.upper(), base + path, calls[said["name"]]["properties"]))
    return made


def _operation(method: str, path: str, said: dict[str, Schema]) -> Operation:
    body = said.get("requestBody", {})
    content = body.get("properties", {}).get("content", {}).get("properties", {})
    needed = any(one.get("required") for one in content.values())
    query = said.get("parameters", {}).get("properties", {}).get("query", fields())
    return Operation(method, path, query={**fields(), **query}, bodies=content, needs_body=needed)


class Reader:
    """Reads the declarations from the front to the back; every method takes the words of one thing."""

    def __init__(self, text: str) -> None:
        self._words: list[str] = [word for word in WORDS.findall(text) if not word.startswith(("/*", "//"))]
        self._at = 0
        self._named: dict[str, Schema] = {}  # components['schemas']['…'], which may be used before it is said

    def types(self) -> dict[str, Schema]:
        """Every `export type X = …;` and `export interface X {…}`."""
        made: dict[str, Schema] = {}
        while self._at < len(self._words):
            if self._take() in ("type", "interface"):
                name = self._take()
                self._skip("=")
                made[name] = self._choice()
        schemas = made.get("components", fields())["properties"].get("schemas", fields())
        for name, said in schemas["properties"].items():
            self._component(name).update(said)
        return made

    def _take(self) -> str:
        self._at += 1
        return self._words[self._at - 1]

    def _next(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _skip(self, word: str) -> bool:
        found = self._next() == word
        self._at += found
        return found

    def _choice(self) -> Schema:
        self._skip("|")
        found = [self._both()]
        while self._skip("|"):
            found.append(self._both())
        return {"anyOf": found} if len(found) > 1 else found[0]

    def _both(self) -> Schema:
        found = [self._many()]
        while self._skip("&"):
            found.append(self._many())
        return {"allOf": found} if len(found) > 1 else found[0]

    def _many(self) -> Schema:
        made = self._one()
        while self._next() == "[":
            self._take()
            made = {"type": "array", "items": made} if self._skip("]") else self._part(made)
        return made

    def _part(self, of: Schema) -> Schema:
        """What stands in brackets behind a name: operations['x'], components['schemas']['X']."""
        name = _text(self._take())
        self._skip("]")
        if of.get("name") == "schemas":
            return self._component(name)
        return {"name": name}

    def _component(self, name: str) -> Schema:
        return self._named.setdefault(name, {})

    def _one(self) -> Schema:
        word = self._take()
        if word == "{":
            return self._object()
        if word == "(":
            made = self._choice()
            self._skip(")")
            return made
        if word[0] in "'\"":
            return {"const": _text(word)}
        if word.lstrip("-")[0].isdigit():
            return {"const": float(word)}
        return self._applied(word)

    def _applied(self, word: str) -> Schema:
        """A name, with what stands in angle brackets."""
        inside: list[Schema] = []
        if self._skip("<"):
            while not self._skip(">"):
                inside.append(self._choice())
                self._skip(",")
        if word == "Array":
            return {"type": "array", "items": inside[0]}
        if word == "Record":
            never = inside[1].get("type") == "never"
            return {"type": "object", "additionalProperties": False if never else inside[1]}
        return dict(SIMPLE.get(word, {"name": word}))

    def _object(self) -> Schema:
        properties, required, more = dict[str, Schema](), list[str](), dict[str, Any]()
        while not self._skip("}"):
            name = self._take()
            if name == "readonly" and self._next() not in (":", "?"):
                name = self._take()
            if name == "[":  # [key: string]: …
                while self._take() != "]":
                    pass
                self._skip(":")
                more["additionalProperties"] = self._choice()
            else:
                required += [] if self._skip("?") else [_text(name)]
                self._skip(":")
                properties[_text(name)] = self._choice()
            self._skip(";") or self._skip(",")
        return {"type": "object", "properties": properties, "required": required, **more}


def _text(word: str) -> str:
    return word[1:-1].replace("\\'", "'") if word[0] in "'\"" else word
