"""What YouTube counts of films, comments and channels: the Data API's totals, and what YouTube Analytics says of days.

https://developers.google.com/youtube/v3/docs/videos#statistics, https://developers.google.com/youtube/analytics.
Several films in one question to YouTube Analytics, and how many comments one question takes, are not proven.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.core import clock
from tidings.networks._youtube import ANALYTICS, PACIFIC, DataApi
from tidings.networks.declare import Rate
from tidings.networks.errors import Unsure
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

BEGAN = "2005-02-14"  # no film is older than YouTube
OF_FILMS = (
    Metric("statistics.viewCount", "views", "Times that the film was watched."),
    Metric("statistics.likeCount", "likes", "Likes of the film."),
    Metric("statistics.commentCount", "comments", "Comments under the film."),
)
OF_COMMENTS = (Metric("snippet.likeCount", "likes", "Likes of a comment."),)
ANALYSED = (
    Metric("shares", "shares", "Times that the film was shared with YouTube's button."),
    Metric("estimatedMinutesWatched", "", "Minutes of watching, as YouTube estimates them.", "Minutes watched"),
)
TOTALS = (
    Metric("statistics.subscriberCount", "followers", "Subscribers, which YouTube rounds down to three figures."),
    Metric("statistics.viewCount", "", "Times that the channel's films were watched so far.", "Views so far"),
)
DAYS = (
    Metric("views", "views", "Times that the channel's films were watched on this day.", per="day"),
    Metric("likes", "likes", "Likes given on this day.", per="day"),
    Metric("comments", "comments", "Comments made on this day.", per="day"),
    Metric("shares", "shares", "Times that films were shared with YouTube's button on this day.", per="day"),
    Metric("estimatedMinutesWatched", "", "Minutes of watching, as YouTube estimates.", "Minutes watched", "day"),
    Metric("subscribersGained", "", "Who subscribed on this day.", "Subscribers gained", "day"),
    Metric("subscribersLost", "", "Who ended a subscription on this day.", "Subscribers lost", "day"),
)


class Measured(DataApi):
    """How films and channel are counted. YouTube Analytics is asked only where people signed in for it."""

    metrics = (*OF_FILMS, *OF_COMMENTS, *ANALYSED)
    crowd = (*TOTALS, *DAYS)
    counting = Counting(
        batch=50, calls=3, crowd_calls=2, reads=(Rate(10_000, timedelta(days=1), "app"),),
        zone="America/Los_Angeles", behind=3, keeps=timedelta(days=30), derives=False, erases=True,
        partial="Shares, minutes watched and numbers by day come days late, and only where the sign-in was also for "
        "reading numbers.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Films and comments are listed apart. What a list leaves out may be private, locked or gone: nobody knows."""
        films = [receipt.id for receipt in receipts if "film" not in receipt.extra]
        comments = [receipt.id for receipt in receipts if "film" in receipt.extra]
        found = self._listed("videos", films, OF_FILMS) | self._listed("comments", comments, OF_COMMENTS)
        there = [id for id in films if id in found]
        more = self._analysed(there) if there and self._analyses() else {}
        return {id: {**numbers, **more.get(id, {})} for id, numbers in found.items()}

    def audience(self, since: date) -> Sequence[Reading]:
        """Totals as of now, and the days where people signed in for them."""
        (me, *_none) = self.items("channels", part="statistics", mine="true")
        hidden = me["statistics"].get("hiddenSubscriberCount")
        totals = [Reading(name, value) for name, value in _told(me, TOTALS[1:] if hidden else TOTALS).items()]
        return totals + (self._days(since) if self._analyses() else [])

    def _listed(self, kind: str, ids: Sequence[str], metrics: Iterable[Metric]) -> dict[str, dict[str, int]]:
        part = "statistics" if kind == "videos" else "snippet"
        found = self.items(kind, part=part, id=",".join(ids)) if ids else []
        return {str(one["id"]): _told(one, metrics) for one in found}

    def _analyses(self) -> bool:
        return ANALYTICS in self.access.secrets.get("scope", "").split()

    def _analysed(self, films: Sequence[str]) -> dict[str, dict[str, int]]:
        """What was counted since ever of each film; one without a row is not counted yet."""
        asked = {"dimensions": "video", "filters": f"video=={','.join(films)}", "startDate": BEGAN}
        rows = self._report(ANALYSED, asked)
        return {str(row["video"]): _whole(row, ANALYSED) for row in rows}

    def _days(self, since: date) -> list[Reading]:
        rows = self._report(DAYS, {"dimensions": "day", "sort": "day", "startDate": since.isoformat()})
        days = [(date.fromisoformat(row["day"]), _whole(row, DAYS)) for row in rows]
        return [Reading(name, value, day) for day, row in days for name, value in row.items()]

    def _report(self, metrics: Iterable[Metric], asked: Mapping[str, str]) -> list[dict[str, Any]]:
        """A table; its columns are named by its head only."""
        wish = {
            "ids": "channel==MINE", "metrics": ",".join(metric.theirs for metric in metrics), **asked,
            "endDate": clock.now().astimezone(PACIFIC).date().isoformat(),
        }
        said = self.call("GET", f"{self.hosts['analytics']}/v2/reports?{urlencode(wish)}").json()
        if not isinstance(said, dict) or said.get("kind") != "youtubeAnalytics#resultTable":
            raise Unsure("Something answered in place of YouTube Analytics.")
        names = [column["name"] for column in said["columnHeaders"]]
        return [dict(zip(names, row, strict=True)) for row in said.get("rows", ())]


def _told(one: Mapping[str, Any], metrics: Iterable[Metric]) -> dict[str, int]:
    """Numbers as their names say: the part, and the field in it. Those that a channel hides are not there."""
    places = {metric.theirs: metric.theirs.split(".") for metric in metrics}
    return {name: int(one[part][field]) for name, (part, field) in places.items() if field in one.get(part, {})}


def _whole(row: Mapping[str, Any], metrics: Iterable[Metric]) -> dict[str, int]:
    """Numbers of a row. What is below zero, since more was taken back that day, is no count and left out."""
    return {metric.theirs: int(row[metric.theirs]) for metric in metrics if int(row.get(metric.theirs, -1)) >= 0}
