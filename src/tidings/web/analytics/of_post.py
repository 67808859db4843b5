"""The numbers of a post on its page: as last read, what each means to its network, and how it grew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tidings.analytics.of_post import Grown, Numbers, numbers_of
from tidings.analytics.words import LABELS, told
from tidings.networks.metrics import Metric
from tidings.posts.models import Post
from tidings.speech import translated
from tidings.web.times import When, when
from tidings.workspaces.models import User


@dataclass(frozen=True)
class Number:
    """One number. `theirs`: what the network calls it; `readings`: the earliest first."""

    label: str
    theirs: str
    value: str
    means: str
    readings: Sequence[tuple[When, str]]


@dataclass(frozen=True)
class Shown:
    """What is known of a delivery; nothing yet where it was not read."""

    numbers: Sequence[Number]
    read: When | None
    next: When | None


def shown(post: Post, user: User) -> Mapping[UUID, Shown]:
    """Of each delivery that is measured."""
    return {id: _shown(one, user) for id, one in numbers_of(post).items()}


def _shown(one: Numbers, user: User) -> Shown:
    declared = {metric.theirs: metric for metric in one.channel.speaks.metrics}
    order = {theirs: n for n, theirs in enumerate(declared)}
    grown = sorted(one.grown, key=lambda grown: order.get(grown.theirs, len(order)))
    read, again = one.standing.read_at, one.standing.next_at
    return Shown(
        [_number(each, declared.get(each.theirs), user) for each in grown],
        when(user, read) if read else None, when(user, again) if again else None,
    )  # fmt: skip


def _number(grown: Grown, metric: Metric | None, user: User) -> Number:
    label = str(LABELS[grown.ours]) if grown.ours in LABELS else translated(metric.label if metric else grown.theirs)
    return Number(
        label, grown.theirs, told(grown.now), translated(metric.means) if metric else "",
        [(when(user, at), told(value)) for at, value in grown.points],
    )  # fmt: skip
