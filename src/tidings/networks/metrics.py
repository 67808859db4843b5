"""What networks count, and on what terms: each number keeps the network's own name, and has one of our words beside it
where it means what that word says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tidings.networks.declare import Rate

Ours = Literal[
    "impressions", "reach", "views", "likes", "comments", "shares", "saves", "clicks", "watched",
    "followers", "visits", "",
]  # fmt: skip
OF_POSTS: tuple[Ours, ...] = (
    "impressions", "reach", "views", "likes", "comments", "shares", "saves", "clicks", "watched",
)  # fmt: skip
Numbers = Mapping[str, int]  # by the network's own names


@dataclass(frozen=True)
class Metric:
    """One number. `theirs`: what the network calls it; `ours`: our word for it, empty where none of ours fits, and then
    `label` is what people read; numbers with the same word are parts of it and are added up.

    `means`: the network's own definition, in one sentence of ours. A total is the count so far; a day's number is what
    came in that day.
    """

    theirs: str
    ours: Ours
    means: str
    label: str = ""
    per: Literal["total", "day"] = "total"


@dataclass(frozen=True)
class Reading:
    """A number as it was read of a profile: of a day where the network counts days, else as it stands now."""

    theirs: str
    value: int
    day: date | None = None


@dataclass(frozen=True)
class Counting:
    """How a network's numbers may be read, kept and used.

    `reads` are the requests it takes, posting included: reading takes a small part of them. `calls`: requests that one
    `measure` of a whole batch makes at most; `crowd_calls`: those of one `audience`.
    """

    batch: int = 1  # posts that one `measure` takes
    calls: int = 1
    crowd_calls: int = 1
    reads: tuple[Rate, ...] = (Rate(60, timedelta(minutes=1)),)
    zone: str = "UTC"  # in which its days begin
    behind: int = 0  # days until a day's numbers do not change any more: so many are read again
    lasts: timedelta | None = None  # after it went out, a post's numbers are not to be had any more
    keeps: timedelta | None = None  # how long its terms let numbers be kept that are not read anew
    derives: bool = True  # whether its terms let anything be computed from its numbers
    erases: bool = False  # its terms want the numbers of a post gone that was deleted there
    partial: str = ""  # what its numbers leave out, said beside them
    price: str = ""  # what reading costs, said before it is switched on; empty: nothing
