"""What Hashnode counts of articles and blogs. Articles are asked for by their ids, each under a name of its own in one
document; one that is missing or hidden is null there, with an error beside it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tidings.networks._hashnodeapi import ONE, HashnodeApi
from tidings.networks.declare import Rate
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

COUNTS = "fragment Counts on Post { id views reactionCount responseCount replyCount }"
FOLLOWERS = "query Followers($id: ObjectId!) { publication(id: $id) { followersCount } }"


class HashnodeNumbers(HashnodeApi):
    """Read as they are; they may be half a minute old."""

    metrics = (
        Metric("views", "views", "Times that the article was viewed, as far as Hashnode tells them."),
        Metric("reactionCount", "likes", "Reactions to the article, of every kind."),
        Metric("responseCount", "comments", "Comments under the article."),
        Metric("replyCount", "comments", "Answers to these comments."),
    )
    crowd = (Metric("followersCount", "followers", "Members of Hashnode who follow the blog."),)
    counting = Counting(batch=20, reads=(Rate(20_000, timedelta(minutes=1)),))

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Missing and hidden are the same word there: of such an article nothing is said."""
        names = {f"{ONE}{n}": receipt.id for n, receipt in enumerate(receipts)}
        takes = ", ".join(f"${name}: ID!" for name in names)
        asked = " ".join(f"{name}: post(id: ${name}) {{ ...Counts }}" for name in names)
        said = self.asked(f"query Numbers({takes}) {{ {asked} }} {COUNTS}", **names)
        return {id: _numbers(said[name]) for name, id in names.items() if said.get(name)}

    def audience(self, since: date) -> Sequence[Reading]:
        """The blog's, not the person's."""
        count = self.asked(FOLLOWERS, id=self.access.profile.id)["publication"]["followersCount"]
        return [] if count is None else [Reading("followersCount", int(count))]


def _numbers(post: Mapping[str, Any]) -> Numbers:
    """Views are told where the blog's owner may see them."""
    told = {metric.theirs: post.get(metric.theirs) for metric in HashnodeNumbers.metrics}
    return {theirs: int(value) for theirs, value in told.items() if value is not None}
