"""The API against its own description: schemathesis makes requests, good and spoilt, and judges the answers."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.core.cache import cache
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as trying
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


def statuses(cases: int, number: int) -> set[int]:
    """What the owner's requests are answered with."""
    seen: set[int] = set()
    list(failures(cases, number, "owner", seen.add))
    return seen


def failures(
    cases: int, number: int, who: str = "owner", look: Callable[[int], None] = lambda status: None
) -> Iterator[str]:
    """What about `cases` requests find wrong, with how to send each again; `look` is told every status."""
    owner = people.owner()
    ids = hostile.scene(owner)
    along = _sent_along(VISITORS[who](owner))
    schema = openapi.from_wsgi("/api/v1/openapi.json", _from_here)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    each = max(1, cases // len(operations) // len(MODES))
    for operation in operations:
        for mode in MODES:
            yield from _tried(operation, mode, _places(operation.path, ids), along, each, number, look)


def _from_here(environ: dict[str, Any], start: Any) -> Any:
    """The program as a server calls it, which knows where a request comes from."""
    return pages({**environ, "REMOTE_ADDR": "127.0.0.1"}, start)


def _sent_along(visitor: Member | None) -> dict[str, dict[str, str]]:
    """What signs a request in, and lets it change something."""
    token = "c" * 32
    cookies = {settings.CSRF_COOKIE_NAME: token}
    if visitor:
        cookies[settings.SESSION_COOKIE_NAME] = people.signed_in(visitor).cookies[settings.SESSION_COOKIE_NAME].value
    return {"headers": {"X-CSRFToken": token}, "cookies": cookies}


def _places(path: str, ids: dict[str, str]) -> dict[str, str]:
    """The ids that stand in this path, so that requests come to something."""
    words = path.strip("/").split("/")
    places = {place[1:-1]: before for before, place in pairwise(words) if place[0] == "{"}
    return {name: ids.get(before, ids.get(name, "")) for name, before in places.items()}


def _tried(
    operation: Any, mode: GenerationMode, places: dict[str, str], along: dict[str, Any], each: int, number: int,
    look: Callable[[int], None],
) -> Iterator[str]:
    @seed(number)
    @trying(max_examples=each, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=places))
    def one(case: Any) -> None:
        cache.clear()
        with undone():
            answer = case.call(**along)
            look(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

    try:
        one()
    except (Failure, FailureGroup) as failure:
        yield f"{operation.label} ({mode.value}), seed {number}: {failure}"
