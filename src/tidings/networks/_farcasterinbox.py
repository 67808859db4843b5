"""What others write under casts, as far as Neynar has heard of it: https://docs.neynar.com/reference/lookup-cast-conversation

A look gives five levels below a cast. Answers directly below it come page by page, the latest first; how many it
gives further down is not written anywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks._neynar import Neynar
from tidings.networks.answered import Hearing, Message
from tidings.networks.seam import Receipt

PAGES = 3
ASKED = {"type": "hash", "reply_depth": 5, "sort_type": "desc_chron", "limit": 50}


class FarcasterInbox(Neynar):
    """Answers to casts. Neynar's plans count every request, so it is asked less often than others."""

    hearing = Hearing(
        calls=PAGES, every=timedelta(minutes=30),
        partial="Answers to casts of this profile, five levels deep; where it is mentioned elsewhere, is not listed.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """What hangs below one cast."""
        (receipt,) = receipts
        return [self._message(cast, receipt.id) for page in self._pages(receipt.id) for cast in _below(page)]

    def _pages(self, hash: str) -> Iterator[Mapping[str, Any]]:
        cursor = dict[str, str]()
        for _ in range(PAGES):
            said = self.get("cast/conversation", identifier=hash, **ASKED, **cursor)
            yield said["conversation"]["cast"]
            following = (said.get("next") or {}).get("cursor")
            if not following:
                return
            cursor = {"cursor": following}

    def _message(self, cast: Mapping[str, Any], on: str) -> Message:
        who, hash = cast["author"], str(cast["hash"])
        receipt = Receipt(hash, f"{self.hosts['page']}/{who['username']}/{hash[:10]}", {"fid": str(who["fid"])})
        return Message(
            receipt, f"@{who['username']}", str(cast["text"]), clock.from_iso(cast["timestamp"]),
            who.get("display_name") or "", on=on, reply_to=str(cast["parent_hash"]),
            ours=str(who["fid"]) == self.access.profile.id,
        )  # fmt: skip


def _below(cast: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for answer in cast["direct_replies"]:
        yield answer
        yield from _below(answer)
