"""What TikTok counts: https://developers.tiktok.com/doc/tiktok-api-v2-video-query

It tells numbers of public posts only. Whether it tells those of pictures, and how long an id of an upload can be asked
for, is not proven.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tidings.networks._tiktokapi import TikTokApi
from tidings.networks.declare import OAuth2, Rate
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

DRAFT = ("user.info.basic", "video.upload")
ALL = (*DRAFT, "video.publish", "video.list")
STATS = "user.info.stats"
WAYS = (
    OAuth2(ALL, needs_app=True, label="Sign in"),
    OAuth2(DRAFT, needs_app=True, label="Sign in for drafts only"),
    OAuth2((*ALL, STATS), needs_app=True, label="Sign in, and read the number of followers"),
)


class Viewed(TikTokApi):
    """Posts are asked for together, by their numbers. A post that went out before it had one is looked up first."""

    metrics = (
        Metric("view_count", "views", "Times that the post was watched."),
        Metric("like_count", "likes", "Likes of the post."),
        Metric("comment_count", "comments", "Comments on the post."),
        Metric("share_count", "shares", "Times that the post was shared."),
    )
    crowd = (
        Metric("follower_count", "followers", "Profiles that follow this one."),
        Metric("likes_count", "", "Likes of all its posts so far.", "Likes so far"),
    )
    counting = Counting(
        batch=5, calls=6, reads=(Rate(30, timedelta(minutes=1)),),  # of 20, as many as may be looked up first
        partial="Only posts that everyone can see are counted. Followers come only where the sign-in was for them too.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """A post that is not listed may be private, looked at by moderators, or gone: nobody knows."""
        if not self._may("video.list"):
            raise Reconnect("This profile was connected for drafts only. Connect it again to read its numbers.")
        ids = {self._number(receipt): receipt.id for receipt in receipts}
        ids.pop("", None)
        if not ids:
            return {}
        fields = ",".join(("id", *(metric.theirs for metric in self.metrics)))
        said = self.data("POST", f"/v2/video/query/?fields={fields}", {"filters": {"video_ids": list(ids)}})
        told = {str(one["id"]): one for one in said.get("videos") or ()}
        return {ids[id]: _numbers(one, self.metrics) for id, one in told.items() if id in ids}

    def audience(self, since: date) -> Sequence[Reading]:
        """Totals, where people signed in for them: to ask for one without its scope fails as a whole."""
        if not self._may(STATS):
            return []
        fields = ",".join(metric.theirs for metric in self.crowd)
        me = self.data("GET", f"/v2/user/info/?fields={fields}")["user"]
        return [Reading(name, value) for name, value in _numbers(me, self.crowd).items()]

    def _number(self, receipt: Receipt) -> str:
        """The post's own number; empty while TikTok names none."""
        if receipt.id.isdigit():
            return receipt.id
        try:
            posts = self.status(receipt.id).get("publicaly_available_post_id") or [""]
        except Rejected:
            return ""
        return str(posts[0])

    def _may(self, scope: str) -> bool:
        return scope in self.access.secrets.get("scope", "").split(",")


def _numbers(one: Mapping[str, object], metrics: Sequence[Metric]) -> dict[str, int]:
    """What is told, as it is named."""
    return {metric.theirs: int(str(one[metric.theirs])) for metric in metrics if one.get(metric.theirs) is not None}
