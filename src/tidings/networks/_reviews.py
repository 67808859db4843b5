"""Reviews of a business on Google, and the one answer that each may have.

https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews. A second answer takes the place
of the first, so that one may be sent again. Google looks at answers, too; how long that takes it does not say.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.networks._businessnumbers import Located
from tidings.networks.answered import Hearing, Message
from tidings.networks.base import FOR_EVER, Sending
from tidings.networks.declare import Limits
from tidings.networks.errors import Reconnect, Rejected, Unsure
from tidings.networks.seam import Outgoing, Receipt

ANSWER = Limits(text=4096, text_bytes=4096)
CALLS = 3  # pages of fifty
STARS = ("STAR_RATING_UNSPECIFIED", "ONE", "TWO", "THREE", "FOUR", "FIVE")
STRANGER = "A Google user"  # who does not want to be named; as Google itself says


class Reviewed(Located):
    """A location that people review."""

    hearing = Hearing(
        kinds=("review",), batch=0, calls=CALLS, every=timedelta(minutes=30), exports=False,
        partial="A review has one answer: a new one takes the place of the one before.",
    )
    answerable = True

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """An answer is words alone."""
        return ANSWER if outgoing.position else cls.limits

    @classmethod
    def repeatable_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> timedelta:
        return FOR_EVER if outgoing.position else cls.repeatable

    def at(self, path: str) -> str:
        """An address of the API that posts and reviews are in."""
        return f"{self.hosts['posts']}/v4/{path}"

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """Reviews that were written or changed since then, each with its answer."""
        found: list[Message] = []
        asked, more, query = 0, "first", {"pageSize": "50"}
        while more and asked < CALLS:
            said = self.call("GET", self.at(f"{self.access.profile.id}/reviews?{urlencode(query)}")).json()
            if not isinstance(said, dict):
                raise Unsure("Something answered in place of Google.")
            listed, asked, more = said.get("reviews", []), asked + 1, said.get("nextPageToken", "")
            fresh = [one for one in listed if datetime.fromisoformat(one["updateTime"]) >= since]
            found += [message for one in fresh for message in self._messages(one)]
            query["pageToken"] = more = more if len(fresh) == len(listed) else ""
        return found

    def _messages(self, review: Mapping[str, Any]) -> list[Message]:
        """A review, and what the business said to it. Stars may stand without words."""
        by, us, answer = review.get("reviewer", {}), self.access.profile, review.get("reviewReply", {})
        said = Message(
            Receipt(review["name"], us.url), by.get("displayName") or STRANGER, review.get("comment", ""),
            datetime.fromisoformat(review["createTime"]), kind="review", stars=STARS.index(review["starRating"]),
        )  # fmt: skip
        if not _shown(answer):
            return [said]
        at = datetime.fromisoformat(answer["updateTime"])
        ours = Message(self._answered(said.receipt), us.handle, answer["comment"], at, us.name, "review",
                       reply_to=said.receipt.id, ours=True)
        return [said, ours]

    def _answered(self, review: Receipt) -> Receipt:
        return Receipt(f"{review.id}/reply", review.url, {"review": review.id})

    def answer(self, outgoing: Outgoing, review: Receipt, sending: Sending) -> Receipt:
        """The one answer that a review has."""
        sending.commit(lambda: self._put(review.id, outgoing.text))
        return self._answered(review)

    def _put(self, review: str, words: str) -> int:
        """What Google does not find may be the review, or the location: only the second ends our access."""
        try:
            return self.call("PUT", self.at(f"{review}/reply"), json={"comment": words}).status
        except Reconnect as refused:
            if self.there(self.at(review)):
                raise
            raise Rejected("This review is not there any more.") from refused

    def answered(self, review: str, words: str = "") -> bool:
        """Whether the business has answered this review, in these words if there are any, and Google lets it stand."""
        if not self.there(self.at(review)):
            return False
        answer = self.call("GET", self.at(review)).json().get("reviewReply", {})
        return _shown(answer) and words in ("", answer["comment"])

    def find_answer(self, outgoing: Outgoing, review: Receipt) -> Receipt | None:
        """The answer, if it is this one."""
        return self.the_one([self._answered(review)] if self.answered(review.id, outgoing.text) else [])


def _shown(answer: Mapping[str, Any]) -> bool:
    """Whether there is one that Google has not rejected."""
    return bool(answer) and answer.get("reviewReplyState") != "REJECTED"
