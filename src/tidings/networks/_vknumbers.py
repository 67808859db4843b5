"""What VK counts of posts and profiles: https://dev.vk.com/en/method/wall.getById and stats.getPostReach

Reach and clicks are told of a community's posts alone, to those who may see its statistics, and need a right of their
own. Comments are not asked for: they have no method that takes several.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tidings.networks._vkapi import STATISTICS, VkApi
from tidings.networks.declare import Rate
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

BESIDE = (
    Metric("views.count", "views", "Times that the post was seen."),
    Metric("likes.count", "likes", "People and communities that like the post."),
    Metric("comments.count", "comments", "Comments under the post."),
    Metric("reposts.count", "shares", "Times that the post was passed on."),
)
REACHED = (
    Metric("reach_total", "reach", "People who saw the post of a community."),
    Metric("reach_subscribers", "", "Members of the community who saw its post.", "Reach among members"),
    Metric("links", "clicks", "Clicks on links in the post of a community."),
)


class VkNumbers(VkApi):
    """The part of VK that is about numbers; networks/vk.py tells the story."""

    metrics = (*BESIDE, *REACHED)
    crowd = (
        Metric("followers_count", "followers", "People who follow this person; friends are not among them."),
        Metric("members_count", "followers", "Members of the community."),
    )
    counting = Counting(
        batch=30, calls=2, reads=(Rate(15, timedelta(seconds=5)),),  # 3 a second; a quarter of 5 seconds are 3 at once
        partial="Comments have no numbers here. Reach and clicks are told of communities only, and only to those who "
        "signed in to read numbers.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Posts, and of a community's also whom they reached. What is left out of the list may be hidden only."""
        ids = [receipt.id for receipt in receipts if "?reply=" not in receipt.id]
        if not ids:
            return {}
        found = {f"{item['owner_id']}_{item['id']}": item for item in self.listed("wall.getById", posts=",".join(ids))}
        gone = {id for id, item in found.items() if item.get("is_deleted")}
        reached = self._reached([id for id in ids if id in found and id not in gone])
        told = {id: _beside(item) | reached.get(id, {}) for id, item in found.items()}
        return {id: None if id in gone else numbers for id, numbers in told.items()}

    def listed(self, method: str, **fields: Any) -> list[dict[str, Any]]:
        """What a method lists, in either of the two forms that VK's versions have."""
        said = self.ask(method, **fields)
        return list(said["items"] if isinstance(said, dict) else said)

    def _reached(self, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """By id; nothing where the community's statistics are not open to this person. All else is told."""
        owner = self.access.profile.id
        if not ids or not owner.startswith("-") or STATISTICS not in str(self.access.secrets.get("scope", "")).split():
            return {}
        try:
            said = self.ask("stats.getPostReach", owner_id=owner, post_ids=",".join(id.partition("_")[2] for id in ids))
        except (Rejected, Reconnect):
            return {}
        names = [metric.theirs for metric in REACHED]
        return {f"{owner}_{one['post_id']}": {name: int(one[name]) for name in names if name in one} for one in said}

    def audience(self, since: date) -> Sequence[Reading]:
        """Followers of a person, or members of a community, as they stand."""
        owner = self.access.profile.id
        if not owner.startswith("-"):
            (said, *_) = self.ask("users.get", fields="followers_count")
            return _given(said, "followers_count")
        found = self.ask("groups.getById", group_id=owner[1:], fields="members_count")
        (said, *_) = found["groups"] if isinstance(found, dict) else found
        return _given(said, "members_count")


def _beside(item: Mapping[str, Any]) -> dict[str, int]:
    """What stands in the post itself; some have no views yet."""
    told = {metric.theirs: item.get(metric.theirs.partition(".")[0], {}).get("count") for metric in BESIDE}
    return {theirs: int(count) for theirs, count in told.items() if count is not None}


def _given(said: Mapping[str, Any], name: str) -> list[Reading]:
    return [Reading(name, int(said[name]))] if said.get(name) is not None else []
