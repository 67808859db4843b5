"""The contract, proven on every network: kill at every request, answer and save; every misdeed at every request."""

import re
from dataclasses import dataclass, replace
from itertools import combinations
from typing import cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.near import Near
from tidings import networks, simulators
from tidings.core.http import Door, Transport
from tidings.deliveries.send import Outcome
from tidings.networks.base import Outgoing


@dataclass(frozen=True)
class Way:
    """A network, and how its server behaves."""

    network: str
    mood: str = ""

    def __str__(self) -> str:
        return f"{self.network} {self.mood}".strip()


NEAR = 9  # places between two deaths; further apart, the second finds what the first left long settled
TOWN = simulators.every("http://127.0.0.1")
WAYS = [Way(name, mood) for name, one in sorted(TOWN.items()) for mood in ("", *one.moods)]
SHAPES = [(way, shape) for way in WAYS for shape in TOWN[way.network].shapes()]
THREADS = [way for way in WAYS if networks.get(way.network).threads]
TAKE_PICTURES = [way for way in WAYS if "a picture" in TOWN[way.network].shapes()]

every_shape = pytest.mark.parametrize(("way", "shape"), SHAPES, ids=[f"{way}-{shape}" for way, shape in SHAPES])


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> Way:
    return cast(Way, request.param)


def case(town: Town, door: Transport, way: Way, outgoing: Outgoing | None = None, shape: str = "") -> Case:
    """A delivery to this network as its server behaves here: of this shape, or else of its simplest."""
    simulator = town[way.network]
    for trait, value in simulator.moods[way.mood].items() if way.mood else ():
        setattr(simulator, trait, value)
    shapes = simulator.shapes()
    said = outgoing or shapes[shape or next(iter(shapes))]
    return Case(simulator, simulator.access(), said, door)


def largest(way: Way) -> str:
    """The shape with the most to upload that is not two of a kind."""
    shapes = TOWN[way.network].shapes()
    return "a picture" if "a picture" in shapes else list(shapes)[-1]


def explained(one: Case, outcome: Outcome) -> None:
    """Never two; delivered means exactly one and its receipt; anything else says why."""
    assert len(one.out()) <= 1, "it is out twice"
    if outcome.state == "delivered":
        assert len(one.out()) == 1
        assert outcome.receipt
        assert outcome.receipt.id in (str(one.out()) if one.simulator.names_posts else one.key)
    else:
        assert outcome.reason


@every_shape
def test_a_post_goes_out_once_when_all_is_well(town: Town, door: Door, way: Way, shape: str) -> None:
    one = case(town, door, way, shape=shape)
    outcome = one.drive()
    assert outcome.state == "delivered", outcome.reason
    assert len(one.out()) == 1


@every_shape
def test_killed_anywhere_it_is_never_out_twice_and_never_lost_without_a_word(
    town: Town, near: Near, way: Way, shape: str
) -> None:
    clean = Points()
    case(town, near, way, shape=shape).drive(clean)
    assert len(clean.passed) >= 6
    for death in range(1, len(clean.passed) + 1):
        one = case(town, near, way, shape=shape)
        explained(one, one.drive(Points(frozenset({death}))))


def test_killed_twice_anywhere_it_is_never_out_twice(town: Town, near: Near, way: Way) -> None:
    clean = Points()
    case(town, near, way).drive(clean)
    for deaths in combinations(range(1, len(clean.passed) + 7), 2):
        if deaths[1] - deaths[0] > NEAR:
            continue
        one = case(town, near, way)
        explained(one, one.drive(Points(frozenset(deaths))))


def test_killed_outside_the_commit_it_still_goes_out(town: Town, door: Door, way: Way) -> None:
    one = case(town, door, way, shape=largest(way))
    assert one.drive(Points(frozenset({1}))).state == "delivered"


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down", "limit", "slow"])
@pytest.mark.parametrize("times", [1, 3])
def test_whatever_answer_is_lost_it_is_never_out_twice(
    town: Town, near: Near, way: Way, misdeed: str, times: int
) -> None:
    clean = case(town, near, way, shape=largest(way))
    clean.simulator.seen.clear()
    clean.drive()
    lines = {re.sub(r"[^/]*\d{6,}.*", "", f"{seen.method} {seen.path}") for seen in clean.simulator.seen}
    for line in sorted(lines):
        one = case(town, near, way, shape=largest(way))
        one.simulator.tricks.clear()
        one.simulator.trick(misdeed, line, times, 0.005 if misdeed == "slow" else 2)  # type: ignore[arg-type]
        outcome = one.drive()
        explained(one, outcome)
        if misdeed in ("down", "limit", "slow") and times == 1 and outcome.state == "failed":
            raise AssertionError(f"a passing {misdeed} at {line} ended in: {outcome.reason}")


def test_a_refusal_before_anything_is_made_is_told_in_the_networks_words(
    town: Town, door: Door, way: Way
) -> None:
    one = case(town, door, way)
    one = replace(one, outgoing=one.simulator.refused())
    outcome = one.drive()
    assert outcome.state == "failed"
    assert outcome.reason
    assert not one.out()


def test_a_token_that_was_taken_away_asks_to_reconnect_and_sends_nothing(town: Town, door: Door, way: Way) -> None:
    one = case(town, door, way)
    one.simulator.lock_out()
    outcome = one.once(Points())
    assert outcome.reconnect
    assert not one.out()


@pytest.mark.parametrize("way", THREADS, ids=str)
def test_a_reply_hangs_on_the_part_before(town: Town, door: Door, way: Way) -> None:
    first = case(town, door, way)
    root = first.drive().receipt
    assert root
    reply = Outgoing("Part two", reply_to=root, root=root, position=1)
    second = Case(first.simulator, first.access, reply, door)
    outcome = second.drive()
    assert outcome.state == "delivered", outcome.reason
    assert len(second.out()) == 1
    assert root.id in str(second.out())


@pytest.mark.parametrize("way", THREADS, ids=str)
def test_killed_anywhere_a_reply_is_never_out_twice(town: Town, near: Near, way: Way) -> None:
    first = case(town, near, way)
    root = first.drive().receipt
    assert root
    reply = Outgoing("Part two", reply_to=root, root=root, position=1)
    clean = Points()
    Case(first.simulator, first.access, reply, near).drive(clean)
    for death in range(1, len(clean.passed) + 1):
        one = Case(first.simulator, first.access, reply, near)
        explained(one, one.drive(Points(frozenset({death}))))


@pytest.mark.parametrize("way", TAKE_PICTURES, ids=str)
def test_what_is_uploaded_once_is_not_uploaded_again_after_a_later_death(town: Town, door: Door, way: Way) -> None:
    clean, first = Points(), case(town, door, way, shape="a picture")
    before = len(first.simulator.media)
    first.drive(clean)
    after = len(first.simulator.media)
    commit = max(n for n, name in enumerate(clean.passed, 1) if name == "before a save")
    one = case(town, door, way, shape="a picture")
    one.drive(Points(frozenset({commit})))
    assert len(one.simulator.media) - after == after - before
