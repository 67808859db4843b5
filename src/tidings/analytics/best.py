"""The best time to publish, from what a workspace's own posts came to, and how sure that is.

Each post is held against what is usual on its channel, so that a large channel does not speak for a small one. A time
of the week is only named when enough posts went out then, and when chance alone would seldom make them as good.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist, fmean, median, stdev
from typing import Literal
from uuid import UUID

from tidings.analytics.period import Period

BLOCK = 3  # hours that are looked at together
LEAST, LEAST_OF_ALL = 8, 40  # posts at a time of the week, and posts of all, for anything to be said
USUAL_OF = 5  # posts of a channel, for it to have a usual
MOST = 3  # times that are named
Sure = Literal["sure", "likely"]
# How many of the times that are looked at would look this good by chance, where all are equal.
BY_CHANCE: dict[Sure, float] = {"sure": 0.05, "likely": 0.5}


@dataclass(frozen=True)
class Post:
    """What one post came to."""

    channel: UUID
    out_at: datetime
    engaged: int


@dataclass(frozen=True)
class Best:
    """A time of the week: from `hour` for BLOCK hours, 0 Monday; `times`: as good as usual so many times."""

    weekday: int
    hour: int
    posts: int
    times: float
    sure: Sure


def best(posts: Sequence[Post], period: Period) -> list[Best]:
    """The best first; empty where nothing can be said."""
    by_time: dict[tuple[int, int], list[float]] = defaultdict(list)
    judged = list(_against_usual(posts))
    if len(judged) < LEAST_OF_ALL:
        return []
    for post, times in judged:
        at = period.local(post.out_at)
        by_time[at.weekday(), at.hour // BLOCK * BLOCK].append(math.log(times))
    enough = {place: logs for place, logs in by_time.items() if len(logs) >= LEAST}
    found = [one for place, logs in enough.items() if (one := _judged(place, logs, len(enough)))]
    return sorted(found, key=lambda one: (-one.times, one.weekday, one.hour))[:MOST]


def _against_usual(posts: Iterable[Post]) -> Iterable[tuple[Post, float]]:
    """Each post as so many times of its channel's median; one more everywhere, so that nothing is divided by zero."""
    by_channel: dict[UUID, list[Post]] = defaultdict(list)
    for post in posts:
        by_channel[post.channel].append(post)
    for mine in by_channel.values():
        usual = median(post.engaged for post in mine) + 1
        if len(mine) >= USUAL_OF:
            yield from ((post, (post.engaged + 1) / usual) for post in mine)


def _judged(place: tuple[int, int], logs: Sequence[float], looked_at: int) -> Best | None:
    """How sure it is that posts do better at this time, one of so many; None: it is not, or they do not."""
    mean, error = fmean(logs), max(stdev(logs), 0.05) / math.sqrt(len(logs))
    for sure, chance in BY_CHANCE.items():
        if mean - _student(1 - chance / max(looked_at, 2), len(logs) - 1) * error > 0:
            return Best(*place, len(logs), round(math.exp(mean), 2), sure)
    return None


def _student(part: float, freedom: int) -> float:
    """Below which this part of Student's t lies: of few posts, more has to be seen. Cornish and Fisher's expansion
    (Abramowitz & Stegun 26.7.5), good to a hundredth for what is asked here."""
    z = NormalDist().inv_cdf(part)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
