"""What a Lemmy server counts of posts and comments. Version 0.19 puts the numbers beside them, 1.0 into them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tidings.networks._lemmyapi import LemmyApi
from tidings.networks._lemmyposts import gone
from tidings.networks.declare import Rate
from tidings.networks.errors import Rejected
from tidings.networks.metrics import Counting, Metric, Numbers
from tidings.networks.seam import Receipt


class LemmyNumbers(LemmyApi):
    """The part of Lemmy that is about numbers; networks/lemmy.py tells the story."""

    metrics = (
        Metric("upvotes", "likes", "Votes for the post or comment, as far as its server has heard of them."),
        Metric("downvotes", "", "Votes against the post or comment, where its server has such.", "Downvotes"),
        Metric("comments", "comments", "Comments under the post, those that answer others among them."),
        Metric("child_count", "comments", "Comments under the comment, those that answer others among them."),
    )
    counting = Counting(
        reads=(Rate(180, timedelta(minutes=1), "network"),),  # as servers are set at first; for each address that asks
        partial="A server counts what it has heard of; votes on others may reach it late, or never.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One post or comment. One that the server does not know is gone there."""
        (receipt,) = receipts
        kind = "comment" if receipt.extra.get("post") else "post"
        try:
            view = self.ask("GET", kind, id=receipt.id)[f"{kind}_view"]
        except Rejected as refused:
            if refused.reason != f"couldnt find {kind}":
                raise
            return {receipt.id: None}
        return {receipt.id: self._numbers(view, kind)}

    def _numbers(self, view: Mapping[str, Any], kind: str) -> Numbers | None:
        """What a post or comment says of itself; None when it was deleted, or removed by a moderator."""
        made = view[kind]
        if gone(made):
            return None
        said = view.get("counts") or made
        given = {metric.theirs: said.get(metric.theirs) for metric in self.metrics}
        return {theirs: int(value) for theirs, value in given.items() if value is not None}
