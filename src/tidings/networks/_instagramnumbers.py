"""What Instagram counts, whichever way one signs in.
https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights

What is counted hangs on what a post became, which Instagram is asked first. A story is counted while it lives, a day.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from tidings.networks._metanumbers import CALLS, LAGS, PACIFIC, Insights
from tidings.networks._metarefusals import Forbidden
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

METRICS = (
    Metric("views", "views", "Times that it was played or shown, to the same person again, too."),
    Metric("reach", "reach", "Different people who saw it, as Instagram estimates them."),
    Metric("likes", "likes", "Likes of the post, without those of advertisements."),
    Metric("comments", "comments", "Comments under the post, without those of advertisements."),
    Metric("replies", "comments", "Replies to a story; none are counted of people in Europe and Japan."),
    Metric("shares", "shares", "Times that it was sent on."),
    Metric("reposts", "shares", "Times that it was reposted."),
    Metric("saved", "saves", "Times that it was saved."),
    Metric("profile_visits", "", "Visits to the profile that came from it.", "Visits to the profile"),
    Metric("follows", "", "People who began to follow the profile from it.", "New followers"),
    Metric("ig_reels_video_view_total_time", "", "Milliseconds that a reel was played in all, repetitions included.",
           "Milliseconds played"),
)
COMMON, VISITS = ("views", "reach", "shares", "reposts"), ("profile_visits", "follows")
KINDS = {
    "FEED": (*COMMON, *VISITS, "likes", "comments", "saved"),
    "REELS": (*COMMON, "likes", "comments", "saved", "ig_reels_video_view_total_time"),
    "STORY": (*COMMON, *VISITS, "replies"),
}
STORY_LASTS = timedelta(days=1)
FEW = "Not enough viewers"  # said with the code of a right that is missing
CROWD = (
    Metric("followers_count", "followers", "Profiles that follow this one."),
    Metric("reach", "reach", "Different people who saw something of the profile on this day.", per="day"),
)


class InstagramNumbers(Insights):
    """Numbers of posts, reels and stories, not of comments; and of the profile."""

    metrics, crowd = METRICS, CROWD
    counting = Counting(
        calls=2 + max(map(len, KINDS.values())), crowd_calls=2, reads=CALLS, zone=PACIFIC, behind=LAGS,
        partial="Numbers may be two days late. Those of a story end with it, and one that few saw has none.",
    )

    @classmethod
    def lasts_of(cls, receipt: Receipt) -> timedelta | None:
        """A story's end with it."""
        return STORY_LASTS if "/stories/" in receipt.url else None

    def counted(self, receipt: Receipt) -> Numbers:
        if receipt.extra.get("kind") == "comment":
            return {}
        kind = str(self.read(receipt.id, fields="media_product_type").get("media_product_type"))
        try:
            return self.totals(f"{receipt.id}/insights", KINDS.get(kind, KINDS["FEED"]))
        except Forbidden as refused:
            if FEW in refused.reason:
                return {}
            raise

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows, as it stands; and the people reached on each day."""
        profile = self.access.profile.id
        followers = int(self.read(profile, fields="followers_count")["followers_count"])
        return [Reading("followers_count", followers), *self.days(f"{profile}/insights", ["reach"], since)]
