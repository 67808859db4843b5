"""What others write under posts on Bluesky, from its public view, which anybody may ask without an account.

https://docs.bsky.app/docs/api/app-bsky-feed-get-post-thread. The view gives ten levels, however many are asked for;
of how many answers in all it says nothing, so that what it does not list is no proof of anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tidings.core import clock
from tidings.networks._blueskynumbers import BlueskyNumbers
from tidings.networks.answered import Hearing, Message
from tidings.networks.errors import Unsure
from tidings.networks.seam import Receipt

DEPTH = 10  # levels below a post
NOBODY = "handle.invalid"  # how the view calls whoever's name leads elsewhere by now


class BlueskyInbox(BlueskyNumbers):
    """Answers to posts. `hosts` has `app` beside `view`."""

    hearing = Hearing(
        partial="Answers to posts of this profile, ten levels deep; where it is mentioned or quoted elsewhere, is not "
        "listed."
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """What hangs below one post. What is blocked, or gone, stands there without words, and is left out."""
        (receipt,) = receipts
        asked = [("uri", receipt.id), ("depth", str(DEPTH)), ("parentHeight", "0")]
        thread = self._viewed("feed.getPostThread", asked).get("thread")
        if not isinstance(thread, dict) or "post" not in thread:
            raise Unsure("Bluesky does not show this post.")
        return [self._message(post, receipt.id) for post in _below(thread)]

    def _message(self, post: Mapping[str, Any], on: str) -> Message:
        """Its time is when the view heard of it: what other programs write into `createdAt` may be anything."""
        uri, who, said = str(post["uri"]), post["author"], post["record"]
        url = f"{self.hosts['app']}/profile/{who['did']}/post/{uri.rpartition('/')[2]}"
        root = said["reply"]["root"]
        extra = {"cid": str(post["cid"]), "root": str(root["uri"]), "root_cid": str(root["cid"])}
        return Message(
            Receipt(uri, url, extra), _handle(who), str(said.get("text", "")), clock.from_iso(post["indexedAt"]),
            who.get("displayName") or "", on=on, reply_to=str(said["reply"]["parent"]["uri"]),
            ours=who["did"] == self.did,
        )  # fmt: skip


def above(receipt: Receipt) -> Receipt | None:
    """The first post of the thread that somebody's answer is in, as the answer itself names it."""
    extra = receipt.extra
    return Receipt(extra["root"], "", {"cid": extra["root_cid"]}) if "root_cid" in extra else None


def _handle(who: Mapping[str, Any]) -> str:
    handle = str(who["handle"])
    return str(who["did"]) if handle == NOBODY else f"@{handle}"


def _below(thread: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for answer in thread.get("replies") or ():
        if "post" in answer:
            yield answer["post"]
            yield from _below(answer)
