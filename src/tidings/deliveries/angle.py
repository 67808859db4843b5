"""How somebody looks at the calendar, as its address says it: which view, narrowed to what, with free slots or without.
The day is no part of it, so that a view that is kept always begins today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from tidings.deliveries import sift
from tidings.deliveries.sift import Filters, Query

VIEWS = ("month", "week", "day", "list", "board")


@dataclass(frozen=True)
class Angle:
    """What an address says, the day left out."""

    view: str = "month"
    filters: Filters = sift.EVERYTHING
    slots: bool = True
    whole: bool = False  # a list of every post, not of some days

    def query(self) -> Query:
        """As it stands in an address; always the same for the same angle."""
        slots = [] if self.slots else [("slots", "off")]
        whole = [("span", "all")] if self.whole and self.view == "list" else []
        return [("view", self.view), *self.filters.query(), *slots, *whole]

    def spelled(self) -> str:
        """The same as text."""
        return urlencode(self.query())

    def at(self, day: str = "", **other: Any) -> str:
        """The address of this angle, changed in these ways, on a day."""
        pairs = replace(self, **other).query() + ([("day", day)] if day else [])
        return f"?{urlencode(pairs)}"


def read(said: Mapping[str, Sequence[str]]) -> Angle:
    """The angle of an address; what makes no sense there is as if it were not there."""
    view = next(iter(said.get("view", ())), "")
    slots, whole = "off" not in said.get("slots", ()), "all" in said.get("span", ())
    return Angle(view if view in VIEWS else "month", sift.read(said), slots, whole)


def cleaned(query: str) -> str:
    """A query as we would spell it ourselves, without a day."""
    return read(parse_qs(query.removeprefix("?"))).spelled()
