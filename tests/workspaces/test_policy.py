"""The role table: who may do what, and nobody else."""

import pytest

from tidings.core import clock
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import VERBS, Forbidden, Frozen, may, require

MAY = {
    "owner": {"read", "write", "publish", "connect", "manage", "own"},
    "admin": {"read", "write", "publish", "connect", "manage"},
    "editor": {"read", "write", "publish"},
    "contributor": {"read", "write"},
    "client": {"read"},
}


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("verb", VERBS)
def test_a_role_may_what_the_table_says(role: str, verb: str) -> None:
    assert may(Member(role=role, user=User()), verb) is (verb in MAY[role])


@pytest.mark.parametrize("verb", VERBS)
def test_a_stranger_may_nothing(verb: str) -> None:
    assert not may(None, verb)
    with pytest.raises(Forbidden):
        require(None, verb)


@pytest.mark.parametrize("verb", VERBS)
def test_who_is_frozen_only_looks_on_and_ends_things(verb: str) -> None:
    member = Member(role="owner", user=User(frozen_at=clock.now()))

    assert may(member, verb) is (verb in ("read", "own"))
    if verb not in ("read", "own"):
        with pytest.raises(Frozen, match="frozen"):
            require(member, verb)


def test_every_role_of_the_model_is_in_the_table() -> None:
    assert {name for name, _ in Member.ROLES} == set(MAY)


def test_an_unknown_verb_is_a_mistake_and_no_permission() -> None:
    with pytest.raises(KeyError):
        may(Member(role="owner"), "fly")
