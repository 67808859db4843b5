"""Statistics of communities on VK in a box. Only who may see them is told, and only with the right to."""

from typing import Any

from tidings.simulators._vkremarks import VkRemarks
from tidings.simulators._vkwall import Form, error

TOLD = ("reach_total", "reach_subscribers", "links", "to_group", "hide", "report")


class VkStatistics(VkRemarks):
    """Members, and whom posts have reached."""

    hides_statistics = False

    def groups_getById(self, me: str, person: str, form: Form) -> Any:
        """One community."""
        told = {"id": int(form["group_id"]), "name": "Bakers", "screen_name": "bakers"}
        if "members_count" in form["fields"]:
            told |= {"members_count": self.crowd(f"-{form['group_id']}", "members_count")}
        return {"groups": [told], "profiles": []}

    def stats_getPostReach(self, me: str, person: str, form: Form) -> Any:
        """Posts of a community, 30 at most."""
        owner, numbers = form["owner_id"], form["post_ids"].split(",")
        (scope,) = (token.scope for token in self.oauth.tokens if token.access == form["access_token"])
        if self.hides_statistics or "stats" not in scope.split() or not owner.startswith("-"):
            raise error(7, "Permission to perform this action is denied")
        if len(numbers) > 30:
            raise error(100, "One of the parameters specified was missing or invalid: post_ids")
        there = [number for number in numbers if f"{owner}_{number}" in self.posts]
        return [{"post_id": int(one), **{name: self.grown(f"{owner}_{one}", name) for name in TOLD}} for one in there]
