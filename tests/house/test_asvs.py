"""docs/security.md says of no requirement that it is met without a test that is there."""

import ast
from functools import cache
from typing import get_args

from tests.house import asvs
from tests.house.source import ROOT

CHAPTERS = 17


@cache
def names(file: str) -> set[str]:
    """The tests in this file."""
    tree = ast.parse((ROOT / "tests" / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def exists(test: str) -> bool:
    file, _, name = test.partition("::")
    return (ROOT / "tests" / file).is_file() and name in names(file)


def test_every_test_that_the_table_of_requirements_names_is_there() -> None:
    assert [(r.id, test) for r in asvs.every() for test in r.tests if not exists(test)] == []


def test_what_is_said_to_be_met_is_shown_by_a_test() -> None:
    assert [r.id for r in asvs.every() if r.verdict in ("met", "partly") and not r.tests] == []


def test_what_is_not_met_or_does_not_apply_says_why() -> None:
    verdicts = get_args(asvs.Verdict)
    assert [r.id for r in asvs.every() if len(r.how) < 5 or r.verdict not in verdicts] == []


def test_every_chapter_is_there_in_order_and_no_requirement_twice() -> None:
    places = [r.place for r in asvs.every()]
    assert places == sorted(set(places))
    assert {place[0] for place in places} == set(range(1, CHAPTERS + 1))
    assert all(set(r.level.split("–")) <= {"1", "2"} for r in asvs.every())
