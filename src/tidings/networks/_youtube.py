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
        return list(self.listing(kind, **query).get("items", []))

    def listing(self, kind: str, **query: str) -> dict[str, Any]:
        """A list with what stands around it, such as where it goes on."""
        said = self.call("GET", self.at(kind, **query)).json()
        if not isinstance(said, dict) or not str(said.get("kind")).startswith("youtube#"):
            raise Unsure("Something answered in place of YouTube.")
        return said

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

    def comment(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One comment by the channel itself: under a film, or in the thread of the comment that it answers."""
        film, top, said = *_place(outgoing), {"snippet": {"textOriginal": outgoing.text}}
        kind, wish = "commentThreads", {"snippet": {"videoId": film, "topLevelComment": said}}
        if top:
            kind, wish = "comments", {"snippet": {"parentId": top, **said["snippet"]}}
        url = self.at(kind, part="snippet")
        made = sending.commit(lambda: str(self.call("POST", url, json=wish).json()["id"]))
        return self.remarked(made, film, top)

    def remarked(self, id: str, film: str, top: str = "") -> Receipt:
        """A comment's receipt. `top`: the comment that begins its thread, where an answer to it goes."""
        page = f"watch?v={film}&lc={id}" if film else f"channel/{self.access.profile.id}/community?lc={id}"
        return Receipt(id, f"{self.hosts['site']}/{page}", {"film": film, **({"top": top} if top else {})})

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Only a comment is ever looked for: among the latest under its film, or in its thread."""
        if not (outgoing.root or outgoing.reply_to):
            return None
        film, top = _place(outgoing)
        if top:
            listed = self.items("comments", part="snippet", parentId=top, maxResults="100")
        else:
            threads = self.items("commentThreads", part="snippet", videoId=film, order="time", maxResults="50")
            listed = [{"id": one["id"], **one["snippet"]["topLevelComment"]} for one in threads]
        ours = [one["id"] for one in listed if one["id"] not in sending.known and self._same(one, outgoing.text)]
        return self.the_one([self.remarked(id, film, top) for id in ours])

    def _same(self, comment: Mapping[str, Any], words: str) -> bool:
        said = comment["snippet"]
        author = said.get("authorChannelId", {}).get("value")
        return (author, said.get("textOriginal")) == (self.access.profile.id, words)


def _place(outgoing: Outgoing) -> tuple[str, str]:
    """The film, and the comment whose thread it goes into: none for parts of a post, which stand beside each other."""
    to = outgoing.reply_to.extra if outgoing.reply_to else {}
    return outgoing.root.id if outgoing.root else to.get("film", ""), to.get("top", "")
