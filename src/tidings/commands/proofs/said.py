"""What a check has to say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

MOST = 1000  # rows of a table that are looked at; of more, that many at random
SAID = 5  # faults that are told one by one


@dataclass(frozen=True)
class Proof:
    """What was looked at for a sentence, and how many of it; what is wrong; or why it could not be looked at."""

    id: str
    looked: str
    count: int
    wrong: Sequence[str] = ()
    unseen: str = ""

    @property
    def kept(self) -> bool | None:
        """None: it could not be looked at."""
        return None if self.unseen else not self.wrong


def few(faults: Iterable[str]) -> tuple[str, ...]:
    """The first faults, and how many more there are."""
    found = list(faults)
    more = len(found) - SAID
    return (*islice(found, SAID), *([f"and {more} more"] if more > 0 else []))


def sample(rows: "QuerySet[Any]") -> list[Any]:
    """All rows, or that many at random of a big table."""
    if rows.count() <= MOST:
        return list(rows)
    chosen = list(rows.order_by("?").values_list("pk", flat=True)[:MOST])
    return list(rows.filter(pk__in=chosen))
