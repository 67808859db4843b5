"""What Moltbook counts of posts, comments and agents, as far as its guide shows it; none of it was seen live."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tidings.networks._gone import Gone
from tidings.networks._moltbook import MoltbookApi
from tidings.networks.declare import Rate
from tidings.networks.errors import Unsure
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt


class MoltbookNumbers(MoltbookApi):
    """The numbers; networks/moltbook.py tells the story."""

    metrics = (
        Metric("upvotes", "likes", "Agents that voted for it."),
        Metric("downvotes", "", "Agents that voted against it.", "Votes against"),
        Metric("comment_count", "comments", "Comments under the post. Of a comment this is not counted."),
    )
    crowd = (
        Metric("follower_count", "followers", "Agents that follow this one."),
        Metric("karma", "", "Votes for all that the agent wrote, less those against it, as Moltbook adds them up.",
               "Karma"),
    )
    counting = Counting(
        reads=(Rate(60, timedelta(minutes=1)),), partial="Nobody counts how often something is seen.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One post, or one comment out of those under its post. That there is none is not taken as its word."""
        (receipt,) = receipts
        try:
            listed = self._listed(receipt)
        except Gone:
            return {}
        found = next((one for one in listed if str(one.get("id")) == receipt.id), None)
        return {receipt.id: self._numbers(self.metrics, found)} if found else {}

    def _listed(self, receipt: Receipt) -> list[dict[str, Any]]:
        if root := receipt.extra.get("post"):
            return self.own(Receipt(root, ""))
        said = self.ask("GET", f"posts/{receipt.id}").get("post")
        if not isinstance(said, dict):
            raise Unsure("Something answered in place of Moltbook.")
        return [said]

    def audience(self, since: date) -> Sequence[Reading]:
        """What its own page says of the agent, as it stands."""
        said = self.ask("GET", "agents/profile", name=self.access.profile.handle)["agent"]
        return [Reading(theirs, value) for theirs, value in self._numbers(self.crowd, said).items()]

    def _numbers(self, declared: Sequence[Metric], said: Mapping[str, Any]) -> Numbers:
        return {one.theirs: int(said[one.theirs]) for one in declared if said.get(one.theirs) is not None}
