"""A short run of the fuzzer of the API; `python -m tests.fuzz api` runs it at length."""

import pytest

from tests.fuzz import api
from tests.fuzz.line import kept_open
from tests.journeys import hostile

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("who", "cases"), [("owner", 168), ("client", 42), ("nobody", 42)])
def test_the_api_does_as_its_description_says_whatever_is_sent(who: str, cases: int) -> None:
    with hostile.no_way_out(), kept_open():
        found = list(api.failures(cases, 1, who))
    assert not found, "\n".join(found)


def test_the_owner_s_requests_come_to_something() -> None:
    """A fuzzer that is refused at the door finds nothing."""
    with hostile.no_way_out(), kept_open():
        statuses = api.statuses(42, 1)
    assert {200, 422} <= statuses, statuses
