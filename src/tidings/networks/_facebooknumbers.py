"""What Facebook counts of pages and their posts. https://developers.facebook.com/docs/graph-api/reference/insights

How often something was seen or clicked stands in lists of numbers that lag; reactions, comments and shares are told by
the post itself, and at once. What is a film's own number, and what a reel's, is as Meta describes it: not tried.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tidings.networks._metanumbers import CALLS, LAGS, PACIFIC, Insights
from tidings.networks._metarefusals import Forbidden, Uncounted
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

TO_READ = ("read_insights", "pages_read_user_content")  # the second for reactions and comments, which others made
METRICS = (
    Metric("post_media_view", "views", "Times that the post was played or shown, to the same person again, too."),
    Metric("total_video_views", "views", "Times that a film was played for three seconds or to its end."),
    Metric("fb_reels_total_plays", "views", "Times that a reel was played, repetitions included."),
    Metric("post_total_media_view_unique", "reach", "Different people who saw the post, as Facebook estimates them."),
    Metric("post_clicks", "clicks", "Clicks anywhere in the post."),
    Metric("reactions.summary.total_count", "likes", "Likes and all other reactions to the post."),
    Metric("likes.summary.total_count", "likes", "Likes of a film or reel."),
    Metric("comments.summary.total_count", "comments", "Comments under the post."),
    Metric("shares.count", "shares", "Times that the post was shared."),
)
OF_POSTS = ("post_media_view", "post_total_media_view_unique", "post_clicks")
SAID = "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count),shares"
SAID_OF_FILMS = "likes.limit(0).summary(total_count),comments.limit(0).summary(total_count)"
CROWD = (
    Metric("followers_count", "followers", "People who follow the page."),
    Metric("page_media_view", "views", "Times that something of the page was played or shown on this day.", per="day"),
    Metric("page_total_media_view_unique", "reach", "Different people who saw something of the page on this day.",
           per="day"),
    Metric("page_views_total", "visits", "Times that the page itself was opened on this day.", per="day"),
    Metric("page_daily_follows_unique", "", "People who began to follow the page on this day.", "New followers", "day"),
    Metric("page_daily_unfollows_unique", "", "People who ended following the page on this day.", "Followers lost",
           "day"),
)
DAYS = tuple(metric.theirs for metric in CROWD if metric.per == "day")


class FacebookNumbers(Insights):
    """Numbers of posts, films and reels, not of stories and comments; and of the page."""

    metrics, crowd = METRICS, CROWD
    counting = Counting(
        calls=2 + len(OF_POSTS), crowd_calls=2 + len(DAYS), reads=CALLS, zone=PACIFIC, behind=LAGS,
        partial="Facebook gives no numbers of stories, and few of small pages. Reactions and comments need a right of "
        "their own.",
    )

    def counted(self, receipt: Receipt) -> Numbers:
        kind = receipt.extra.get("kind") or ("reel" if "/reel/" in receipt.url else "")
        if kind in ("story", "comment"):
            return {}
        if "words" in receipt.extra:
            name = "fb_reels_total_plays" if kind == "reel" else "total_video_views"
            return self.totals(f"{receipt.id}/video_insights", [name]) | self._said(receipt.id, SAID_OF_FILMS)
        return self.totals(f"{receipt.id}/insights", OF_POSTS, period="lifetime") | self._said(receipt.id, SAID)

    def _said(self, post: str, fields: str) -> dict[str, int]:
        """Without the right to it, Facebook refuses all of this."""
        try:
            said = self.read(post, fields=fields)
        except (Forbidden, Uncounted):
            return {}
        found = {metric.theirs: _within(said, metric.theirs) for metric in METRICS}
        return {theirs: int(value) for theirs, value in found.items() if value is not None}

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows, as it stands; and the page's days."""
        followers = int(self.read("me", fields="followers_count")["followers_count"])
        return [Reading("followers_count", followers), *self.days("me/insights", DAYS, since)]


def _within(said: Mapping[str, Any], path: str) -> Any:
    """What stands at this path; what nobody shared has no shares."""
    found: Any = said
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
