"""The board: the database sorts posts into columns by the same words that pages use."""

from collections import defaultdict
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries import board as verbs
from tidings.deliveries.board import board
from tidings.deliveries.face import LABELS, word
from tidings.deliveries.models import MOVES, NEEDS_A_PERSON, Delivery
from tidings.deliveries.sift import Filters
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db
STAGES = ("draft", "review", "approved")
TWICE = frozenset({"sending"})  # a channel sends one at a time, so each needs a channel of its own
COLUMNS = {
    "draft": "drafts", "cancelled": "drafts", "review": "review", "approved": "review", "scheduled": "scheduled",
    "publishing": "scheduled", "published": "published", "partly": "published",
}  # fmt: skip


def states() -> list[frozenset[str]]:
    """Every set of states that a post's deliveries can be in."""
    return [frozenset(some) for n in range(len(MOVES) + 1) for some in combinations(sorted(MOVES), n)]


def every_kind(owner: Member) -> dict[Any, tuple[str, frozenset[str]]]:
    """A post of each stage with each set of states; which is which, by the post's id."""
    where, now = owner.workspace, clock.now()
    kinds = [(stage, some) for stage in STAGES for some in states() if stage == "approved" or not some - {"cancelled"}]
    posts = [Post(workspace=where, author=owner.user, stage=stage, wish_at=now) for stage, _some in kinds]
    items = [Item(post=post, position=0, text="x") for post in Post.objects.bulk_create(posts)]
    Item.objects.bulk_create(items)
    common = people.channel(owner)
    own = {n: people.channel(owner) for n, (_stage, some) in enumerate(kinds) if some & TWICE}
    again = {state: people.channel(owner) for state in MOVES}  # an item goes to a channel once
    Delivery.objects.bulk_create(
        Delivery(workspace=where, post=items[n].post, item=items[n], due_at=now, again_at=now, state=state,
                 channel=own[n] if state in TWICE else again.get(state, common))
        for n, (_stage, some) in enumerate(kinds) for state in some
    )  # fmt: skip
    return {items[n].post.pk: kind for n, kind in enumerate(kinds)}


def column_of(stage: str, some: frozenset[str]) -> str:
    return "attention" if some & set(NEEDS_A_PERSON) else COLUMNS[word(stage, set(some))]


def test_the_database_and_the_pages_have_the_same_word_for_every_post(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST", 1000)
    owner = people.owner()
    kinds = every_kind(owner)
    expected, columns = defaultdict(set), defaultdict(set)
    for post, (stage, some) in kinds.items():
        expected[word(stage, set(some))].add(post)
        columns[column_of(stage, some)].add(post)

    whole = {column.name: {entry.post for entry in column.entries} for column in board(owner.workspace)}
    by_face = {
        face: {entry.post for column in board(owner.workspace, Filters(states=frozenset({face})))
               for entry in column.entries}
        for face in LABELS
    }  # fmt: skip

    assert {name: posts for name, posts in whole.items() if posts} == columns
    assert by_face == dict(expected)
    assert len(kinds) > 2 ** len(MOVES)


def test_a_column_counts_all_and_shows_what_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST", 2)
    owner, now = people.owner(), clock.now()
    made = [Post(workspace=owner.workspace, author=owner.user, stage="draft", wish_at=now + timedelta(days=day))
            for day in (3, 1, 2)]  # fmt: skip
    Post.objects.bulk_create(made)
    loose = Post.objects.create(workspace=owner.workspace, author=owner.user, stage="draft")

    columns = {column.name: column for column in board(owner.workspace)}

    assert columns["drafts"].count == 3
    assert [entry.post for entry in columns["drafts"].entries] == [made[1].pk, made[2].pk]
    assert [entry.post for entry in columns["ideas"].entries] == [loose.pk]


def test_words_that_stand_nowhere_leave_an_empty_board() -> None:
    owner = people.owner()
    Post.objects.create(workspace=owner.workspace, author=owner.user, stage="draft")

    assert not any(column.count for column in board(owner.workspace, Filters(text="nowhere")))
