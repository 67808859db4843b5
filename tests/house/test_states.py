"""The state graph of a delivery is closed, and a person can see and leave every state."""

from collections import deque

from tidings.deliveries.face import LABELS, STATE_LABELS, face
from tidings.deliveries.models import CLAIMABLE, MOVES, NEEDS_A_PERSON, UNDER_WAY, Delivery
from tidings.posts.models import Post


def _reached(start: str) -> set[str]:
    seen, ahead = {start}, deque([start])
    while ahead:
        fresh = MOVES[ahead.popleft()] - seen
        seen |= fresh
        ahead.extend(fresh)
    return seen


def test_every_move_leads_to_a_declared_state() -> None:
    assert {target for targets in MOVES.values() for target in targets} <= set(MOVES)


def test_every_state_is_reached_from_waiting() -> None:
    assert _reached("waiting") == set(MOVES)


def test_delivered_is_reached_from_everywhere_and_left_from_nowhere() -> None:
    assert all("delivered" in _reached(state) for state in MOVES)
    assert MOVES["delivered"] == frozenset()


def test_every_state_is_under_way_or_needs_a_person_or_is_an_end() -> None:
    assert set(UNDER_WAY) | set(NEEDS_A_PERSON) | {"delivered", "cancelled"} == set(MOVES)
    assert set(CLAIMABLE) <= set(UNDER_WAY)


def test_every_state_has_a_word_for_people() -> None:
    assert set(STATE_LABELS) == set(MOVES)


def test_every_state_gives_its_post_a_face_with_a_word() -> None:
    for stage, _ in Post.STAGES:
        for state in MOVES:
            assert face(Post(stage=stage), [Delivery(state=state)]) in LABELS


def test_every_face_is_shown_by_some_post() -> None:
    stages = [stage for stage, _ in Post.STAGES]
    pairs = [[]] + [[Delivery(state=a), Delivery(state=b)] for a in MOVES for b in MOVES]
    assert {face(Post(stage=stage), pair) for stage in stages for pair in pairs} == set(LABELS)
