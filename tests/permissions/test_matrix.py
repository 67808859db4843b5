"""Every route × every method × every visitor: who may gets in, nobody else learns or changes anything."""

import pytest
from django.db import connection

from tests.permissions.routes import METHODS, django_routes
from tests.permissions.scene import Victim, victim
from tests.permissions.table import DJANGO
from tests.permissions.verdict import allowed, kept, leaks, wrong
from tests.permissions.visit import visit
from tests.permissions.visitors import VISITORS, Visitor, program
from tidings.workspaces.api_keys import SCOPES

pytestmark = pytest.mark.django_db
REST = [method for method in METHODS if method not in ("GET", "POST")]
# who else may what is decided from the same rows: these put every question to the other database, too
ASK_ALL = ("owner", "contributor", "client", "stranger", "operator")
WHO = [pytest.param(who, marks=[] if who in ASK_ALL else pytest.mark.alike) for who in VISITORS]


def test_every_route_stands_in_the_table() -> None:
    """Who adds a route says in tests/permissions/table.py who may what there."""
    assert sorted(DJANGO) == django_routes()


@pytest.mark.parametrize("who", WHO)
def test_who_may_gets_in_and_nobody_else_learns_or_changes_anything(who: str) -> None:
    scene = victim()
    visitor = VISITORS[who](scene)
    before, found = scene.checksum(), []
    for turn, pattern in enumerate(DJANGO, list(VISITORS).index(who)):
        for method in methods(pattern, turn):
            found += cell(scene, visitor, pattern, method)
    assert not found, "\n".join(found)
    assert scene.checksum() == before


@pytest.mark.parametrize("scopes", [("read",), SCOPES])
def test_a_program_may_what_its_key_is_for_and_is_nobody_at_pages(scopes: tuple[str, ...]) -> None:
    scene = victim()
    inside = program(scene, scopes)
    outside, before, found = Visitor(inside.client, login=False), scene.checksum(), []
    for turn, pattern in enumerate(DJANGO):
        at_api = pattern.startswith("api/v1/workspaces/")
        for method in methods(pattern, turn) if at_api or scopes != SCOPES else ():
            found += cell(scene, inside if at_api else outside, pattern, method)
    assert not found, "\n".join(found)
    assert scene.checksum() == before


def cell(scene: Victim, visitor: Visitor, pattern: str, method: str) -> list[str]:
    """What is wrong at this route, with this method."""
    line = DJANGO[pattern]
    answer, writes = visit(visitor.client, method, pattern, scene.ids)
    said = [wrong(line, method, visitor, answer), leaks(visitor, answer), kept(pattern, answer)]
    if not allowed(line, method, visitor):
        said += writes
    return [f"{method} {pattern}: {text}" for text in said if text]


def methods(pattern: str, turn: int) -> tuple[str, ...]:
    """GET, POST, what the table names; of the rest, which each route treats alike, visitors try one each, in turn."""
    if connection.vendor != "sqlite":
        return ("GET", "POST")
    named = [method for method in REST if f"{method} " in DJANGO[pattern]]
    return tuple(dict.fromkeys(("GET", "POST", *named, REST[turn % len(REST)])))
