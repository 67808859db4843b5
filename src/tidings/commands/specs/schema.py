"""A value against a schema: every misfit is a Problem."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import regex

from tidings.commands.specs.form import KINDS, Problem, Schema
from tidings.core.text import graphemes

TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
    "null": type(None),
}
MERGED = ("allOf", "anyOf", "oneOf")
LONGEST = (("maxLength", len, "characters"), ("maxGraphemes", graphemes, "graphemes"),
           ("maxBytes", lambda text: len(text.encode()), "bytes"))


class Text(str):
    """A value that travels as text, in a query or a form: what it means depends on what the schema wants."""


@dataclass(frozen=True)
class File:
    """A file that travels in a body, or is the body."""

    mime: str
    size: int


def problems(value: Any, schema: Schema, where: str = "") -> list[Problem]:
    """How the value misses the schema; of several alternatives, the one that it misses least."""
    tries = [list(_misfits(_meant(value, way), way, where)) for way in ways(schema)]
    return min(tries, key=_distance) if tries else []


def _distance(found: list[Problem]) -> tuple[int, int]:
    """A wrong kind of thing is farther off than anything that is wrong inside the right one."""
    return sum(problem.what in ("wrong type", "not in the list") for problem in found), len(found)


def ways(schema: Schema, base: bool = False) -> list[Schema]:
    """Every plain schema that a value may fit: without allOf, anyOf and oneOf. `base`: it is only built upon."""
    if schema.get(KINDS) and not base and not {"anyOf", "oneOf"} & schema.keys():
        return [way for kind in schema[KINDS] for way in ways(kind, base=True)]
    found = [{name: value for name, value in schema.items() if name not in MERGED}]
    for part in schema.get("allOf", ()):
        found = [_merged(one, way) for one in found for way in ways(part, base=True)]
    for choice in (schema.get("anyOf"), schema.get("oneOf")):
        if choice:
            found = [_merged(one, way) for one in found for part in choice for way in ways(part)]
    return found


def _merged(one: Schema, other: Schema) -> Schema:
    both = {**one, **other}
    for name in ("properties", "patternProperties"):
        if name in one or name in other:
            both[name] = {**one.get(name, {}), **other.get(name, {})}
    both["required"] = [*one.get("required", ()), *other.get("required", ())]
    return both


def _meant(value: Any, schema: Schema) -> Any:
    """What a text stands for where the schema wants no text; the text itself where it stands for nothing."""
    kinds = _kinds(schema)
    if isinstance(value, Text) and "array" in kinds and "string" not in kinds:
        return _from_json(value) if value.startswith("[") else [Text(part) for part in value.split(",")]
    if isinstance(value, Text) and kinds and "string" not in kinds:
        return _from_json(value)
    return [value] if isinstance(value, File) and kinds == ["array"] else value


def _from_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _kinds(schema: Schema) -> list[str]:
    kind = schema.get("type") or ("object" if "properties" in schema else "array" if "items" in schema else [])
    kinds = [kind] if isinstance(kind, str) else list(kind)
    return [*kinds, "null"] if kinds and schema.get("nullable") else kinds


def _misfits(value: Any, schema: Schema, where: str) -> Iterator[Problem]:
    if isinstance(value, File) or _wants_file(schema):
        if not (isinstance(value, File) and (_wants_file(schema) or not schema.get("type"))):
            yield Problem(where, "wrong type", f"is {_kind(value)}, but should be {_wanted(schema)}")
        return
    if not _of_type(value, schema):
        yield Problem(where, "wrong type", f"is {_kind(value)}, but should be {_wanted(schema)}")
        return
    yield from _listed(value, schema, where)
    if isinstance(value, str):
        yield from _text(value, schema, where)
    elif isinstance(value, dict):
        yield from _object(value, schema, where)
    elif isinstance(value, list):
        yield from _array(value, schema, where)
    elif isinstance(value, int | float):
        yield from _number(value, schema, where)


def _wants_file(schema: Schema) -> bool:
    return schema.get("format") == "binary" or "contentEncoding" in schema or schema.get("type") == "file"


def _of_type(value: Any, schema: Schema) -> bool:
    kinds = _kinds(schema)
    if isinstance(value, bool):
        return not kinds or "boolean" in kinds
    if isinstance(value, float) and value.is_integer() and "integer" in kinds:
        return True
    return not kinds or any(isinstance(value, TYPES.get(kind, object)) for kind in kinds)


def _kind(value: Any) -> str:
    if isinstance(value, File):
        return "a file"
    if isinstance(value, bool):
        return "boolean"
    return next(name for name, kind in TYPES.items() if isinstance(value, kind))


def _wanted(schema: Schema) -> str:
    return "a file" if _wants_file(schema) else " or ".join(_kinds(schema))


def _listed(value: Any, schema: Schema, where: str) -> Iterator[Problem]:
    choices = [schema["const"]] if "const" in schema else schema.get("enum")
    if choices and value not in choices and value is not None:
        yield Problem(where, "not in the list", f"is {value!r}, which is not one of {_short(choices)}")


def _short(choices: Sequence[Any]) -> str:
    said = ", ".join(repr(choice) for choice in choices)
    return said if len(said) <= 200 else f"{said[:200]} …"


def _text(value: str, schema: Schema, where: str) -> Iterator[Problem]:
    for name, count, unit in LONGEST:
        if name in schema and count(value) > schema[name]:
            yield Problem(where, "too long", f"has {count(value)} {unit}; the most is {schema[name]}")
    if len(value) < schema.get("minLength", 0):
        yield Problem(where, "too short", f"has {len(value)} characters; the least is {schema['minLength']}")
    if "pattern" in schema and not regex.search(schema["pattern"], value):
        yield Problem(where, "wrong form", f"is {value[:80]!r}, which does not fit the pattern {schema['pattern']}")
    if schema.get("format") == "date-time" and not _is_moment(value):
        yield Problem(where, "wrong form", f"is {value[:80]!r}, which is no date and time")


def _is_moment(value: str) -> bool:
    try:
        return "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _number(value: float, schema: Schema, where: str) -> Iterator[Problem]:
    most, least = schema.get("maximum"), schema.get("minimum")
    if most is not None and value > float(most):
        yield Problem(where, "too large", f"is {value}; the most is {most}")
    if least is not None and value < float(least):
        yield Problem(where, "too small", f"is {value}; the least is {least}")


def _array(value: list[Any], schema: Schema, where: str) -> Iterator[Problem]:
    if len(value) > schema.get("maxItems", len(value)):
        yield Problem(where, "too many", f"has {len(value)} entries; the most is {schema['maxItems']}")
    if len(value) < schema.get("minItems", 0):
        yield Problem(where, "too few", f"has {len(value)} entries; the least is {schema['minItems']}")
    for n, entry in enumerate(value):
        yield from problems(entry, schema.get("items", {}), f"{where}[{n}]")


def _object(value: dict[str, Any], schema: Schema, where: str) -> Iterator[Problem]:
    for name in dict.fromkeys(schema.get("required", ())):
        if name not in value:
            yield Problem(_inside(where, name), "missing field", "is required and not sent")
    for name, entry in value.items():
        inner, here = _schema_of(name, schema), _inside(where, name)
        if inner is None:
            yield Problem(here, "unknown field", "is not known there")
            continue
        if inner.get("deprecated"):
            yield Problem(here, "deprecated", "is deprecated")
        if inner.get("readOnly"):
            yield Problem(here, "read-only", "is only ever answered, not taken")
        yield from problems(entry, inner, here)


def _schema_of(name: str, schema: Schema) -> Schema | None:
    """What is said of this field; None: it is not known. An object of which nothing is said takes any."""
    if name in schema.get("properties", {}):
        return dict(schema["properties"][name])
    for pattern, inner in schema.get("patternProperties", {}).items():
        if regex.search(pattern, name):
            return dict(inner)
    rest = schema.get("additionalProperties", not schema.get("properties"))
    return dict(rest) if isinstance(rest, dict) else ({} if rest else None)


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
