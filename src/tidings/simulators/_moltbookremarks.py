"""Comments on Moltbook in a box: a tree, the answers to a comment within it."""

from typing import Any

from tidings.simulators.base import Remark, Simulator


class MoltbookRemarks(Simulator):
    """What other agents write under a post, and what the agent writes there."""

    def look(self, made: dict[str, Any]) -> dict[str, Any]:
        """One of the agent's own as it is shown now."""
        raise NotImplementedError

    def tree(self, post: str) -> list[dict[str, Any]]:
        """The comments directly under a post, the latest first, with all that is below them."""
        own = [self.look(one) for one in self.posts.values() if one["post"] == post]
        said = sorted([*own, *map(_remark, self.remarks.under(post))], key=_age, reverse=True)
        ids = {one["id"] for one in said}
        lost = {one["parent_id"]: one for one in said if one["parent_id"] not in {None, *ids}}
        return _below(None, [*said, *(_deleted(id, one) for id, one in lost.items())])


def _below(parent: str | None, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "replies": _below(one["id"], said)} for one in said if one["parent_id"] == parent]


def _remark(one: Remark) -> dict[str, Any]:
    above = one.reply_to if one.reply_to != one.on else ""
    return {
        "id": one.id, "author": {"name": one.author}, "content": one.text, "parent_id": above or None,
        "created_at": one.at.isoformat(), "is_deleted": False, "verification_status": "verified",
    }


def _deleted(id: str, under: dict[str, Any]) -> dict[str, Any]:
    return {**under, "id": id, "author": None, "content": "[deleted]", "parent_id": None, "is_deleted": True}


def _age(said: dict[str, Any]) -> str:
    return str(said["created_at"])
