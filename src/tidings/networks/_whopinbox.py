"""What others write on Whop under the person's posts: https://docs.whop.com/api-reference/forum-posts/list-forum-posts

Comments are posts with a parent, and are listed by that parent. That a comment may be such a parent is not written
anywhere, nor in which order they are listed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tidings.core import clock
from tidings.networks.answered import Hearing, Message
from tidings.networks.errors import Unsure
from tidings.networks.oauth import Refreshes
from tidings.networks.seam import Receipt

MOST = 50  # of a list; the longest that is taken is not known
BELOW = 5  # comments whose answers are asked for


class WhopInbox(Refreshes):
    """The part of Whop that is about others' words; networks/whop.py tells the story."""

    hearing = Hearing(
        calls=1 + BELOW,
        partial="Comments under posts of this person: 50 under each, and the answers to 5 of them. Mentions elsewhere "
        "are not listed.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """The comments under one post, and those under comments that have some."""
        (post,) = receipts
        found = [(one, post.id) for one in self._under(post, post.id)]
        asked = 0
        for one, _above in found:  # which grows meanwhile
            if one.get("comment_count") and asked < BELOW:
                asked += 1
                found += [(answer, one["id"]) for answer in self._under(post, one["id"])]
        return [self._message(one, above, post) for one, above in found]

    def _under(self, post: Receipt, parent: str) -> list[dict[str, Any]]:
        where = {"experience_id": post.extra["experience"], "parent_id": parent}
        said = self.get("/api/v1/forum_posts", first=MOST, **where)
        if not isinstance(said, dict) or not isinstance(said.get("data"), list):
            raise Unsure("Something answered in place of Whop.")
        return list(said["data"])

    def _message(self, said: Mapping[str, Any], above: str, post: Receipt) -> Message:
        """A comment, in the Markdown in which it was written."""
        who, made = said["user"], self.receipt(said["id"], post.extra["experience"], above)
        at, ours = clock.from_iso(said["created_at"]), who["id"] == self.access.profile.id
        author, words = f"@{who['username']}", said.get("content") or ""
        return Message(made, author, words, at, who.get("name") or "", on=post.id, reply_to=above, ours=ours)

    def receipt(self, id: str, experience: str, above: str = "") -> Receipt:
        """Of a post; or of a comment, whose answers hang below it and not below the post."""
        extra = {"experience": experience} | ({"parent": above} if above else {})
        return Receipt(id, f"{self.hosts['page']}/experiences/{experience}/{id}", extra)
