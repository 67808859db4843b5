"""The one word a person sees of a post."""

from dataclasses import dataclass

import pytest

from tidings.deliveries.face import LABELS, STATE_LABELS, face
from tidings.deliveries.models import MOVES


@dataclass
class Post:
    stage: str


@dataclass
class Delivery:
    state: str


@pytest.mark.parametrize(
    ("stage", "states", "word"),
    [
        ("draft", "", "draft"),
        ("review", "", "review"),
        ("approved", "", "approved"),
        ("draft", "cancelled", "draft"),
        ("approved", "cancelled cancelled", "cancelled"),
        ("approved", "waiting waiting", "scheduled"),
        ("approved", "waiting sending", "publishing"),
        ("approved", "settling delivered", "publishing"),
        ("approved", "delivered delivered", "published"),
        ("approved", "delivered cancelled", "published"),
        ("approved", "delivered waiting", "partly"),
        ("approved", "delivered failed", "partly"),
        ("approved", "failed waiting", "failed"),
        ("approved", "held waiting", "held"),
        ("approved", "unsure sending failed delivered", "unsure"),
    ],
)
def test_stage_and_states_make_one_word(stage: str, states: str, word: str) -> None:
    assert face(Post(stage), [Delivery(state) for state in states.split()]) == word
    assert word in LABELS


def test_every_state_of_a_delivery_has_a_word() -> None:
    assert set(STATE_LABELS) == set(MOVES)
