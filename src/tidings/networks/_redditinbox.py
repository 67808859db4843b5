"""What others write on Reddit under the profile's posts: https://www.reddit.com/dev/api#GET_comments_{article}

Reddit's terms want gone here what was deleted there, so a look lists all that there is, and nothing is kept for long.
What was deleted or removed is listed without its author, to hold its place above the answers to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tidings.networks.answered import Cut, Hearing, Message
from tidings.networks.errors import Unsure
from tidings.networks.oauth import Refreshes
from tidings.networks.seam import Receipt

MOST = 500  # comments that Reddit lists at once
DELETED = "[deleted]"


class RedditInbox(Refreshes):
    """The part of Reddit that is about others' words; networks/reddit.py tells the story."""

    hearing = Hearing(
        whole=True, keeps=timedelta(days=7),
        partial="Comments under posts of this profile: of each post the newest 500, ten levels deep. They are kept for "
        "a week. Mentions elsewhere are not listed.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """The comments under one post, the newest first. An end that says "more" has another kind, and no words."""
        (receipt,) = receipts
        body = self.get(f"/comments/{receipt.id.removeprefix('t3_')}", sort="new", limit=MOST, raw_json=1)
        if not isinstance(body, list) or len(body) != 2:
            raise Unsure("Something answered in place of Reddit.")
        said = list(_children(body[1]))
        found = [one["data"] for one in said if one["kind"] == "t1" and one["data"]["author"] != DELETED]
        messages = [self._message(one, receipt.id) for one in found]
        return messages if all(one["kind"] == "t1" for one in said) else Cut(messages)

    def _message(self, said: Mapping[str, Any], on: str) -> Message:
        """A comment, in the Markdown in which it was written."""
        receipt = Receipt(said["name"], f"{self.hosts['page']}{said['permalink']}")
        at, ours = datetime.fromtimestamp(said["created_utc"], UTC), said["author"] == self.access.profile.name
        return Message(receipt, f"u/{said['author']}", said["body"], at, on=on, reply_to=said["parent_id"], ours=ours)


def _children(listing: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All that is in this listing and below, each with its kind."""
    for child in listing["data"]["children"]:
        yield child
        if replies := child["data"].get("replies"):
            yield from _children(replies)
