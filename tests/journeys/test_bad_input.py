"""Whatever is sent: an answer that says what is wrong, never a 500; and strangers learn nothing from it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client

from tests import people
from tests.journeys import hostile

pytestmark = pytest.mark.django_db
PAGES = sorted(set(hostile.pages()))
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
ONCE = connection.vendor == "sqlite"  # kinds and methods are refused before a database hears of them
KINDS = ("text/plain", "multipart/form-data", "multipart/form-data; boundary=\0", "application/json; charset=x", JSON)
QUERIES = hostile.merged(hostile.QUERIES)  # one by one, too, by `python -m tests.fuzz pages`
PERIOD = "from=2030-01-01T00:00:00Z&to=2030-01-02T00:00:00Z&url=nowhere"
FIELDS = r'name="([^"]+)"'
BAD_PLACES = ["nonsense", "%00", "%ED%A0%80", "x" * 3000, "..%2F..", "00000000-0000-0000-0000-000000000000"]


@pytest.fixture(autouse=True)
def _closed_door() -> Iterator[None]:
    with hostile.no_way_out():
        yield


def browser(member: Any) -> Client:
    """Signed in; a fault of ours comes back as a 500 instead of ending the test at once."""
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    return client


def fault(answer: Any, what: str) -> list[str]:
    """What is wrong with this answer to bad input, if anything."""
    if answer.status_code >= 500:
        return [f"{answer.status_code} for {what}: {answer.exc_info[1]!r}" if answer.exc_info else what]
    problem = answer.headers.get("Content-Type") == "application/problem+json"
    if problem and answer.content and not answer.json()["detail"]:
        return [f"no reason for {what}"]
    return []


def text(answer: Any) -> str:
    """What a page says; of a file, what can be read of it."""
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(errors="replace")


def test_the_walk_covers_the_program() -> None:
    assert len(PAGES) > 50
    assert len(hostile.OPERATIONS) > 15


@pytest.mark.parametrize(("method", "path"), hostile.OPERATIONS)
def test_an_operation_of_the_api_answers_bad_bodies_with_a_reason(method: str, path: str) -> None:
    owner = people.owner()
    url = hostile.operation(path).format(**hostile.scene(owner))
    client, wrong = browser(owner), []
    if method in ("POST", "PUT", "PATCH"):
        for body in hostile.bodies(method, path):
            wrong += fault(client.generic(method, url, body, JSON), repr(body[:160]))
        for kind in KINDS if ONCE else ():
            wrong += fault(client.generic(method, url, b"--x", kind), kind)
    for query in hostile.QUERIES:
        wrong += fault(client.generic(method, f"{url}?{query}", b"{}", JSON), query[:160])
    assert wrong == []


@pytest.mark.parametrize("path", sorted({path for _method, path in hostile.OPERATIONS}))
def test_an_operation_of_the_api_knows_no_strange_addresses_and_methods(path: str) -> None:
    owner = people.owner()
    ids = hostile.scene(owner)
    client, wrong = browser(owner), []
    for name in ids:
        if f"{{{name}}}" in hostile.operation(path):
            for bad in BAD_PLACES:
                url = hostile.operation(path).format(**{**ids, name: bad})
                answer = client.get(f"{url}?{PERIOD}")
                wrong += fault(answer, url[:160])
                assert answer.status_code in (400, 404, 405), (answer.status_code, url[:160])
    for method in hostile.METHODS:
        wrong += fault(client.generic(method, hostile.operation(path).format(**ids), b"{}", JSON), method)
    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_bad_queries_forms_and_methods_without_a_fault(page: str) -> None:
    owner = people.owner()
    url = page.format(**hostile.scene(owner))
    client, wrong = browser(owner), []
    fields = set(hostile.re.findall(FIELDS, text(client.get(url)))) - {"csrfmiddlewaretoken"}
    for query in QUERIES:
        wrong += fault(client.get(f"{url}?{query}"), query[:160])
    for value in [*map(quote, hostile.WORDS), "%ED%A0%80", "%FF"]:
        if SESSION_KEY not in client.session:
            client.force_login(owner.user)
        form = "&".join(f"{quote(name)}={value}" for name in sorted(fields | {"out", "url", "way", "profile", "from"}))
        wrong += fault(client.generic("POST", url, form, FORM), f"each of {fields} = {value[:80]}")
    for kind in KINDS if ONCE else ():
        wrong += fault(client.generic("POST", url, b"--x\r\n", kind), kind)
    for method in hostile.METHODS if ONCE else ():
        wrong += fault(client.generic(method, url), method)
    assert wrong == []


@pytest.mark.parametrize("page", [page for page in PAGES if "{" in page])
def test_a_page_knows_no_strange_addresses(page: str) -> None:
    owner = people.owner()
    ids = hostile.scene(owner)
    client, wrong = browser(owner), []
    for name in ids:
        if f"{{{name}}}" in page:
            for bad in BAD_PLACES:
                wrong += fault(client.get(page.format(**{**ids, name: bad})), f"{name} = {bad[:80]}")
    assert wrong == []


@pytest.mark.alike
@pytest.mark.parametrize("page", [page for page in PAGES if "{slug}" in page])
def test_a_stranger_learns_nothing_from_any_page(page: str) -> None:
    owner = people.owner()
    url = page.format(**hostile.scene(owner))
    client = browser(people.owner())
    for method in hostile.METHODS:
        answer = client.generic(method, url, b"", FORM)
        said = answer.content.decode()
        assert answer.status_code in (204, 302, 403, 404, 405), (method, answer.status_code)
        assert hostile.SECRET not in said
        assert owner.workspace.name not in said


@pytest.mark.alike
@pytest.mark.parametrize(("method", "path"), hostile.OPERATIONS)
def test_a_stranger_learns_nothing_from_bad_bodies_either(method: str, path: str) -> None:
    owner = people.owner()
    url = hostile.operation(path).format(**hostile.scene(owner))
    client = browser(people.owner())
    for body in (b"{", b"{}", b"[]", b'{"revision": 1, "at": "2031-01-01T00:00:00Z", "out": true}'):
        answer = client.generic(method, f"{url}?{PERIOD}", body, JSON)
        assert answer.status_code in (400, 404, 422), answer.status_code
        assert hostile.SECRET not in answer.content.decode()
        assert owner.workspace.name not in answer.content.decode()


@pytest.mark.alike
@pytest.mark.parametrize(("method", "path"), [one for one in hostile.OPERATIONS if one[0] != "GET"])
def test_no_operation_is_done_without_the_csrf_token(method: str, path: str) -> None:
    owner = people.owner()
    url = hostile.operation(path).format(**hostile.scene(owner))
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner.user)
    assert client.generic(method, url, b"{}", JSON).status_code == 403
