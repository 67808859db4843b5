"""What X counts of posts and profiles: https://docs.x.com/x-api/fundamentals/metrics

Every post that is read costs. What was clicked in a post is its author's to know, and only for thirty days: an older
post that is asked for with it is left out of the answer altogether, so it is asked for without.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks import _xposts
from tidings.networks.declare import Rate
from tidings.networks.errors import Unsure
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.oauth import Refreshes
from tidings.networks.seam import Receipt

METRICS = (
    Metric("public_metrics.impression_count", "impressions", "Times that the post was seen."),
    Metric("public_metrics.like_count", "likes", "Likes of the post."),
    Metric("public_metrics.reply_count", "comments", "Replies to the post."),
    Metric("public_metrics.retweet_count", "shares", "Times that the post was reposted without a word."),
    Metric("public_metrics.quote_count", "shares", "Times that the post was reposted with words."),
    Metric("public_metrics.bookmark_count", "saves", "Times that the post was bookmarked."),
    Metric("non_public_metrics.url_link_clicks", "clicks", "Clicks on a link or a card in the post."),
    Metric("non_public_metrics.user_profile_clicks", "", "Clicks from the post on its profile.", "Profile clicks"),
)
OWN_LASTS = timedelta(days=29, hours=12)  # half a day before X ends it: its clock is not ours
EPOCH = 1_288_834_974_657  # milliseconds since 1970, from which the times in ids are counted


class XNumbers(Refreshes):
    """Numbers of posts, a hundred at a time, and of the profile."""

    metrics = METRICS
    crowd = (Metric("public_metrics.followers_count", "followers", "Profiles that follow this one."),)
    counting = Counting(
        batch=100, calls=2, reads=(Rate(75, timedelta(minutes=15)),),  # what GET /2/users/me has; posts have more
        erases=True, partial="X gives clicks for thirty days after posting only.",
        price="X charges for reading: up to half a US cent for each post, and a cent for the profile (April 2026).",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Young posts with what only their author may know, older ones without."""
        ids = [receipt.id for receipt in receipts]
        young = [id for id in ids if clock.now() - _born(id) < OWN_LASTS]
        old = [id for id in ids if id not in young]
        return {**self._read(young, "public_metrics,non_public_metrics"), **self._read(old, "public_metrics")}

    def _read(self, ids: Sequence[str], fields: str) -> dict[str, Numbers | None]:
        if not ids:
            return {}
        said = _xposts.mapping(self.call("GET", self.url("/2/tweets", ids=",".join(ids), **{"tweet.fields": fields})))
        if not said.get("data") and not said.get("errors"):
            raise Unsure("Something answered in place of X.")
        gone = {id: None for id in map(_gone, said.get("errors", [])) if id in ids}
        return {**gone, **{str(post["id"]): _numbers(post) for post in said.get("data", [])}}

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows, as it stands; X keeps no days."""
        said = self.call("GET", self.url("/2/users/me", **{"user.fields": "public_metrics"}))
        counted = _xposts.data(_xposts.mapping(said))["public_metrics"]
        return [Reading("public_metrics.followers_count", int(counted["followers_count"]))]


def _numbers(post: Mapping[str, Any]) -> Numbers:
    """What a post says of itself, as far as it does."""
    found: dict[str, int] = {}
    for metric in METRICS:
        group, _, name = metric.theirs.partition(".")
        value = (post.get(group) or {}).get(name)
        found |= {metric.theirs: int(value)} if value is not None else {}
    return found


def _gone(error: Mapping[str, Any]) -> str:
    """The id of the post that X says it has not; a post it will not show is none."""
    lost = str(error.get("type", "")).endswith("/resource-not-found") and error.get("resource_type") == "tweet"
    return str(error.get("resource_id") or error.get("value") or "") if lost else ""


def _born(id: str) -> datetime:
    """An id carries the time it was given, in milliseconds."""
    return datetime.fromtimestamp(((int(id) >> 22) + EPOCH) / 1000, UTC)
