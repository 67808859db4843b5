"""Comments on Instagram: what others wrote, answers to it, and comments of ours that are parts of a post.
https://developers.facebook.com/docs/instagram-platform/comment-moderation

There are comments and answers to them, no deeper: an answer to an answer becomes one to the comment above both.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tidings.networks import _containers
from tidings.networks._containers import Containers
from tidings.networks._metainbox import Commented, Pages, answers, following, place
from tidings.networks.answered import Hearing, Message
from tidings.networks.base import Sending
from tidings.networks.errors import Rejected
from tidings.networks.seam import Outgoing, Receipt

FIELDS = "id,text,username,from,timestamp,hidden"
PAGE = 50  # more are not given at once
NOBODY = "Instagram user"


class InstagramComments(Commented, Containers):
    """Comments under posts and reels, by the right that also comments need which this profile writes itself."""

    hearing_way = 0
    hearing = Hearing(
        calls=3, whole=True,
        partial="The newest comments under a post, without hidden ones and mentions. An answer to an answer is put "
        "below the first comment.",
    )

    def talked_under(self, receipt: Receipt) -> bool:
        """Not stories; and what answers a comment of ours is listed under its post."""
        return receipt.extra.get("kind") != "comment" and "/stories/" not in receipt.url

    def comments(self, post: str, pages: Pages) -> Iterator[Message]:
        """Each comment, and the answers to it that come along; more of those are asked for by themselves."""
        fields = f"{FIELDS},replies.limit({PAGE}){{{FIELDS}}}"
        for row in self.under(f"{post}/comments", pages, fields=fields, limit=PAGE):
            if row.get("hidden"):
                continue
            below = [(one, str(row["id"])) for one in self._replies(row, pages) if not one.get("hidden")]
            yield from (self._message(one, post, above) for one, above in [(row, ""), *below] if one.get("text"))

    def _replies(self, row: Mapping[str, Any], pages: Pages) -> Iterator[Mapping[str, Any]]:
        replies = row.get("replies") or {"data": []}
        yield from replies["data"]
        if after := following(replies):
            yield from self.under(f"{row['id']}/replies", pages, after, fields=FIELDS, limit=PAGE)

    def _message(self, row: Mapping[str, Any], post: str, above: str) -> Message:
        who = row.get("username") or (row.get("from") or {}).get("username")
        author = f"@{who}" if who else NOBODY
        return Message(
            Receipt(str(row["id"]), "", {"under": above} if above else {}), author, str(row["text"]),
            _containers.at(row), on=post, reply_to=above or post, ours=author == self.access.profile.handle,
        )  # fmt: skip

    def say(self, outgoing: Outgoing) -> str:
        """A comment, or an answer to one."""
        return str(self.tell(_edge(outgoing), message=outgoing.text)["id"])

    def listed_comments(self, outgoing: Outgoing, sending: Sending) -> list[str]:
        """Those of this profile, with the same words."""
        there = self.since(_edge(outgoing), "id,text,username,timestamp", sending.first_try - timedelta(minutes=1))
        ours = [one for one in there if f"@{one.get('username')}" == self.access.profile.handle]
        return [str(one["id"]) for one in ours if one["id"] not in sending.known and alike(one, outgoing)]


def about(outgoing: Outgoing, made: str) -> Receipt:
    """A comment has no address but its post's."""
    return Receipt(made, _root(outgoing).url, {"kind": "comment"})


def alike(post: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """Whether it says the same."""
    return _containers.plain(_containers.said(post)) == _containers.plain(outgoing.text)


def _edge(outgoing: Outgoing) -> str:
    """Where a comment is made, and listed."""
    message = answers(outgoing)
    return f"{place(message)}/replies" if message else f"{_root(outgoing).id}/comments"


def _root(outgoing: Outgoing) -> Receipt:
    root = outgoing.root or outgoing.reply_to
    if root is None:
        raise Rejected("There is no post that this comment belongs under.")
    return root
