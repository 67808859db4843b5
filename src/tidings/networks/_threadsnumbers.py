"""What Threads counts. https://developers.facebook.com/docs/threads/insights

Threads says that a profile's views are those of its page; by what is seen of them they are those of its posts as well.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from tidings.networks._metanumbers import LAGS, PACIFIC, Insights
from tidings.networks.declare import Rate
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

RIGHT = "threads_manage_insights"
METRICS = (
    Metric("views", "views", "Times that the post was played or shown; Threads still works on how it counts them."),
    Metric("likes", "likes", "Profiles that like the post."),
    Metric("replies", "comments", "Replies: all of a thread to its first post, else those to this post alone."),
    Metric("reposts", "shares", "Times that the post was reposted."),
    Metric("quotes", "shares", "Times that the post was quoted."),
    Metric("shares", "shares", "Times that the post was sent on; Threads still works on how it counts them."),
)
CROWD = (
    Metric("followers_count", "followers", "Profiles that follow this one."),
    Metric("views", "", "Views of the profile on this day, in Threads' words; those of its posts seem to be in it.",
           "Views of the profile", "day"),
)


class ThreadsNumbers(Insights):
    """Numbers of posts and replies, one request for each, and of the profile."""

    metrics, crowd = METRICS, CROWD
    counting = Counting(
        calls=1 + len(METRICS), crowd_calls=2, reads=(Rate(48_000, timedelta(days=1)),), zone=PACIFIC, behind=LAGS,
        partial="What replies got, likes and views, is not in the numbers of the post above them.",
    )

    def counted(self, receipt: Receipt) -> Numbers:
        return self.totals(f"{receipt.id}/insights", [metric.theirs for metric in METRICS])

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows is only told as of now, and not together with days."""
        path = "me/threads_insights"
        followers = self.totals(path, ["followers_count"])
        return [*(Reading(*one) for one in followers.items()), *self.days(path, ["views"], since)]
