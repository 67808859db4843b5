"""One word for one thing: what GLOSSARY.md says a thing is not called is the name of nothing here."""

import ast
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.house.source import ROOT, SRC, Module, files, modules, words
from tidings import networks

FORBIDDEN = {
    "platform", "provider", "integration", "tenant", "organisation", "organization", "team", "task", "job",
    "asset", "attachment", "publication", "manager", "handler", "helper", "helpers", "util", "utils",
    "account", "accounts",
}
# path or path:identifier -> why the word stands there
ALLOWED = {
    "src/tidings/framework.py": "names of settings that Django, its apps and allauth give",
    "src/tidings/simulators": "a simulator speaks its network's own words",
    "src/tidings/workspaces/models.py:UserManager": "Django's name for what makes users",
    "src/tidings/urls.py": "Django's names for the pages of errors",
    "src/tidings/networks/bluesky.py:job": "its video service's own word for a film under way",
    "src/tidings/media/blank.py:handler": "the name that ISO 14496-12 gives this box",
}
# names that are words of other things here, too: those networks are looked for by their addresses
ORDINARY = {"x", "threads", "ghost", "dev", "email", "mail", "smtp", "webhook"}
NAMED_ELSEWHERE = {
    "src/tidings/core/text.py": "ways of counting that networks share, named after who published them",
    "src/tidings/core/tlds.txt": "the endings that addresses can have",
}
DOCS = ("networks/", "simulators/", "static/networks/")


def _made(module: Module) -> Iterator[str]:
    """Every identifier this module gives a meaning to."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _allowed(module: Module, name: str) -> bool:
    return any(module.path.startswith(key) or f"{module.path}:{name}" == key for key in ALLOWED)


def test_no_identifier_uses_a_forbidden_word() -> None:
    wrong = {
        f"{module.path}: {name}"
        for module in modules()
        for name in _made(module)
        if FORBIDDEN & set(words(name)) and not _allowed(module, name)
    }
    assert wrong == set()


@pytest.mark.parametrize("word", sorted(FORBIDDEN - {"helpers", "utils", "accounts", "organization"}))
def test_the_glossary_says_what_a_thing_is_not_called(word: str) -> None:
    assert re.search(rf"\b{word}\b", (ROOT / "GLOSSARY.md").read_text(), re.I)


def _texts() -> Iterator[tuple[str, str]]:
    """Everything that could decide by a network's name: code without its comments, pages, scripts."""
    for module in modules():
        yield module.path, "\n".join(_said(module.tree))
    front = files(ROOT / "frontend", ".ts", ".tsx", ".css", ".mjs", ".js")
    pages = files(SRC, ".html", ".txt", ".css") + front
    for path in pages:
        yield str(path.relative_to(ROOT)), path.read_text()


def _said(tree: ast.Module) -> Iterator[str]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        elif isinstance(node, ast.Name | ast.Attribute | ast.FunctionDef | ast.ClassDef | ast.arg):
            yield str(getattr(node, "id", "") or getattr(node, "attr", "") or getattr(node, "name", ""))


def _sought(name: str) -> str:
    """What gives a network away: its name, or its domains."""
    if name not in ORDINARY:
        return name if len(name) > 3 else rf"(?<![a-z]){name}(?![a-z])"
    network = networks.get(name)
    hosts = {urlsplit(url).hostname or "" for url in (network.docs, network.policy, *network.hosts.values())}
    domains = {".".join(host.split(".")[-2:]) for host in hosts if not re.fullmatch(r"[\d.]*|localhost", host)}
    return "|".join(rf"\b{re.escape(domain)}\b" for domain in sorted(domains))


def test_a_network_is_named_only_in_its_own_files() -> None:
    sought = {name: re.compile(_sought(name), re.I) for name in networks.every()}
    named = {
        f"{path} names {name}"
        for path, text in _texts()
        if not any(own in path for own in DOCS) and path not in NAMED_ELSEWHERE
        for name, pattern in sought.items()
        if pattern.search(text)
    }
    assert named == set()
