"""Sentences that the program keeps or declares in English, for the catalogues: tidings/speech.py says them.

What networks declare is read from their declarations. What else they and the lower layers say is found in the code:
whatever looks like a sentence there is one.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from tidings import networks
from tidings.networks import answered, declare, metrics
from tidings.speech import GAP, KEPT

SOURCE = Path(__file__).parents[2] / "src/tidings"
FOLDERS = ("networks", "channels", "deliveries", "analytics", "instance", "posts", "media", "core")
DECLARED = ("connect", "console", "options", "limits", "metrics", "crowd", "counting", "hearing")  # of a network
WORDS = ("label", "help", "steps", "id", "secret", "gate", "unit", "means", "partial", "price")
DATA = (answered.__name__, declare.__name__, metrics.__name__)  # where declarations are declared
BEFORE = re.compile(r"^%\(\w+\)s (?=[A-Z])")  # another sentence, said by itself
LETTERS = re.compile(r"[A-Za-z]{2}")
SENTENCE = re.compile(  # two words at least; it ends as one, or with what a colon, a full stop or a number led to
    r"[A-Z%@](?=.*\b[A-Za-z]+,? [a-z]+)(.*[.!?:…]|.*[:.].*\)s|.* \d+ %\(\w+\)s|.*\w: [\w ]*\S+)", re.S
)


def everything() -> Iterator[tuple[str, str]]:
    """(Context, words)."""
    yield from (("", words) for words in declared())
    yield from kept()


def declared() -> Iterator[str]:
    """Labels, explanations, choices and guides of every network."""
    for network in networks.every().values():
        yield from _of([getattr(network, name, ()) for name in DECLARED])


def _of(said: Any) -> Iterator[str]:
    if isinstance(said, list | tuple):
        for one in said:
            yield from _of(one)
    elif is_dataclass(said) and type(said).__module__ in DATA:
        for field in fields(said):
            yield from _of_field(said, field.name)


def _of_field(said: Any, name: str) -> Iterator[str]:
    value = getattr(said, name)
    if name == "choices" and isinstance(value, tuple):
        yield from (label for one, label in value if label != one and LETTERS.search(label))
    elif name in WORDS and isinstance(value, str | tuple):
        yield from (words for words in ([value] if isinstance(value, str) else value) if words)
    else:
        yield from _of(value)


def kept() -> Iterator[tuple[str, str]]:
    """(Context, words) of every sentence in the code of the lower layers."""
    for folder in FOLDERS:
        for path in sorted((SOURCE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from of_code(path.read_text())


def of_code(text: str) -> Iterator[tuple[str, str]]:
    """A constant that begins as a sentence and ends as one; with something in it, as a pattern."""
    tree = ast.parse(text)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    silent |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    silent |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) for part in ast.walk(node)
               if isinstance(part, ast.JoinedStr) and part is node.format_spec}  # fmt: skip
    for node in ast.walk(tree):
        words = BEFORE.sub("", _words(node)) if id(node) not in silent else ""
        if SENTENCE.fullmatch(words):
            yield KEPT if isinstance(node, ast.JoinedStr) and GAP.search(words) else "", words


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    names: list[str] = []
    return "".join(_part(part, names) for part in node.values)


def _part(part: ast.expr, names: list[str]) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    name = _named(getattr(part, "value", part)).strip("_").lower() or "value"
    names.append(name)
    return f"%({name}{names.count(name) if name in names[:-1] else ''})s"


def _named(value: ast.AST) -> str:
    """The word that tells most of an expression: what a call is given, or the last of an attribute."""
    if isinstance(value, ast.Call) and (said := next(filter(None, map(_named, value.args)), "")):
        return said
    own = getattr(value, "attr", getattr(value, "id", getattr(value, "value", "")))
    if isinstance(own, str) and own.isidentifier():
        return own
    return next(filter(None, map(_named, ast.iter_child_nodes(value))), "")
