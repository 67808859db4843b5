"""Whatever goes wrong below /api/ is said as a problem document, also when it never came to an operation."""

import pytest
from django.test import Client

from tests import people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "at", "status"),
    [
        ("GET", "/api/v1/workspaces/x/posts?q=%00", 400),
        ("POST", "/api/v1/workspaces/x/uploads", 403),  # without the CSRF token
        ("GET", "/api/v1/nothing", 404),
    ],
)
def test_an_error_before_any_operation_is_a_problem_document(method: str, at: str, status: int) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.owner().user)

    answer = client.generic(method, at)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


def test_people_get_a_page() -> None:
    assert Client().get("/nothing")["Content-Type"].startswith("text/html")


def test_every_refusal_is_in_the_description() -> None:
    described = people.signed_in(people.owner()).get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert {"401", "403", "404", "422"} <= set(operation["responses"]), (path, method)


def test_a_host_that_is_none_is_a_bad_request_and_no_fault() -> None:
    answer = Client(raise_request_exception=False).get("/accounts/login/", headers={"host": "a b"})

    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")


def test_an_address_to_go_on_to_that_is_none_is_no_fault() -> None:
    answer = Client(raise_request_exception=False).get("/accounts/confirm-email/nonsense/?next=http://[::1")

    assert answer.status_code < 500
