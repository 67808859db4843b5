"""Replies on Threads: what others wrote below a post of ours, however deep.
https://developers.facebook.com/docs/threads/retrieve-and-manage-replies/replies-and-conversations

One list has all levels, but only of the post that a thread begins with. How many it gives at once is not written
anywhere: fifty are asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tidings.networks import _containers
from tidings.networks._containers import Containers
from tidings.networks._metainbox import Commented, Pages
from tidings.networks.answered import Hearing, Message
from tidings.networks.base import Sending
from tidings.networks.seam import Outgoing, Receipt

RIGHT_TO_REPLIES = "threads_read_replies"
FIELDS = "id,text,username,permalink,timestamp,root_post,replied_to,is_reply_owned_by_me,hide_status"
HIDDEN = {"HIDDEN", "BLOCKED", "RESTRICTED"}  # what is covered only has to be tapped to be read
NOBODY = "Threads user"


class ThreadsReplies(Commented, Containers):
    """All replies below a thread. Which of its parts one answers, Threads says."""

    hearing = Hearing(
        calls=3, whole=True,
        partial="The newest replies below a thread, without hidden ones and those that wait to be approved. Mentions "
        "elsewhere are not read.",
    )

    def talked_under(self, receipt: Receipt) -> bool:
        """What answers a reply of ours, a part of a thread, is listed below its first post."""
        return receipt.extra.get("kind") != "reply"

    def comments(self, post: str, pages: Pages) -> Iterator[Message]:
        rows = self.under(f"{post}/conversation", pages, fields=FIELDS, limit=50)
        return (self._message(row, post) for row in rows if _words(row) and row.get("hide_status") not in HIDDEN)

    def _message(self, row: Mapping[str, Any], post: str) -> Message:
        author = f"@{row['username']}" if row.get("username") else NOBODY
        return Message(
            _containers.receipt(row), author, _words(row), _containers.at(row), on=post,
            reply_to=str((row.get("replied_to") or {}).get("id") or post),
            ours=bool(row.get("is_reply_owned_by_me")) or author == self.access.profile.handle,
        )  # fmt: skip

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """A reply says in its receipt that it is one."""
        return _marked(super().publish(outgoing, sending), outgoing)

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        found = super().find(outgoing, sending)
        return _marked(found, outgoing) if found else None


def _marked(made: Receipt, outgoing: Outgoing) -> Receipt:
    return replace(made, extra={"kind": "reply"}) if outgoing.reply_to else made


def _words(row: Mapping[str, Any]) -> str:
    """A picture or film alone says where it is to be seen."""
    return str(row.get("text") or row.get("permalink") or "")
