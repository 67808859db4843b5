"""Posts and comments on VK: how they are named, and what they have when they are listed.

A post's id is its owner's number and its own, 5_12; that of a comment under it is 5_12?reply=34, as in its address.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tidings.networks.seam import Outgoing, Receipt


def parent(receipt: Receipt) -> dict[str, str]:
    """Whose post this is or is under, which, and which comment it is."""
    owner, _, rest = receipt.id.rpartition("_")
    post, _, comment = rest.partition("?reply=")
    return {"owner_id": owner, "post_id": post, **({"reply_to_comment": comment} if comment else {})}


def thread(receipt: Receipt) -> str:
    """The comment in whose thread an answer to this one stands; empty for a post."""
    return receipt.extra.get("thread") or parent(receipt).get("reply_to_comment", "")


def answers(item: Mapping[str, Any], receipt: Receipt) -> bool:
    """Whether it may be an answer to this one, as far as VK tells."""
    told = item.get("reply_to_comment")
    return not told or str(told) == parent(receipt).get("reply_to_comment")


def named(receipt: Receipt, what: str) -> tuple[str, dict[str, str]]:
    """The method that does this to a post or to a comment, and to which."""
    at = parent(receipt)
    if "reply_to_comment" in at:
        return f"wall.{what}Comment", {"owner_id": at["owner_id"], "comment_id": at["reply_to_comment"]}
    return f"wall.{what}", {"owner_id": at["owner_id"], "post_id": at["post_id"]}


def attached(item: Mapping[str, Any]) -> list[str]:
    """What hangs on it, named as it is named when it is attached."""
    hung = [(one["type"], one[one["type"]]) for one in item.get("attachments", ())]
    return [one["url"] if kind == "link" else f"{kind}{one['owner_id']}_{one['id']}" for kind, one in hung]


def same(item: Mapping[str, Any], outgoing: Outgoing, hung: list[str]) -> bool:
    """Whether it is what was meant: by the very files that were uploaded, or else by the words."""
    return set(hung) <= set(attached(item)) if hung else bool(item["text"] == outgoing.text)


def moment(item: Mapping[str, Any]) -> datetime:
    """Since when it is there."""
    return datetime.fromtimestamp(item["date"], UTC)
