"""Add up how posts stand: by channel, by the hour at which they went out, by what they are made of. In the database, so
that a year of a large workspace is read in a blink."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import CharField, Count, Func, Q, QuerySet, Sum

from tidings.analytics.models import Standing
from tidings.networks.metrics import OF_POSTS


class Hour(Func):
    """The hour, UTC, of an instant; what Django offers for this is a function in Python for each row on SQLite."""

    template = "substr(%(expressions)s, 1, 13)"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """By PostgreSQL's own words."""
        return self.as_sql(compiler, connection, template="date_trunc('hour', %(expressions)s, 'UTC')", **more)


Key = TypeVar("Key")
ENGAGED = {"did": Sum("engaged"), "judged": Count("engaged")}
COUNTS = ("posts", "engaged", "judged", "gone", "young")


@dataclass
class Total:
    """Numbers of several posts, in our words. `counted`: of how many posts each number is known; `engaged`: the
    likes, comments, shares and saves of the posts of which any of these is known."""

    posts: int = 0
    values: dict[str, int] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    engaged: int = 0
    judged: int = 0  # posts of which `engaged` is known
    gone: int = 0  # deleted over there
    young: int = 0  # whose numbers still grow

    def add(self, other: "Total") -> None:
        """The other's numbers as well."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for word, value in other.values.items():
            self.values[word] = self.values.get(word, 0) + value
            self.counted[word] = self.counted.get(word, 0) + other.counted[word]

    @property
    def mean(self) -> float | None:
        """What people did, for each post; None where that is known of none."""
        return self.engaged / self.judged if self.judged else None


def by_channel_and_shape(standings: QuerySet[Standing], young: datetime) -> dict[tuple[UUID, str], Total]:
    """Each channel's posts, apart by what they are made of; those that went out after `young` are still growing."""
    words = {f"sum_{word}": Sum(word) for word in OF_POSTS} | {f"of_{word}": Count(word) for word in OF_POSTS}
    rows = standings.order_by().values("channel", "shape").annotate(
        posts=Count("*"), gone=Count("gone_at"), young=Count("out_at", filter=Q(out_at__gt=young)), **ENGAGED, **words,
    )  # fmt: skip
    return {(row["channel"], row["shape"]): _total(row) for row in rows}


def by_hour(standings: QuerySet[Standing]) -> dict[datetime, Total]:
    """The posts of each hour, UTC; of their numbers, what people did."""
    rows = standings.order_by().values(hour=Hour("out_at")).annotate(posts=Count("*"), **ENGAGED)
    told = rows.values_list("hour", "posts", *ENGAGED)
    return {_hour(hour): Total(posts, {}, {}, did or 0, judged) for hour, posts, did, judged in told}


def grouped(totals: Iterable[tuple[Key, Total]]) -> dict[Key, Total]:
    """Those of one key together."""
    found: dict[Key, Total] = {}
    for key, total in totals:
        found.setdefault(key, Total()).add(total)
    return found


def whole(totals: Iterable[Total]) -> Total:
    """All of them together."""
    sum_of_all = Total()
    for one in totals:
        sum_of_all.add(one)
    return sum_of_all


def _total(row: Mapping[str, Any]) -> Total:
    known = [word for word in OF_POSTS if row.get(f"of_{word}")]
    return Total(
        row["posts"], {word: row[f"sum_{word}"] for word in known}, {word: row[f"of_{word}"] for word in known},
        row["did"] or 0, row["judged"], row.get("gone", 0), row.get("young", 0),
    )  # fmt: skip


def _hour(said: str | datetime) -> datetime:
    return said if isinstance(said, datetime) else datetime.fromisoformat(f"{said}:00").replace(tzinfo=UTC)
