"""YouTube's numbers in a box: statistics of films and channels, and reports of YouTube Analytics.

Switches: `hides` (numbers that are not told), `analysis` (whether the project has that API).
https://developers.google.com/youtube/analytics/reference/reports/query
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators import _youtube
from tidings.simulators._ytcomments import Comments

ANALYTICS = "https://www.googleapis.com/auth/yt-analytics.readonly"
OF_FILMS = ("viewCount", "likeCount", "commentCount")
OF_CHANNELS = ("viewCount", "subscriberCount")
KNOWN = {"views", "likes", "comments", "shares", "estimatedMinutesWatched", "subscribersGained", "subscribersLost"}
MOST = 50  # ids in one question
PACIFIC = ZoneInfo("America/Los_Angeles")
LATE = timedelta(days=1)  # the latest days have no rows yet


class Numbers(Comments):
    """Numbers are texts in one API and numbers in the other, as over there."""

    hides: Iterable[str] = ()
    analysis = True

    def number_routes(self) -> list[Route]:
        """Where the reports are."""
        return [Route("/v2/reports", self.report)]

    def asked(self, request: Request) -> list[str]:
        """The ids that a question names; too many are refused."""
        ids = request.query_params.get("id", "").split(",")
        if len(ids) > MOST:
            raise _youtube.invalid("invalidParameter", "The request specifies too many ids.")
        return ids

    def statistics_of(self, id: str) -> dict[str, Any]:
        """Of a film."""
        told = {name: str(self.grown(id, f"statistics.{name}")) for name in OF_FILMS if name not in self.hides}
        return {"statistics": {**told, "favoriteCount": "0"}}

    def statistics_here(self, name: str) -> dict[str, Any]:
        """Of a channel; who hides its subscribers is said to have none."""
        told = {field: str(self.crowd(name, f"statistics.{field}")) for field in OF_CHANNELS}
        hidden = {"hiddenSubscriberCount": "subscriberCount" in self.hides}
        if hidden["hiddenSubscriberCount"]:
            told["subscriberCount"] = "0"
        return {"statistics": {**told, **hidden, "videoCount": str(len(self.posts))}}

    async def report(self, request: Request) -> Response:
        """Rows by day, or by film; without anything to tell there are no rows at all."""
        name, wish = self.who(request), request.query_params
        self._may(request)
        metrics, by = wish["metrics"].split(","), wish["dimensions"]
        if wish["ids"] != "channel==MINE" or not set(metrics) <= KNOWN or by not in ("day", "video"):
            raise _youtube.invalid("badRequest", "The query is not supported.")
        rows = self._days(name, wish, metrics) if by == "day" else self._films(name, wish["filters"], metrics)
        head = [{"name": by, "columnType": "DIMENSION", "dataType": "STRING"}]
        head += [{"name": metric, "columnType": "METRIC", "dataType": "INTEGER"} for metric in metrics]
        told = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": head}
        return JSONResponse(told | ({"rows": rows} if rows else {}))

    def _may(self, request: Request) -> None:
        given = request.headers["authorization"].partition(" ")[2]
        if not any(token.access == given and ANALYTICS in token.scope for token in self.oauth.tokens):
            raise _youtube.closed("insufficientPermissions", "Request had insufficient authentication scopes.")
        if not self.analysis:
            raise _youtube.closed("accessNotConfigured", "YouTube Analytics API has not been used in project 1 before "
                                                         "or it is disabled. Enable it, then retry.")

    def _days(self, name: str, wish: Any, metrics: list[str]) -> list[list[Any]]:
        day, end = date.fromisoformat(wish["startDate"]), date.fromisoformat(wish["endDate"])
        end = min(end, clock.now().astimezone(PACIFIC).date() - LATE)
        days = [day + timedelta(days=n) for n in range((end - day).days + 1)]
        return [[one.isoformat(), *(self.day(name, metric, one) for metric in metrics)] for one in days]

    def _films(self, name: str, filters: str, metrics: list[str]) -> list[list[Any]]:
        ids = filters.removeprefix("video==").split(",")
        ours = [id for id in ids if self.posts.get(id, {}).get("account") == name]
        return [[id, *(self.grown(id, metric) for metric in metrics)] for id in ours]
