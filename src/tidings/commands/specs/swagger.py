"""OpenAPI 2, once called Swagger: read as the OpenAPI 3 that it would be. https://spec.openapis.org/oas/v2.0"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tidings.commands.specs import openapi
from tidings.commands.specs.form import FORM, JSON, MULTIPART, Schema, Spec

Doc = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")


def read(files: Sequence[Path], at: Sequence[str]) -> Spec:
    """One or more files."""
    library = openapi.Library()
    docs = [library.open(file) for file in files]
    library.join()
    return openapi.spec([_newer(doc) for doc in docs], at)


def _newer(doc: Doc) -> Doc:
    server = f"https://{doc.get('host', '{host}')}{doc.get('basePath', '')}"
    paths = {
        path: {method: _operation(item[method], item, doc) for method in METHODS if method in item}
        for path, item in doc["paths"].items()
    }
    schemes = {"securitySchemes": doc.get("securityDefinitions", {})}
    return {"info": doc["info"], "servers": [{"url": server}], "paths": paths, "components": schemes}


def _operation(said: Doc, item: Doc, doc: Doc) -> Doc:
    parameters = [*item.get("parameters", ()), *said.get("parameters", ())]
    whole = [one for one in parameters if one["in"] == "body"]
    parts = [one for one in parameters if one["in"] == "formData"]
    plain = [{**one, "schema": _schema(one)} for one in parameters if one["in"] not in ("body", "formData")]
    kinds = said.get("consumes") or doc.get("consumes") or ([FORM, MULTIPART] if parts else [JSON])
    schema = whole[0]["schema"] if whole else _form(parts)
    needed = any(one.get("required") for one in (*whole, *parts))
    body = {"content": {kind: {"schema": schema} for kind in kinds}, "required": needed} if whole or parts else {}
    return {"parameters": plain, "requestBody": body, "deprecated": said.get("deprecated", False)}


def _form(parts: list[Doc]) -> Schema:
    properties = {part["name"].removesuffix("[]"): _schema(part) for part in parts}
    return {"type": "object", "properties": properties, "required": [p["name"] for p in parts if p.get("required")]}


def _schema(parameter: Doc) -> Schema:
    """A parameter's own words, which stand beside its name here."""
    return {name: value for name, value in parameter.items() if name not in ("name", "in", "required", "description")}
