"""How Meta's networks tell numbers, in a box: one name that is not known takes the whole answer along.

`removed`: names that are not known any more. `unseen`: names refused for want of people (code 200). `envelope`: what a
number of a post comes in (values or total_value). `unknown`: names of which nothing is known yet.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators import _meta
from tidings.simulators._meta import MetaBox, refusal

PACIFIC = ZoneInfo("America/Los_Angeles")
DAY = timedelta(days=1)


class InsightsBox(MetaBox):
    """Numbers by name. `reading`: the right that they need."""

    reading = ""
    removed: Collection[str] = ()
    unseen: Collection[str] = ()
    unknown: Collection[str] = ()
    envelope = "values"

    def totals(self, request: Request, known: Collection[str], value: Callable[[str], int]) -> Response:
        """Each number that was asked for, as it stands."""
        rows = []
        for name in self._names(request, known):
            said = {} if name in self.unknown else {"value": value(name)}
            body = {"total_value": said} if self.envelope == "total_value" else {"values": [said]}
            rows.append({"name": name, "period": "lifetime", **body, "title": name})
        return JSONResponse({"data": rows})

    def of_post(self, request: Request, id: str, known: Collection[str]) -> Response:
        """The numbers of a post, as it has grown."""
        if id not in self.posts:
            raise _meta.not_there(id)
        return self.totals(request, known, lambda name: self.grown(id, name))

    def by_day(self, request: Request, name: str, known: Collection[str]) -> Response:
        """The numbers of each day of the profile that is over; a day ends where the next begins."""
        asked, rows = request.query_params, []
        if float(asked["until"]) - float(asked["since"]) > 90 * 86_400:
            raise refusal(100, "There cannot be more than 90 days between since and until")
        span = list(_days(float(asked["since"]), min(float(asked["until"]), clock.now().timestamp())))
        for metric in self._names(request, known):
            values = [{"value": self.day(name, metric, day), "end_time": _meta.stamp(ends)} for day, ends in span]
            rows.append({"name": metric, "period": "day", "values": values, "title": metric})
        return JSONResponse({"data": rows})

    def _names(self, request: Request, known: Collection[str]) -> list[str]:
        names = request.query_params.get("metric", "").split(",")
        for place, name in enumerate(names):
            if name not in known or name in self.removed:
                raise refusal(100, f"(#100) metric[{place}] must be one of the following values: {', '.join(known)}")
            if name in self.unseen:
                raise refusal(200, "(#200) Permissions error", status=403)
        return names


def _days(since: float, until: float) -> Iterator[tuple[date, Any]]:
    """Each day that has begun since then and is over, and when it ended."""
    day = datetime.fromtimestamp(since, PACIFIC).date()
    while (ends := datetime.combine(day + DAY, time(), PACIFIC)).timestamp() <= until:
        yield day, ends.astimezone(clock.now().tzinfo)
        day += DAY
