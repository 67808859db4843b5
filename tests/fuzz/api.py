"""The API against its own description: schemathesis makes requests, good and spoilt, and judges the answers."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from django.core.cache import cache
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import people
from tests.journeys import hostile
from tests.permissions.visit import undone
from tidings.asgi import pages
from tidings.workspaces.models import Member

CHECKS: list[Any] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
VISITORS: dict[str, Callable[[Member], Member | None]] = {
    "owner": lambda owner: owner,
    "client": lambda owner: people.member(owner, "client"),
    "nobody": lambda owner: None,
}


def failures(cases: int, number: int, who: str = "owner") -> Iterator[str]:
    """What about `cases` requests find wrong, with how to send each again."""
    owner = people.owner()
    ids = hostile.scene(owner)
    headers = _headers(VISITORS[who](owner))
    schema = openapi.from_wsgi("/api/v1/openapi.json", pages)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    each = max(1, cases // len(operations) // len(MODES))
    for operation in operations:
        for mode in MODES:
            yield from _tried(operation, mode, _places(operation.path, ids), headers, each, number)


def _headers(visitor: Member | None) -> dict[str, str]:
    token = "c" * 32
    session = people.signed_in(visitor).cookies["session"].value if visitor else ""
    return {"Cookie": f"csrf={token}; session={session}", "X-CSRFToken": token}


def _places(path: str, ids: dict[str, str]) -> dict[str, str]:
    """The ids that stand in this path, so that requests come to something."""
    words = path.strip("/").split("/")
    places = {place[1:-1]: before for before, place in pairwise(words) if place[0] == "{"}
    return {name: ids.get(before, ids.get(name, "")) for name, before in places.items()}


def _tried(operation: Any, mode: GenerationMode, places: dict[str, str], headers: dict[str, str], each: int,
           number: int) -> Iterator[str]:
    @seed(number)
    @settings(max_examples=each, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=places))
    def one(case: Any) -> None:
        cache.clear()
        with undone():
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=CHECKS, headers=headers)

    try:
        one()
    except (Failure, FailureGroup) as failure:
        yield f"{operation.label} ({mode.value}), seed {number}: {failure}"
