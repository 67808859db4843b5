"""What others write on Moltbook under the agent's posts, as far as its guide shows it; none of it was seen live."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tidings.networks._moltbook import HIDDEN, MoltbookApi, at
from tidings.networks.answered import Hearing, Message
from tidings.networks.seam import Receipt


class MoltbookInbox(MoltbookApi):
    """Others' words; networks/moltbook.py tells the story."""

    hearing = Hearing(
        partial="Comments under posts of this agent: the newest 100 under each, with all answers to them. Mentions "
        "elsewhere are not listed.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """The comments under one post, but those that were deleted, or wait for their agent to be asked."""
        (post,) = receipts
        shown = [one for one in self.under(post) if one.get("verification_status") not in HIDDEN]
        return [self._message(one, post) for one in shown if not one.get("is_deleted")]

    def _message(self, said: Mapping[str, Any], post: Receipt) -> Message:
        who = (said.get("author") or {}).get("name") or "[deleted]"
        made = Receipt(str(said["id"]), f"{self.hosts['api']}/post/{post.id}", {"post": post.id})
        ours, above = who == self.access.profile.handle, said["parent_id"] or post.id
        return Message(made, who, said["content"], at(said), on=post.id, reply_to=above, ours=ours)
