"""The numbers of a post on its page: as last read, what each means to its network, and how it grew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tidings.analytics.of_post import Grown, Numbers, numbers_of
from tidings.analytics.words import LABELS, told
from tidings.networks.metrics import OF_POSTS, Metric
from tidings.posts.models import Post
from tidings.speech import translated
from tidings.web.times import When, when
from tidings.workspaces.models import User


@dataclass(frozen=True)
class Number:
    """One number. `theirs`: what the network calls it; `values`: at each reading, empty where it was not given."""

    label: str
    theirs: str
    means: str
    values: Sequence[tuple[When, str]]


@dataclass(frozen=True)
class Shown:
    """What is known of a delivery: in our words, then each number of the network's at each reading."""

    said: Sequence[tuple[str, str]]
    at: Sequence[When]
    numbers: Sequence[Number]
    next: When | None


def shown(post: Post, user: User) -> Mapping[UUID, Shown]:
    """Of each delivery of which something was read."""
    return {id: _shown(one, user) for id, one in numbers_of(post).items() if one.grown}


def _shown(one: Numbers, user: User) -> Shown:
    declared = {metric.theirs: metric for metric in one.channel.speaks.metrics}
    order = {theirs: n for n, theirs in enumerate(declared)}
    grown = sorted(one.grown, key=lambda grown: order.get(grown.theirs, len(order)))
    times = sorted({at for each in grown for at, _value in each.points})
    again = one.standing.next_at
    return Shown(
        list(_said(one, declared)), [when(user, at) for at in times],
        [_number(each, declared.get(each.theirs), times, user) for each in grown], when(user, again) if again else None,
    )  # fmt: skip


def _said(one: Numbers, declared: Mapping[str, Metric]) -> Sequence[tuple[str, str]]:
    """Ours, of which the network may give several parts; then what only the network counts."""
    ours = [(word, getattr(one.standing, word)) for word in OF_POSTS]
    found = [(told(value), str(LABELS[word])) for word, value in ours if value is not None]
    own = [each for each in one.grown if not each.ours]
    return found + [(told(each.now), _label(each, declared.get(each.theirs))) for each in own]


def _number(grown: Grown, metric: Metric | None, times: Sequence[datetime], user: User) -> Number:
    values = dict(grown.points)
    cells = [(when(user, at), told(values[at]) if at in values else "") for at in times]
    return Number(_label(grown, metric), grown.theirs, translated(metric.means) if metric else "", cells)


def _label(grown: Grown, metric: Metric | None) -> str:
    if grown.ours in LABELS:
        return str(LABELS[grown.ours])
    return translated(metric.label) if metric else grown.theirs
