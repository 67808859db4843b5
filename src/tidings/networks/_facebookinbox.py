"""Comments on a Facebook page: what others wrote, answers to it, and comments of ours that are parts of a post.
https://developers.facebook.com/docs/graph-api/reference/object/comments

All levels come in one list (`filter=stream`). Facebook says whom a comment is from only to apps that may know it, and
calls everybody else a Facebook user; so does this. Whether the right to others' words is asked for here by refusing the
list or by leaving them out is not tried.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks._metainbox import Commented, Pages, answers, place
from tidings.networks.answered import Hearing, Message
from tidings.networks.base import Sending
from tidings.networks.errors import NotYet, Rejected
from tidings.networks.seam import Outgoing, Receipt

FIELDS = "id,message,from,created_time,permalink_url,parent{id},is_hidden,can_comment,attachment{url}"
NEWEST = {"order": "reverse_chronological"}
NOBODY = "Facebook user"


class FacebookComments(Commented):
    """Comments under posts, films and reels. A comment is made in one go, and is looked for where it hangs."""

    hearing = Hearing(
        calls=2, whole=True,
        partial="The newest 200 comments under a post, without hidden ones. Reviews, mentions and what visitors post "
        "are not read.",
    )

    def talked_under(self, receipt: Receipt) -> bool:
        """Not stories; and what answers a comment of ours is listed under its post."""
        return receipt.extra.get("kind") not in ("comment", "story")

    def comments(self, post: str, pages: Pages) -> Iterator[Message]:
        rows = self.under(f"{post}/comments", pages, fields=FIELDS, filter="stream", limit=100, **NEWEST)
        return (self._message(row, post) for row in rows if _words(row) and not row.get("is_hidden"))

    def _message(self, row: Mapping[str, Any], post: str) -> Message:
        who, above = row.get("from") or {}, str((row.get("parent") or {}).get("id", ""))
        under = {"under": above} if above and row.get("can_comment") is False else {}
        return Message(
            Receipt(str(row["id"]), str(row.get("permalink_url") or ""), under), str(who.get("name") or NOBODY),
            _words(row), clock.from_iso(row["created_time"]), on=post, reply_to=above or post,
            ours=self.own(row),
        )  # fmt: skip

    def own(self, comment: Mapping[str, Any]) -> bool:
        """Whether the page itself wrote it."""
        return (comment.get("from") or {}).get("id") == self.access.profile.id

    def say(self, outgoing: Outgoing, photo: str) -> dict[str, Any]:
        """A comment."""
        return self.tell(f"{_above(outgoing)}/comments", message=outgoing.text, attachment_id=photo)

    def listed_comment(self, outgoing: Outgoing, sending: Sending) -> str | None:
        """By the page, with the same words."""
        fields, since = "id,message,from,created_time", sending.first_try - timedelta(minutes=1)
        there = self.read(f"{_above(outgoing)}/comments", fields=fields, limit=50, **NEWEST).get("data", [])
        found = [c for c in there if c["id"] not in sending.known and self._same(c, outgoing, since)]
        if not found:
            raise NotYet("The comment is not there yet.", self.settle.total_seconds())
        return str(found[0]["id"]) if len(found) == 1 else None

    def _same(self, comment: Mapping[str, Any], outgoing: Outgoing, since: datetime) -> bool:
        same = str(comment.get("message", "")).split() == outgoing.text.split()
        return self.own(comment) and same and clock.from_iso(comment["created_time"]) >= since


def _words(row: Mapping[str, Any]) -> str:
    """A picture alone says where it is to be seen."""
    return str(row.get("message") or (row.get("attachment") or {}).get("url") or "")


def _above(outgoing: Outgoing) -> str:
    """What a comment hangs on: what it answers, or else the post that it belongs under."""
    message = answers(outgoing)
    found = outgoing.root or outgoing.reply_to
    if found is None:
        raise Rejected("There is no post that this comment belongs under.")
    return place(message) if message else found.id
