"""The documentation is true: generated tables are current, what it names exists, its links lead somewhere."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from tests.house import docs
from tests.house.source import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
STEP = re.compile(r"^\| \w+ \| `([\w.]+)\(([^)]*)\)[^`]*` \| `([\w/<>.]+)` \|", re.M)


@pytest.mark.parametrize(("file", "name"), sorted(docs.TABLES))
def test_a_table_made_from_the_code_is_current(file: str, name: str) -> None:
    is_now, would_be = docs.current(file, name)
    assert is_now == would_be, "run: .venv/bin/python -m tests.house.docs --write"


def test_every_function_of_the_straight_way_exists_with_its_parameters() -> None:
    steps = STEP.findall((ROOT / "ARCHITECTURE.md").read_text())
    assert len(steps) >= 8
    for name, parameters, file in steps:
        module = importlib.import_module("tidings." + file.removesuffix(".py").replace("/", "."))
        found = module
        for part in name.split("."):
            found = getattr(found, part)
        wanted = [word.strip() for word in parameters.split(",") if word.strip()]
        given = [word for word in inspect.signature(found).parameters if word != "self"]
        assert given[: len(wanted)] == wanted, name


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_a_page_names_exists(page: Path) -> None:
    """Paths in code font that begin in the tree's own folders; patterns with <…>, * or … are none."""
    named = re.findall(r"`((?:src|tests|docs|frontend)/[\w./-]+)`", page.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_decisions_are_numbered_without_gaps_and_fit_one_screen() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    assert [path.name for path in decisions if len(path.read_text().splitlines()) > 60] == []


PAPERS = ("README", "ARCHITECTURE", "GLOSSARY", "CONTRIBUTING", "CHANGELOG", "SECURITY")


@pytest.mark.parametrize("name", PAPERS)
def test_the_house_has_its_papers(name: str) -> None:
    assert len((ROOT / f"{name}.md").read_text()) > 300


def test_the_parts_of_the_tests_are_explained_where_people_look() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    parts = re.findall(r"^  (\w+)  ", (ROOT / "test").read_text(), re.M)
    assert {"setup", "fast", "browser", "postgres", "crash", "real", "bench", "screenshots"} <= set(parts)
    assert [part for part in parts if part not in text] == []
