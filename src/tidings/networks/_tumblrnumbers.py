"""What Tumblr counts of posts and blogs: https://www.tumblr.com/docs/en/api/v2#notes---get-notes-for-a-specific-post

Likes and reblogs are told in the mode "conversation" alone. Replies are in no number of their own, only in the sum.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tidings.networks.declare import Rate
from tidings.networks.errors import Rejected
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.oauth import Refreshes
from tidings.networks.seam import Receipt

HOUR = timedelta(hours=1)


class TumblrNumbers(Refreshes):
    """The part of Tumblr that is about numbers; networks/tumblr.py tells the story."""

    metrics = (
        Metric("total_likes", "likes", "Blogs that like the post."),
        Metric("total_reblogs", "shares", "Times that the post was reblogged, with words or without."),
        Metric("total_notes", "", "Likes, reblogs and replies together, as Tumblr adds them up.", "Notes"),
    )
    crowd = (Metric("followers", "followers", "Blogs that follow this one."),)
    counting = Counting(
        reads=(Rate(300, timedelta(minutes=1), "network"), Rate(1000, HOUR, "app"), Rate(5000, 24 * HOUR, "app")),
        partial="Replies have no number of their own; they are in the notes.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One post. Whether one without notes is gone, the post itself is asked."""
        (receipt,) = receipts
        path = f"/v2/blog/{self.access.profile.id}/notes"
        try:
            said = self.get(path, id=receipt.id, mode="conversation")["response"]
        except Rejected:
            return {receipt.id: None} if not self.present(receipt) else {}
        given = {metric.theirs: said.get(metric.theirs) for metric in self.metrics}
        return {receipt.id: {theirs: int(value) for theirs, value in given.items() if value is not None}}

    def audience(self, since: date) -> Sequence[Reading]:
        """Followers, as they stand: how many, not who."""
        blogs = self.get("/v2/user/info")["response"]["user"]["blogs"]
        own = next((blog for blog in blogs if (blog.get("uuid") or blog["name"]) == self.access.profile.id), None)
        if own is None:
            raise Rejected("Tumblr does not list this blog among those of the person who signed in. Connect it again.")
        return [Reading("followers", int(own["followers"]))]
