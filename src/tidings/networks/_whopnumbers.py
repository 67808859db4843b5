"""What Whop counts of posts in forums, and of the companies that these belong to."""

from collections.abc import Mapping, Sequence
from datetime import date

from tidings.networks.errors import Rejected
from tidings.networks.metrics import Metric, Numbers, Reading
from tidings.networks.oauth import Refreshes
from tidings.networks.seam import Receipt


class NotFound(Rejected):
    """It is not there, or in a forum that this person is no longer in."""


class WhopNumbers(Refreshes):
    """Its limits for requests are not known: one post at a time, as the forum gives it."""

    codes = {"not_found": NotFound}
    metrics = (
        Metric("view_count", "views", "Times that the post was viewed by members."),
        Metric("like_count", "likes", "Hearts that the post was given."),
        Metric("comment_count", "comments", "Comments directly under the post, further parts of your own among them."),
    )
    crowd = (
        Metric("member_count", "", "People with a membership in the companies that you belong to; who is in two counts "
               "twice.", label="Members"),
    )  # fmt: skip

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Views and hearts may be null; then they are not known."""
        (receipt,) = receipts
        try:
            said = self.get(f"/api/v1/forum_posts/{receipt.id}")
        except NotFound:
            return {}
        told = {metric.theirs: said.get(metric.theirs) for metric in self.metrics}
        return {receipt.id: {theirs: int(value) for theirs, value in told.items() if value is not None}}

    def audience(self, since: date) -> Sequence[Reading]:
        """Of the same companies whose forums can be chosen from."""
        companies = self.get("/api/v1/companies", first="50")["data"]
        told = [int(one["member_count"]) for one in companies if one.get("member_count") is not None]
        return [Reading("member_count", sum(told))] if told else []
