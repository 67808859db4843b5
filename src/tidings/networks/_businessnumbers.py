"""What Google counts of a location, by day: https://developers.google.com/my-business/reference/performance/rest

It has told no numbers of posts since February 2023. In which time zone its days begin it does not say: they are taken
as they come.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.core import clock
from tidings.networks import _google
from tidings.networks.declare import Rate
from tidings.networks.errors import Unsure
from tidings.networks.metrics import Counting, Metric, Reading

LATE = 3  # days until a day without a number is one on which nothing was counted
CROWD = (
    Metric("BUSINESS_IMPRESSIONS_DESKTOP_MAPS", "impressions", "Viewers in Maps on computers.", per="day"),
    Metric("BUSINESS_IMPRESSIONS_DESKTOP_SEARCH", "impressions", "Viewers in Search on computers.", per="day"),
    Metric("BUSINESS_IMPRESSIONS_MOBILE_MAPS", "impressions", "Viewers in Maps on phones.", per="day"),
    Metric("BUSINESS_IMPRESSIONS_MOBILE_SEARCH", "impressions", "Viewers in Search on phones.", per="day"),
    Metric("WEBSITE_CLICKS", "clicks", "Clicks on the business's website.", per="day"),
    Metric("CALL_CLICKS", "", "Clicks on the button that calls.", "Clicks on call", "day"),
    Metric("BUSINESS_DIRECTION_REQUESTS", "", "Times that somebody asked for the way.", "Requests for the way", "day"),
    Metric("MESSAGING_CLICKS", "", "Clicks on the button that writes a message.", "Clicks on message", "day"),
    Metric("BUSINESS_BOOKINGS", "", "Bookings made with Google.", "Bookings", "day"),
    Metric("BUSINESS_FOOD_MENU_CLICKS", "", "Clicks on the menu, once a person.", "Clicks on the menu", "day"),
)


class Located(_google.Google):
    """A location whose days are counted."""

    uncounted = "Google has told no numbers of posts since 2023, only those of the location."
    crowd = CROWD
    counting = Counting(reads=(Rate(300, timedelta(minutes=1), "app"),), behind=LATE)

    def audience(self, since: date) -> Sequence[Reading]:
        """Every day that is counted already."""
        today = clock.now().date()
        asked = [("dailyMetrics", metric.theirs) for metric in CROWD]
        asked += [*_range("startDate", since), *_range("endDate", today)]
        place = self.access.profile.id.rpartition("/")[2]
        path = f"/v1/locations/{place}:fetchMultiDailyMetricsTimeSeries?{urlencode(asked)}"
        said = self.call("GET", f"{self.hosts['performance']}{path}").json()
        if not isinstance(said, dict):
            raise Unsure("Something answered in place of Google.")
        return list(_readings(said, today - timedelta(days=LATE)))


def _range(end: str, day: date) -> list[tuple[str, str]]:
    return [(f"dailyRange.{end}.{part}", str(getattr(day, part))) for part in ("year", "month", "day")]


def _readings(said: Mapping[str, Any], known: date) -> Iterator[Reading]:
    """No number stands for 0, and also for a day that is not counted yet: only of old ones is it known which."""
    series = [one for many in said.get("multiDailyMetricTimeSeries", ()) for one in many["dailyMetricTimeSeries"]]
    for one in series:
        for dated in one.get("timeSeries", {}).get("datedValues", ()):
            day = date(**dated["date"])
            if "value" in dated or day < known:
                yield Reading(one["dailyMetric"], int(dated.get("value", 0)), day)
