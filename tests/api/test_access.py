"""May a stranger? Every route of the API is asked, by somebody signed out, a stranger, and a role too small."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests import people
from tidings.api.urls import api
from tidings.core import clock
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db

SCHEMA = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
ROUTES = sorted((method.upper(), path) for path, methods in SCHEMA["paths"].items() for method in methods)
BODIES: dict[str, dict[str, Any]] = {
    "move": {"at": "2031-01-01T00:00:00Z"},
    "schedule": {"at": "2031-01-01T00:00:00Z"},
    "resolve": {"out": False},
}
WRITE = {"POST posts", "PUT posts", "DELETE posts", "PATCH media", "DELETE media", "POST move"}


def ask(client: Client, method: str, path: str, owner: Member) -> Any:
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.id,), (ItemDraft("hello"),)))
    (delivery,) = schedule(owner, post, clock.now())
    ids = {"slug": owner.workspace.slug, "id": post.id, "media_id": uuid4(), "name": "board"}
    if "/deliveries/{id}" in path:
        ids["id"] = delivery.id
    if "/channels/{id}" in path:
        ids["id"] = channel.id
    url = re.sub(r"{(\w+)}", lambda found: str(ids[found[1]]), path)
    body = {"revision": 1} | BODIES.get(path.rpartition("/")[2], {})
    if method == "GET":
        return client.get(url, {"from": "2030-01-01T00:00:00Z", "to": "2030-01-02T00:00:00Z"})
    return client.generic(method, url, json.dumps(body), "application/json")


def test_the_description_names_every_route_and_loads_nothing_from_elsewhere() -> None:
    answer = people.signed_in(people.owner()).get("/api/v1/openapi.json")

    assert len(answer.json()["paths"]) == len(SCHEMA["paths"]) > 12
    assert Client().get("/api/v1/docs").status_code == 404


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_who_is_signed_out_gets_in(method: str, path: str) -> None:
    answer = ask(Client(), method, path, people.owner())

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_stranger_finds_nothing(method: str, path: str) -> None:
    answer = ask(people.signed_in(people.owner()), method, path, people.owner())

    assert answer.status_code == 404
    assert "hello" not in answer.content.decode()


@pytest.mark.parametrize(("method", "path"), [r for r in ROUTES if r[0] != "GET" and not r[1].endswith("check")])
def test_a_client_only_looks(method: str, path: str) -> None:
    owner = people.owner()

    assert ask(people.signed_in(people.member(owner, "client")), method, path, owner).status_code == 403


@pytest.mark.parametrize("verb", ["schedule", "cancel", "move"])
def test_a_contributor_publishes_nothing(verb: str) -> None:
    owner = people.owner()
    path = f"/api/v1/workspaces/{{slug}}/posts/{{id}}/{verb}"

    assert ask(people.signed_in(people.member(owner, "contributor")), "POST", path, owner).status_code == 403


def test_a_change_without_the_csrf_token_is_refused() -> None:
    owner = people.owner()
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner.user)

    answer = client.post(f"{people.api(owner)}/posts", "{}", "application/json")

    assert answer.status_code == 403


def test_ids_of_another_workspace_and_ids_that_are_none_are_404() -> None:
    owner, other = people.owner(), people.owner()
    post = compose(other, Draft(items=(ItemDraft("hello"),)))

    client = people.signed_in(owner)

    assert client.get(f"{people.api(owner)}/posts/{post.id}").status_code == 404
    assert client.get(f"{people.api(owner)}/posts/not-an-id").status_code == 404
