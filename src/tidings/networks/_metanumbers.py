"""How Meta tells numbers: rows by name, of a post for good or of a profile by day.
https://developers.facebook.com/docs/graph-api/reference/insights

One number that is not to be had takes all others of the same question along. So they are then asked for one by one.
A number of which Meta knows nothing yet comes as no row, or as a row without a value: it is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tidings.core import clock
from tidings.networks._gone import Gone
from tidings.networks._meta import Meta
from tidings.networks._metarefusals import Forbidden, Uncounted
from tidings.networks.declare import Rate
from tidings.networks.errors import Reconnect
from tidings.networks.metrics import Numbers, Reading
from tidings.networks.seam import Receipt

PACIFIC = "America/Los_Angeles"  # where Meta's days begin
LAGS = 3  # days: two by which Meta's numbers may be late, and one for the hours that California is behind
LONGEST = timedelta(days=89)  # that one question may be about
CALLS = (Rate(4800, timedelta(days=1)),)  # for each person that a profile reaches in a day, so at least this many
Rows = Mapping[str, Mapping[str, Any]]


class Insights(Meta):
    """Numbers by name. Reading them needs a right of its own, which the last way to connect asks for."""

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One post. What is gone is answered like what may not be seen, so that says nothing."""
        (receipt,) = receipts
        try:
            numbers = self.counted(receipt)
        except Gone:
            return {}
        return {receipt.id: numbers} if numbers else {}

    def counted(self, receipt: Receipt) -> Numbers:
        """What is known of this post; empty for one that is not counted."""
        raise NotImplementedError

    def totals(self, path: str, names: Sequence[str], **query: Any) -> dict[str, int]:
        """Numbers as they stand."""
        values = {name: _total(row) for name, row in self.rows(path, names, **query).items()}
        return {name: value for name, value in values.items() if value is not None}

    def days(self, path: str, names: Sequence[str], since: date) -> Iterator[Reading]:
        """Numbers of each day that is over; as many days as one question may be about."""
        begins = max(datetime.combine(since, time(), ZoneInfo(PACIFIC)), clock.now() - LONGEST)
        span = {"since": int(begins.timestamp()), "until": int(clock.now().timestamp())}
        for name, row in self.rows(path, names, period="day", **span).items():
            read = (Reading(name, int(one["value"]), _day(one["end_time"])) for one in row.get("values", ()))
            yield from (one for one in read if one.day and one.day >= since)

    def rows(self, path: str, names: Sequence[str], **query: Any) -> Rows:
        """All at once; each by itself where one of them is not to be had."""
        try:
            return self._asked(path, names, query)
        except (Uncounted, Forbidden) as refused:
            if isinstance(refused, Forbidden) and len(names) == 1:
                raise self.without_right(refused) from refused
            return self._one_by_one(path, names, query) if len(names) > 1 else {}

    def _one_by_one(self, path: str, names: Sequence[str], query: Mapping[str, Any]) -> Rows:
        found: dict[str, Mapping[str, Any]] = {}
        forbidden: Forbidden | None = None
        for name in names:
            try:
                found |= self._asked(path, [name], query)
            except Uncounted:
                continue
            except Forbidden as refused:  # a single one is kept from pages with few followers
                forbidden = refused
        if forbidden and not found:
            raise self.without_right(forbidden) from forbidden
        return found

    def _asked(self, path: str, names: Sequence[str], query: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        said = self.read(path, metric=",".join(names), **query)["data"]
        return {str(row["name"]): row for row in said if row["name"] in names}

    def without_right(self, refused: Forbidden) -> Reconnect:
        """What to do about a right that is missing."""
        way = self.connect[-1].label
        return Forbidden(f"{self.label} gives this sign-in no numbers. Connect again by “{way}” ({refused.reason}).")


def _total(row: Mapping[str, Any]) -> int | None:
    """The envelope varies."""
    values = row.get("values") or [{}]
    said = row["total_value"] if isinstance(row.get("total_value"), dict) else values[0]
    return None if said.get("value") is None else int(said["value"])


def _day(ends: str) -> date:
    """The day that ends then; noon keeps apart what an hour of summer time could move."""
    return (clock.from_iso(ends) - timedelta(hours=12)).astimezone(ZoneInfo(PACIFIC)).date()
