"""The API's description, and what it asks of every request. Who may what at which route: tests/permissions."""

import json

import pytest
from django.test import Client

from tests import people
from tidings.api.urls import api
from tidings.posts.compose import Draft, ItemDraft, compose

pytestmark = pytest.mark.django_db

SCHEMA = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))


def test_the_description_names_every_route_and_loads_nothing_from_elsewhere() -> None:
    answer = people.signed_in(people.owner()).get("/api/v1/openapi.json")

    assert len(answer.json()["paths"]) == len(SCHEMA["paths"]) > 12
    assert Client().get("/api/v1/docs").status_code == 404


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
