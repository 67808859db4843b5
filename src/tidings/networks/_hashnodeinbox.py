"""Comments under an article on Hashnode, and the answers to them; there is no mutation to write one.

Comments are asked for a page at a time, each with the first of its answers; all answers have one parent, the comment.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tidings.core import clock
from tidings.networks._hashnodeapi import Gone, nodes
from tidings.networks._hashnodenumbers import HashnodeNumbers
from tidings.networks.answered import Hearing, Message
from tidings.networks.seam import Receipt

PAGES, MOST, ANSWERS = 3, 50, 50  # pages of comments, and what is asked for of each
COMMENTS = f"""query Comments($id: ID!, $after: String) {{
  me {{ id }}
  post(id: $id) {{ id slug comments(first: {MOST}, after: $after) {{
    pageInfo {{ hasNextPage endCursor }}
    edges {{ node {{ ...Said replies(first: {ANSWERS}) {{ edges {{ node {{ ...Said }} }} }} }} }} }} }} }}
fragment Said on Comment {{ id dateAdded content {{ text }} author {{ id username name }} }}"""


class HashnodeInbox(HashnodeNumbers):
    """What readers write, as it is; it may be half a minute old."""

    hearing = Hearing(
        calls=PAGES,
        partial=f"At most {PAGES * MOST} comments under an article, and {ANSWERS} answers to each. Hashnode takes no "
        "answers from programs; they are written there.",
    )

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """Page by page, under one article."""
        (receipt,) = receipts
        found, after = list[Message](), None
        for _page in range(PAGES):
            said = self.asked(COMMENTS, id=receipt.id, after=after)
            if said["post"] is None:
                raise Gone("Hashnode does not show this article.")
            listed = said["post"]["comments"]
            place = f"{self.hosts['site']}/posts/{said['post']['slug']}/{receipt.id}/comment"
            found += _messages(listed, receipt.id, place, said["me"]["id"])
            after = listed["pageInfo"]["endCursor"]
            if not listed["pageInfo"]["hasNextPage"]:
                break
        return found


def _messages(listed: Mapping[str, Any], on: str, place: str, me: str) -> Iterator[Message]:
    for one in nodes(listed):
        yield _message(one, on, on, place, me)
        for reply in nodes(one["replies"]):
            yield _message(reply, on, str(one["id"]), place, me)


def _message(said: Mapping[str, Any], on: str, to: str, place: str, me: str) -> Message:
    who = said["author"]
    return Message(
        Receipt(str(said["id"]), f"{place}/{said['id']}"), f"@{who['username']}", said["content"]["text"].strip(),
        clock.from_iso(said["dateAdded"]), who.get("name") or "", on=on, reply_to=to, ours=who["id"] == me,
    )  # fmt: skip
