"""YouTube's Data API spoken to – lists, quotas, look-ups – and the comments under a film.

https://developers.google.com/youtube/v3/docs/commentThreads
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks import _google
from tidings.networks.base import FOR_EVER, Sending
from tidings.networks.declare import Limits, OAuth2
from tidings.networks.errors import Later, Reconnect, Unsure
from tidings.networks.seam import Outgoing, Receipt

SCOPES = (f"{_google.SCOPE}youtube.force-ssl",)
ANALYTICS = f"{_google.SCOPE}yt-analytics.readonly"
WAYS = (
    OAuth2(SCOPES, needs_app=True),
    OAuth2((*SCOPES, ANALYTICS), needs_app=True, label="Sign in there, and read numbers"),
)
COMMENT = Limits(text=10_000)
PACIFIC = ZoneInfo("America/Los_Angeles")  # where YouTube's days begin


class DataApi(_google.Google):
    """How it is asked, and how it says no."""

    hosts = {
        **_google.HOSTS, "api": "https://www.googleapis.com", "site": "https://www.youtube.com",
        "analytics": "https://youtubeanalytics.googleapis.com",
    }
    codes = {
        **_google.CODES, "quotaExceeded": Later, "dailyLimitExceeded": Later, "uploadLimitExceeded": Later,
        "forbidden": Reconnect, "youtubeSignupRequired": Reconnect,
    }

    def again_at(self, answer: Answer) -> datetime | None:
        """Quotas begin anew at midnight in California; a channel's own limit lasts a day."""
        now, code = clock.now(), self.code(answer)
        if code == "uploadLimitExceeded":
            return now + timedelta(days=1)
        if code not in ("quotaExceeded", "dailyLimitExceeded"):
            return super().again_at(answer)
        there = now.astimezone(PACIFIC) + timedelta(days=1)
        return there.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Categories that films may have in this country, or own playlists."""
        kind, asked = "playlists", {"mine": "true", "maxResults": "50"}
        if option == "category":
            kind, asked = "videoCategories", {"regionCode": self.access.server.get("country", "US")}
        found = [one for one in self.items(kind, part="snippet", **asked) if one["snippet"].get("assignable", True)]
        named = [(one["id"], one["snippet"]["title"]) for one in found]
        return [(id, title) for id, title in named if query.lower() in title.lower()]

    def items(self, kind: str, **query: str) -> list[dict[str, Any]]:
        """A list; what is not there is simply missing from it."""
        said = self.call("GET", self.at(kind, **query)).json()
        if not isinstance(said, dict) or not str(said.get("kind")).startswith("youtube#"):
            raise Unsure("Something answered in place of YouTube.")
        return list(said.get("items", []))

    def at(self, kind: str, **query: str) -> str:
        """An address of the API."""
        return f"{self.hosts['api']}/youtube/v3/{kind}?{urlencode(query)}"


class Commented(DataApi):
    """What follows a film is a comment under it. YouTube takes every repeat for a new one."""

    threads = "comments"

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        return COMMENT if outgoing.position else cls.limits

    @classmethod
    def repeatable_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> timedelta:
        """A film is opened by its id; a comment would be there twice."""
        return timedelta(0) if outgoing.position else FOR_EVER

    def comment(self, outgoing: Outgoing, film: Receipt, sending: Sending) -> Receipt:
        """One comment, by the channel itself."""
        said = {"snippet": {"videoId": film.id, "topLevelComment": {"snippet": {"textOriginal": outgoing.text}}}}
        url = self.at("commentThreads", part="snippet")
        return self._under(film.id, sending.commit(lambda: str(self.call("POST", url, json=said).json()["id"])))

    def _under(self, film: str, id: str) -> Receipt:
        return Receipt(id, f"{self.hosts['site']}/watch?v={film}&lc={id}", {"film": film})

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Only a comment is ever looked for: among the latest under its film."""
        if outgoing.root is None:
            return None
        film = outgoing.root.id
        listed = self.items("commentThreads", part="snippet", videoId=film, order="time", maxResults="50")
        ours = [one["id"] for one in listed if one["id"] not in sending.known and self._same(one, outgoing.text)]
        return self.the_one([self._under(film, id) for id in ours])

    def _same(self, thread: Mapping[str, Any], words: str) -> bool:
        said = thread["snippet"]["topLevelComment"]["snippet"]
        author = said.get("authorChannelId", {}).get("value")
        return (author, said.get("textOriginal")) == (self.access.profile.id, words)
