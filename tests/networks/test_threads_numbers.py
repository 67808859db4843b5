"""What Threads counts, over real HTTP against its simulator."""

from datetime import timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Town
from tests.contract.drive import Case
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.base import Outgoing, Receipt
from tidings.networks.errors import Reconnect
from tidings.simulators.threads import COUNTED, ThreadsNetwork

Threads = networks.get("threads")


@pytest.fixture
def threads(town: Town) -> ThreadsNetwork:
    return cast(ThreadsNetwork, town["threads"])


def put_out(threads: ThreadsNetwork, door: Door) -> Receipt:
    receipt = Case(threads, threads.access(), Outgoing("Hello"), door).drive().receipt
    assert receipt
    return receipt


def counted(threads: ThreadsNetwork, door: Door) -> tuple[str, dict[str, int]]:
    """A post that has grown for an hour, and what is read of it."""
    receipt = put_out(threads, door)
    with clock.shifted(timedelta(hours=1)):
        threads.seen.clear()
        return receipt.id, dict(Threads(threads.access(), door, "measure").measure([receipt]).get(receipt.id) or {})


@pytest.mark.parametrize("envelope", ["values", "total_value"])
def test_a_number_is_understood_in_either_envelope(envelope: str, threads: ThreadsNetwork, door: Door) -> None:
    threads.envelope = envelope
    id, numbers = counted(threads, door)
    with clock.shifted(timedelta(hours=1)):
        assert numbers == {name: threads.grown(id, name) for name in COUNTED}
    assert len(threads.seen) == 1


def test_a_number_that_is_not_given_any_more_takes_no_other_along(threads: ThreadsNetwork, door: Door) -> None:
    threads.removed = {"shares"}
    assert set(counted(threads, door)[1]) == set(COUNTED) - {"shares"}
    assert len(threads.seen) <= Threads.counting.calls


def test_a_number_of_which_nothing_is_known_yet_is_not_taken_for_none(threads: ThreadsNetwork, door: Door) -> None:
    threads.unknown = {"views"}
    assert set(counted(threads, door)[1]) == set(COUNTED) - {"views"}


def test_without_the_right_to_numbers_it_is_said_how_to_get_them(threads: ThreadsNetwork, door: Door) -> None:
    receipt = put_out(threads, door)
    one = Threads(threads.access(), door, "measure")
    threads.oauth.tokens[-1].scope = "threads_basic,threads_content_publish"
    for ask in (lambda: one.measure([receipt]), lambda: one.audience(clock.now().date())):
        with pytest.raises(Reconnect, match="Sign in there, and read numbers and messages"):
            ask()


def test_a_day_that_is_not_over_has_no_number(threads: ThreadsNetwork, door: Door) -> None:
    here = clock.now().astimezone(ZoneInfo(Threads.counting.zone)).date()
    told = Threads(threads.access(), door, "measure").audience(here - timedelta(days=3))
    assert [one.day for one in told if one.theirs == "views"] == [here - timedelta(days=n) for n in (3, 2, 1)]
