"""What is refused when something is published is told while it is written: each refusal is proven on both sides."""

import pytest

from tests.conftest import Town
from tests.networks import refusals
from tests.networks.refusals import Refusal
from tidings.core.http import Door

ALL = list(refusals.every())
LEAST = 100  # how many there are to be; only raised
CAUGHT = 0.95

each = pytest.mark.parametrize(("name", "refusal"), ALL, ids=[f"{name}: {one.says}" for name, one in ALL])


@each
def test_the_network_refuses_it_and_nothing_is_out(town: Town, door: Door, name: str, refusal: Refusal) -> None:
    if refusal.late:
        pytest.skip(refusal.late)
    one = refusal.case(town[name], door)
    outcome = one.drive()
    assert (outcome.state, one.out()) == ("failed", {})
    assert outcome.reason


def test_nearly_all_of_them_are_told_before_anything_is_sent(town: Town) -> None:
    uncaught = [f"{name}: {one.says}" for name, one in ALL if not one.objections(town[name])]
    assert len(uncaught) <= len(ALL) * (1 - CAUGHT), "\n".join(uncaught)


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    names = [(name, one.says) for name, one in ALL]
    assert len(names) >= LEAST
    assert len(set(names)) == len(names)


def test_only_a_good_reason_keeps_one_from_being_tried() -> None:
    assert [one.says for _, one in ALL if one.late and len(one.late) < 20] == []
