"""What is answered before Django: health, media, public files. Over real HTTP, by every visitor."""

from collections.abc import Iterator
from itertools import product
from uuid import UUID

import pytest

from tests.media.stack import Answer, Browser, served
from tests.permissions.routes import METHODS, address, starlette_routes
from tests.permissions.scene import KEY, OWN, READ, Victim, victim
from tests.permissions.table import STARLETTE, asked
from tests.permissions.verdict import hidden
from tests.permissions.visitors import VISITORS, Visitor
from tidings.media.store import store
from tidings.privacy.export import file_of
from tidings.web import live

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_route_stands_in_the_table() -> None:
    assert sorted(STARLETTE) == starlette_routes()


def test_who_may_gets_the_file_and_nobody_else_learns_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = victim()
    monkeypatch.setattr(live, "LONGEST", 0.0)  # a stream that ends at once
    for path, mark in ((store().path(KEY), READ), (file_of(UUID(scene.ids["export"])), OWN)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(mark)
    with served() as port:
        found = [one for who in VISITORS for one in visits(scene, who, port)]
    assert not found, "\n".join(found)


def visits(scene: Victim, who: str, port: int) -> Iterator[str]:
    """What is wrong with what this visitor is told."""
    visitor = VISITORS[who](scene)
    session = visitor.client.cookies.get("session")
    browser = Browser(port, session.value if session else "")
    for route, method in product(STARLETTE, METHODS):
        answer = browser.ask(method, address(route, scene.ids | {"name": "picture.jpg"}))
        if said := wrong(asked(STARLETTE[route], method), visitor, answer):
            yield f"{who}: {method} {route}: {answer.status}, {said}"


def wrong(word: str, visitor: Visitor, answer: Answer) -> str:
    """What is wrong with this answer; empty: nothing."""
    text = answer.body.decode(errors="replace") + str(answer.headers)
    may = word == "public" or (word == "read" and bool(visitor.role))
    if answer.status >= 500 and answer.status != 503:  # not ready: nobody works here
        return "a fault"
    if word == "read" and may:
        return "" if answer.status == 200 else "but may"
    if not may and answer.status not in (404, 405):
        return "but may not"
    return ", ".join(mark for mark in hidden(visitor) if mark in text)
