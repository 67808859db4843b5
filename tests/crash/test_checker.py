"""The checker counts what it should: each doctored world shows one fault, and only that one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from tests.conftest import Town
from tests.crash.asked import SHAPES, connect, desk, told
from tests.crash.checker import COUNTS, Asked, Held, Told, verdict, words
from tests.crash.networks import profile
from tidings.core import clock

MINE, OTHER = "name00001", "name00002"
FIRST, SECOND, THIRD = words(1, 0), words(1, 1), words(2, 0)


@dataclass
class World:
    """What was asked, what the database tells of it, and what the network holds."""

    asked: list[Asked] = field(default_factory=list)
    told: dict[tuple[str, str, str], Told] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)

    def tell(self, of: int, **changes: object) -> None:
        """Let the database tell something else of one that was asked."""
        key = self.asked[of].key
        self.told[key] = replace(self.told[key], **changes)  # type: ignore[arg-type]

    def hold(self, id: str, said: str, profile: str = MINE) -> None:
        """Let the network hold one more post."""
        self.held.append(Held("mastodon", id, f"{{'account': '{profile}', 'content': '{said}'}}", len(self.held)))

    def resay(self, of: int, said: str) -> None:
        """Let one of the posts say something else."""
        self.held[of] = replace(self.held[of], said=f"{MINE} {said}")

    def count(self) -> dict[str, int]:
        """What the checker counts."""
        return verdict(self.asked, self.told, self.held)


@pytest.fixture
def world() -> World:
    """All is well: a thread of two, a post with a picture, and one that a person is asked about."""
    made = World()
    made.asked = [
        Asked("mastodon", MINE, FIRST), Asked("mastodon", MINE, SECOND, before=FIRST),
        Asked("mastodon", MINE, THIRD, alt="A blue field"), Asked("mastodon", OTHER, FIRST),
    ]
    receipts = ("11", "12", "13")
    made.told = {one.key: Told("delivered", id) for one, id in zip(made.asked, receipts, strict=False)}
    made.told[made.asked[3].key] = Told("unsure", reason="It did not answer.", doubtful=True)
    made.hold("11", FIRST)
    made.hold("12", f"{SECOND}, in reply to 11")
    made.hold("13", f"{THIRD}, A blue field")
    return made


def test_a_world_in_order_counts_nothing(world: World) -> None:
    assert world.count() == dict.fromkeys(COUNTS, 0)


def test_what_a_person_is_asked_about_may_be_out(world: World) -> None:
    world.hold("14", FIRST, OTHER)
    assert world.count() == dict.fromkeys(COUNTS, 0)


def swap(world: World) -> None:
    """The third before the first two."""
    world.held = [replace(post, place=(post.place + 1) % 3) for post in world.held]


def lose_a_row(world: World) -> None:
    """The database has forgotten one that is out."""
    del world.told[world.asked[2].key]


FAULTS: list[tuple[str, str, Callable[[World], object], dict[str, int]]] = [
    ("delivered, but not there", "lost", lambda w: w.held.pop(), {}),
    ("there, but its receipt is of another post", "lost", lambda w: w.tell(2, receipt="11"), {}),
    ("there, but without its picture", "lost", lambda w: w.resay(2, THIRD), {}),
    ("ended as failed", "lost", lambda w: (w.held.pop(), w.tell(2, state="failed", receipt="", reason="No.")), {}),
    ("a person is asked without a cause", "lost", lambda w: w.tell(3, doubtful=False), {}),
    ("a person is asked without a word", "lost", lambda w: w.tell(3, reason=""), {}),
    ("there twice", "duplicated", lambda w: w.hold("14", f"{THIRD}, A blue field"), {}),
    ("there twice, of what a person is asked about", "duplicated",
     lambda w: (w.hold("14", FIRST, OTHER), w.hold("15", FIRST, OTHER)), {}),
    ("there, but told to wait", "unexplained", lambda w: w.tell(2, state="waiting", receipt=""), {}),
    ("there, but told to have failed", "unexplained", lambda w: w.tell(2, state="failed", receipt=""), {"lost": 1}),
    ("there, but forgotten", "unexplained", lose_a_row, {"lost": 1}),
    ("there, and nobody asked for it", "unexplained", lambda w: w.hold("14", words(9, 0)), {}),
    ("there, but by another profile", "unexplained", lambda w: w.hold("14", SECOND, OTHER), {}),
    ("the later one before the others", "out_of_order", swap, {}),
    ("a part that hangs on nothing", "out_of_order", lambda w: w.resay(1, SECOND), {}),
]


@pytest.mark.django_db
def test_the_database_tells_of_everything_that_was_asked(town: Town) -> None:
    here = desk()
    profiles = [{**profile(town["mastodon"], name), "network": "mastodon"} for name in (MINE, OTHER)]
    here.ask(connect(here, profiles), SHAPES[2], clock.now())
    assert len(here.asked) == 4
    assert told() == {one.key: Told("waiting") for one in here.asked}


@pytest.mark.parametrize(("what", "name", "spoil", "besides"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_counted_as_what_it_is(
    world: World, what: str, name: str, spoil: Callable[[World], object], besides: dict[str, int]
) -> None:
    spoil(world)
    assert world.count() == {**dict.fromkeys(COUNTS, 0), name: 1, **besides}
