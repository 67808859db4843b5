"""The numbers of a location on Google in a box. `quiet`: days on which nothing was counted, which is told by no value.

https://developers.google.com/my-business/reference/performance/rest/v1/locations/fetchMultiDailyMetricsTimeSeries
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators._google import problem
from tidings.simulators.base import Simulator

KNOWN = {
    "BUSINESS_IMPRESSIONS_DESKTOP_MAPS", "BUSINESS_IMPRESSIONS_DESKTOP_SEARCH", "BUSINESS_IMPRESSIONS_MOBILE_MAPS",
    "BUSINESS_IMPRESSIONS_MOBILE_SEARCH", "BUSINESS_CONVERSATIONS", "BUSINESS_DIRECTION_REQUESTS", "CALL_CLICKS",
    "WEBSITE_CLICKS", "MESSAGING_CLICKS", "BUSINESS_BOOKINGS", "BUSINESS_FOOD_ORDERS", "BUSINESS_FOOD_MENU_CLICKS",
}


class Performance(Simulator):
    """Every day that is asked for is listed; what is not counted yet has no value, and neither has a nought."""

    quiet: Iterable[date] = ()

    def number_routes(self, at: str) -> list[Route]:
        """Where they are."""
        return [Route(f"{at}/v1/locations/{{l}}:fetchMultiDailyMetricsTimeSeries", self.days)]

    def location(self, request: Request, name: str) -> str:
        """Which location that is, if whoever asks manages it."""
        raise NotImplementedError

    async def days(self, request: Request) -> Response:
        """Series, in one list within another."""
        place = self.location(request, request.path_params["l"])
        metrics = request.query_params.getlist("dailyMetrics")
        if not metrics or not set(metrics) <= KNOWN:
            raise problem(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
        days = _days(request)
        dated = {metric: [self._dated(place, metric, day) for day in days] for metric in metrics}
        told = [{"dailyMetric": metric, "timeSeries": {"datedValues": values}} for metric, values in dated.items()]
        return JSONResponse({"multiDailyMetricTimeSeries": [{"dailyMetricTimeSeries": told}]})

    def _dated(self, place: str, metric: str, day: date) -> dict[str, Any]:
        said = {"date": {"year": day.year, "month": day.month, "day": day.day}}
        silent = day in self.quiet or day >= clock.now().date()
        return said if silent else {**said, "value": str(self.day(place, metric, day))}


def _days(request: Request) -> list[date]:
    ends = [{part: int(request.query_params[f"dailyRange.{end}.{part}"]) for part in ("year", "month", "day")}
            for end in ("startDate", "endDate")]
    first, last = (date(**end) for end in ends)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
