"""What others do with a blog's posts that has words: https://www.tumblr.com/docs/en/api/v2#notifications--retrieve-blogs-activity-feed

Tumblr has no way for programs to reply, and says of a reply which post it is under, but not which reply it follows.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tidings.networks._tumblrnumbers import TumblrNumbers
from tidings.networks.answered import Hearing, Message
from tidings.networks.seam import Receipt

TYPES = {"types[0]": "reply", "types[1]": "reblog_with_content", "rollups": "false"}
PAGES = 3


class TumblrInbox(TumblrNumbers):
    """The blog's activity: replies, and reblogs to which something was added."""

    hearing = Hearing(
        batch=0, calls=PAGES,
        partial="Tumblr takes no replies from programs, and gives of a long reblog only the beginning.",
    )

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """Page by page, the newest first, until they are older."""
        path, found, query = f"/v2/blog/{self.access.profile.id}/notifications", list[Message](), dict(TYPES)
        for _page in range(PAGES):
            listed = self.get(path, **query)["response"]["notifications"]
            found += [self._message(one) for one in listed if _text(one)]
            if not listed or _at(listed[-1]) < since:
                break
            query["before"] = str(listed[-1]["timestamp"])
        return found

    def _message(self, said: Mapping[str, Any]) -> Message:
        who, on, us = str(said["from_tumblelog_name"]), str(said["target_post_id"]), self.access.profile.handle[1:]
        place = f"{who}/{said['post_id']}" if said["type"] == "reblog_with_content" else f"{us}/{on}"
        receipt = Receipt(str(said["id"]), f"{self.hosts['page']}/{place}")
        return Message(receipt, f"@{who}", _text(said), _at(said), on=on, reply_to=on, ours=who == us)


def _text(said: Mapping[str, Any]) -> str:
    return str(said.get("reply_text") or said.get("added_text") or "").strip()


def _at(said: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(said["timestamp"]), UTC)
