"""OpenAPI 3, as JSON or YAML, in one file or in many that refer to each other. https://spec.openapis.org/oas/"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tidings.commands.specs.form import KINDS, Operation, Schema, Spec, based, fields

METHODS = ("get", "put", "post", "delete", "patch")
Doc = dict[str, Any]


def read(files: Sequence[Path], at: Sequence[str]) -> Spec:
    """`at` names the servers where the description's own are only examples."""
    library = Library()
    docs = [library.open(file) for file in files]
    library.join()
    return spec(docs, at)


def spec(docs: Sequence[Doc], at: Sequence[str]) -> Spec:
    """The operations of these documents, whose references have been followed."""
    operations, hosts = list[Operation](), set[str]()
    for doc in docs:
        base, names = based(at or [_filled(server) for server in doc.get("servers", ())])
        hosts |= names
        operations += _operations(doc, base)
    return Spec(str(docs[0]["info"]["version"]), tuple(operations), frozenset(hosts))


class Library:
    """Documents whose references lead into each other. A reference is replaced by what it names."""

    def __init__(self) -> None:
        self._docs: dict[Path, Any] = {}
        self._joined: set[Path] = set()

    def open(self, file: Path) -> Any:
        """The document in this file; nothing where there is no such file."""
        file = file.resolve()
        if file not in self._docs:
            self._docs[file] = _parsed(file) if file.exists() else {}
        return self._docs[file]

    def join(self) -> None:
        """Follow every reference of every document that was opened, and of those that they lead to."""
        while waiting := self._docs.keys() - self._joined:
            for file in waiting:
                self._joined.add(file)
                self._follow(self._docs[file], file)

    def _follow(self, node: Any, home: Path) -> None:
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            if isinstance(value, dict) and isinstance(value.get("$ref"), str):
                beside = {name: inner for name, inner in value.items() if name not in ("$ref", "description")}
                target = self._target(value["$ref"], home)
                self._follow(beside, home)
                node[key] = {"allOf": [target], **beside} if beside else target
            elif isinstance(value, dict | list):
                self._follow(value, home)
        told_apart = node.get("discriminator") if isinstance(node, dict) else None
        if isinstance(told_apart, dict) and isinstance(told_apart.get("mapping"), dict):
            node[KINDS] = [self._target(reference, home) for reference in told_apart["mapping"].values()]

    def _target(self, reference: str, home: Path) -> Any:
        name, _, pointer = reference.partition("#")
        file = (home.parent / name).resolve() if name else home
        node = self.open(file)
        for part in pointer.strip("/").split("/") if pointer.strip("/") else ():
            node = node.get(part.replace("~1", "/").replace("~0", "~"), {})
        again = node.get("$ref")
        return self._target(again, file) if isinstance(again, str) else node


def _parsed(file: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with file.open(encoding="utf-8") as text:
        return json.load(text) if file.suffix == ".json" else yaml.load(text, loader)  # noqa: S506 (it is a safe one)


def _filled(server: Mapping[str, Any]) -> str:
    """A server's address; a variable path is filled in, a variable host stays one."""
    url = str(server["url"])
    for name, variable in server.get("variables", {}).items():
        if "path" in name.lower():
            url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url


def _operations(doc: Doc, base: str) -> Iterator[Operation]:
    keys = _keys(doc)
    for path, item in doc.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield _operation(method.upper(), base + path, item[method], item.get("parameters", []), keys)


def _operation(method: str, path: str, said: Doc, shared: list[Doc], keys: dict[str, Schema]) -> Operation:
    parameters = {(p["name"], p["in"]): p for p in [*shared, *said.get("parameters", ())]}.values()
    body = said.get("requestBody", {})
    query = _place("query", parameters)
    return Operation(
        method, path.partition("?")[0], _place("path", parameters), {**query, "properties": keys | query["properties"]},
        _place("header", parameters), {kind: one.get("schema", {}) for kind, one in body.get("content", {}).items()},
        body.get("required", False), said.get("deprecated", False),
    )


def _place(where: str, parameters: Any) -> Schema:
    """The parameters of one place as fields of an object; one that is an object gives its fields."""
    properties, required = dict[str, Schema](), list[str]()
    for parameter in parameters:
        if parameter["in"] != where:
            continue
        inner, name = _schema(parameter), parameter["name"].removesuffix("[]")
        if where == "query" and inner.get("properties") and parameter.get("style", "form") == "form":
            properties |= inner["properties"]
            required += inner.get("required", ())
        else:
            properties[name] = inner | ({"deprecated": True} if parameter.get("deprecated") else {})
            required += [name] if parameter.get("required") else []
    return fields(properties, tuple(required))


def _schema(parameter: Doc) -> Schema:
    content: Doc = next(iter(parameter.get("content", {}).values()), {})
    return dict(parameter.get("schema") or content.get("schema") or {})


def _keys(doc: Doc) -> dict[str, Schema]:
    """Access that travels in the query."""
    schemes = doc.get("components", {}).get("securitySchemes", {}).values()
    return {scheme["name"]: {"type": "string"} for scheme in schemes if scheme.get("in") == "query"}
