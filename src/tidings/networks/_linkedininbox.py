"""Comments under the posts of a page on LinkedIn, and answers to them.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api. Answers stand one level below a
comment and are listed apart. LinkedIn names members by an id only. Its data storage requirements let others' social
activity be kept for 48 hours, and nothing of it be handed on; third parties quote the first. That `commentsSummary`
says whether a comment has answers is not proven: where it is left out, they are asked for. The page wants the newer
permissions FEED for comments; whether the older ones still do is not proven, so nobody is refused before LinkedIn does.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tidings.core.http import Answer
from tidings.networks._linkedin import social
from tidings.networks._linkedinnumbers import PageNumbers
from tidings.networks.answered import Hearing, Message
from tidings.networks.base import Sending
from tidings.networks.declare import OAuth2
from tidings.networks.errors import Reconnect, Rejected, Unsure
from tidings.networks.seam import Outgoing, Receipt

RIGHTS = ("w_organization_social", "r_organization_social", "rw_organization_admin")
FEED = ("r_organization_social_feed", "w_organization_social_feed")
WAYS = (
    OAuth2(RIGHTS, needs_app=True),
    OAuth2((*RIGHTS, *FEED), needs_app=True, label="Sign in there, and read messages"),
)
CLOSED = (
    "LinkedIn gives a page's comments to its administrators only. Let one of them connect it again by “Sign in there, "
    "and read messages”."
)
DENIED = "Not enough permissions"
STRANGER = "LinkedIn member"  # of whom it does not even tell the id
CALLS = 3  # the comments of a post, and the answers to some of them


class PageComments(PageNumbers):
    """What others write under a page's posts."""

    hearing = Hearing(
        calls=CALLS, every=timedelta(hours=3), keeps=timedelta(hours=48), exports=False,
        partial="LinkedIn names members by an id only; pictures are not read, and answers only to the latest two "
        "comments that have any.",
    )
    answerable = True

    def judge(self, answer: Answer) -> None:
        """Comments need more than publishing and numbers do."""
        if self.purpose == "inbox" and answer.status == 403 and self.code(answer) == "ACCESS_DENIED":
            raise Reconnect(CLOSED)
        super().judge(answer)

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """Comments under one post, and the answers to the latest two that have any; a comment of the page's own is
        among those of its post."""
        (post,) = receipts
        if "post" in post.extra:
            return []
        tops = self._comments(post.id)
        busy = sorted((one for one in tops if _has_answers(one)), key=_at, reverse=True)[: CALLS - 1]
        said = [*tops, *(answer for one in busy for answer in self._comments(_urn(one)))]
        return [self._message(one, post) for one in said if one["message"].get("text")]

    def say(self, url: str, wish: Mapping[str, Any]) -> str:
        """That nobody may be answered is no reason to stop the page's own posts."""
        try:
            return super().say(url, wish)
        except Reconnect as refused:
            if "parentComment" in wish and DENIED in refused.reason:
                raise Rejected(CLOSED) from refused
            raise

    def _comments(self, under: str) -> list[dict[str, Any]]:
        """Under a post, or in answer to a comment."""
        said = self.call("GET", self.at(f"{social(under)}/comments?count=100")).json()
        if not isinstance(said, dict):
            raise Unsure("Something answered in place of LinkedIn.")
        return list(said["elements"])

    def _message(self, comment: Mapping[str, Any], post: Receipt) -> Message:
        by, above, us = comment.get("actor", ""), comment.get("parentComment", ""), self.access.profile
        ours = by == self.author()
        return Message(
            self.commented(str(comment["id"]), post, above or _urn(comment)),
            us.handle if ours else by.rpartition(":")[2] or STRANGER, comment["message"]["text"], _at(comment),
            us.name if ours else "", on=post.id, reply_to=_id(above) if above else post.id, ours=ours,
        )  # fmt: skip

    def find_comment(self, outgoing: Outgoing, post: Receipt, sending: Sending) -> Receipt | None:
        """Among the comments of the page there, by its words."""
        top = outgoing.reply_to.extra.get("top", "") if outgoing.reply_to else ""
        listed = self._comments(top or post.id)
        ours = [one for one in listed if one.get("actor") == self.author() and one["id"] not in sending.known]
        same = [one["id"] for one in ours if one["message"]["text"] == outgoing.text]
        return self.the_one([self.commented(id, post, top) for id in same])


def _has_answers(comment: Mapping[str, Any]) -> bool:
    return bool(comment.get("commentsSummary", {}).get("aggregatedTotalComments", 1))


def _urn(comment: Mapping[str, Any]) -> str:
    """What it is called where it stands by itself."""
    names = (comment.get(field) for field in ("commentUrn", "$URN"))
    return str(next(filter(None, names), f"urn:li:comment:({comment['object']},{comment['id']})"))


def _id(urn: str) -> str:
    """The comment's own part of such a name."""
    return urn.rpartition(",")[2].rstrip(")")


def _at(comment: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(comment["created"]["time"] / 1000, UTC)
