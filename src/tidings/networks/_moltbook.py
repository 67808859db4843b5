"""Moltbook as it is spoken to: addresses, errors, and the shapes of posts and comments."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks.base import Network
from tidings.networks.errors import Unsure
from tidings.networks.seam import Outgoing, Receipt

HIDDEN = ("pending", "failed")  # how far Moltbook's question about it is, where nobody sees it


class MoltbookApi(Network):
    """The calls; networks/moltbook.py tells the story."""

    def ask(self, method: str, path: str, wish: Any = None, **query: str) -> Any:
        """What it answers."""
        url = f"{self.hosts['api']}/api/v1/{path}" + (f"?{urlencode(query)}" if query else "")
        return self.call(method, url, json=wish).json() or {}

    def code(self, answer: Answer) -> str:
        """A success may say that it is none."""
        said = answer.json()
        return str(said.get("error") or "refused") if isinstance(said, dict) and said.get("success") is False else ""

    def again_at(self, answer: Answer) -> datetime | None:
        """They say it in the body."""
        said = answer.json() if answer.status == 429 else None
        told = said if isinstance(said, dict) else {}
        wait = timedelta(minutes=told.get("retry_after_minutes") or 0, seconds=told.get("retry_after_seconds") or 0)
        return clock.now() + wait if wait else super().again_at(answer)

    def own(self, root: Receipt | None) -> list[dict[str, Any]]:
        """This agent's latest posts, or its comments under this one."""
        me = self.access.profile.handle
        if root is None:
            return list(self.ask("GET", "agents/profile", name=me)["recentPosts"])
        return [one for one in self.under(root) if (one.get("author") or {}).get("name") == me]

    def under(self, post: Receipt) -> list[dict[str, Any]]:
        """The latest comments under this post, and the answers to each."""
        said = self.ask("GET", f"posts/{post.id}/comments", sort="new", limit="100").get("comments")
        if not isinstance(said, list):
            raise Unsure("Something answered in place of Moltbook.")
        return list(_flat(said, ""))


def _flat(said: Sequence[Mapping[str, Any]], above: str) -> Iterator[dict[str, Any]]:
    """All comments of a tree, each with the one that it answers."""
    for one in said:
        yield {**one, "parent_id": str(one.get("parent_id") or above)}
        yield from _flat(one.get("replies") or (), str(one["id"]))


def post(outgoing: Outgoing) -> dict[str, Any]:
    """A post; its community under both names that the field has had."""
    chosen, community = outgoing.options, outgoing.options.get("submolt") or "general"
    link = {"url": chosen["url"]} if chosen.get("url") else {}
    return {"submolt": community, "submolt_name": community, "title": chosen["title"], "content": outgoing.text, **link}


def comment(outgoing: Outgoing) -> dict[str, Any]:
    """A comment under the post, or under the comment before."""
    above = outgoing.reply_to
    parent = {"parent_id": above.id} if above and above.extra.get("post") else {}
    return {"content": outgoing.text, **parent}


def at(said: Mapping[str, Any]) -> datetime:
    """Since when it is there."""
    return clock.from_iso(said["created_at"])
