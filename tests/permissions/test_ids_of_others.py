"""Ids of another workspace, sent by somebody within a workspace of their own: in addresses, queries, forms, bodies."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from typing import Any

import pytest

from tests import people
from tests.journeys import hostile
from tests.permissions.routes import METHODS, PLACE
from tests.permissions.scene import Victim, victim
from tests.permissions.table import DJANGO, asked
from tests.permissions.verdict import leaks
from tests.permissions.visit import visit
from tests.permissions.visitors import Visitor, signed_in
from tidings.privacy.datamap import owned
from tidings.workspaces.models import Member
from tidings.workspaces.policy import VERBS

pytestmark = pytest.mark.django_db
NAMES = ("slug", "network", "name", "token", "key", "uidb36", "wish")  # places that name no row
INSIDE = [route for route in DJANGO if "<slug>" in route]
ASKED_FOR_BY = {  # names under which something could look for a row, and which id is sent as it
    "channel": "channels", "post": "posts", "delivery": "deliveries", "media": "media", "member": "members",
    "invitation": "invitations", "other": "members", "profile": "channels", "copy": "posts", "session": "sessions",
    "upload": "uploads", "id": "deliveries", "from": "posts", "workspace": "workspace", "file": "media",
}  # fmt: skip


def with_an_id(route: str) -> bool:
    """Whether its address names a row within a workspace."""
    return any(name not in NAMES for _before, name in PLACE.findall(route))


def test_the_walk_knows_routes_with_and_without_ids() -> None:
    assert 25 < len([route for route in INSIDE if with_an_id(route)]) < len(INSIDE) < len(DJANGO)


def test_a_row_of_another_workspace_is_not_found_at_an_address_of_ones_own() -> None:
    scene, mine, found = victim(), people.owner(is_operator=True), []
    visitor, before = Visitor(signed_in(mine.user), operator=True), scene.checksum()
    for route in filter(with_an_id, INSIDE):
        for method in METHODS:
            answer, writes = visit(visitor.client, method, route, scene.ids | {"slug": mine.workspace.slug})
            right = (204,) if asked(DJANGO[route], method) == "public" else (404, 405)
            wrong = [leaks(visitor, answer), *writes, "" if answer.status_code in right else str(answer.status_code)]
            found += [f"{method} {route}: {text}" for text in wrong if text]
    assert not found, "\n".join(found)
    assert scene.checksum() == before


@pytest.mark.alike  # the ids go through the same filters; at addresses, above, both databases are asked
def test_a_row_of_another_workspace_is_taken_from_no_query_form_or_body() -> None:
    scene, mine, found = victim(), people.owner(is_operator=True), []
    visitor, ids, before = Visitor(signed_in(mine.user), operator=True), hostile.scene(mine), scene.checksum()
    for route in INSIDE:
        for method, more in product(methods(route), said(ids, scene.ids) if "api/" in route else [named(scene.ids)]):
            wrong: list[str] = []
            look = partial(_noted, wrong, mine, scene, before)
            answer, _ = visit(visitor.client, method, route, ids, more, look)
            wrong += [text for text in (leaks(visitor, answer), str(answer.status_code)) if text and text[0] in "z5"]
            found += [f"{method} {route} {more}: {text}" for text in wrong]
    assert not found, "\n".join(found)


def methods(route: str) -> list[str]:
    """Those that do something there."""
    return [m for m in METHODS if asked(DJANGO[route], m) in VERBS and (m in ("GET", "POST") or "api/" in route)]


def named(its: Mapping[str, str]) -> dict[str, Any]:
    """The other's ids under every name."""
    return {name: its.get(which, "") for name, which in ASKED_FOR_BY.items()}


def said(mine: Mapping[str, str], its: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The other's ids under every name, and wherever a draft and an answer have them."""
    yield named(its)
    yield {"channels": [its["channels"]], "items": [{"text": "mine"}]}
    yield {"channels": [], "items": [{"text": "mine", "media": [{"id": its["media"]}]}]}
    variant = {"channel": its["channels"], "text": "mine", "media": [{"id": its["media"]}]}
    yield {"channels": [mine["channels"]], "items": [{"text": "mine", "variants": [variant]}]}
    yield {"channels": [mine["channels"]], "items": [{"text": "mine", "variants": [variant | {"media": None}]}]}
    yield {"out": True, "id": its["channels"]}


def _noted(wrong: list[str], mine: Member, scene: Victim, before: str) -> None:
    wrong.extend(taken(mine, scene, before))


def taken(mine: Member, scene: Victim, before: str) -> Iterator[str]:
    """What a visit did to the other's rows, and which of its ids stand in one's own now."""
    if scene.checksum() != before:
        yield "the other's rows are not what they were"
    rows = repr([list(table.of(mine.workspace_id).values_list()) for table in owned("workspace")])
    yield from (f"took {which}" for which, id in scene.ids.items() if len(id) == 36 and id in rows)
