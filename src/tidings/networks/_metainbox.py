"""How Meta lists what others wrote: page by page behind cursors, the newest first.
https://developers.facebook.com/docs/graph-api/results

What is answered for a post that is gone is answered for one that may not be seen, too: it is refused, never empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from tidings.networks._meta import Meta
from tidings.networks._metarefusals import Forbidden
from tidings.networks.answered import Cut, Message
from tidings.networks.seam import Outgoing, Receipt


class Pages:
    """Requests that one look may still make, and whether something was left unread for want of one."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.cut = False

    def take(self) -> bool:
        """Whether there is one more."""
        self.cut = self.cut or not self.left
        self.left = max(self.left - 1, 0)
        return not self.cut


class Commented(Meta):
    """Others' words under posts of ours, and answers to them."""

    answerable = True
    hearing_way: ClassVar[int] = -1  # the way to connect that asks for the right to them

    def talked_under(self, receipt: Receipt) -> bool:
        """Whether there is a list of what stands under this."""
        raise NotImplementedError

    def comments(self, post: str, pages: Pages) -> Iterator[Message]:
        """What stands under this post, as far as there are pages."""
        raise NotImplementedError

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """Under one post, whenever it was written: a post may not have been looked under for longer than `since`."""
        (receipt,) = receipts
        if not self.talked_under(receipt):
            return Cut()
        pages = Pages(self.hearing.calls)
        try:
            found = list(self.comments(receipt.id, pages))
            return Cut(found) if pages.cut else found
        except Forbidden as refused:
            way = self.connect[self.hearing_way].label
            said = f"{self.label} does not let this sign-in read what others write. Connect again by “{way}”"
            raise Forbidden(f"{said} ({refused.reason}).") from refused

    def under(self, path: str, pages: Pages, after: str = "", **query: Any) -> Iterator[Mapping[str, Any]]:
        """What an edge lists, page by page."""
        while pages.take():
            said = self.read(path, after=after, **query)
            yield from said["data"]
            after = following(said)
            if not after:
                return


def following(said: Mapping[str, Any]) -> str:
    """Where the next page of a list begins; empty: this was the last."""
    paging = said.get("paging") or {}
    return str(paging["cursors"]["after"]) if "next" in paging else ""


def answers(outgoing: Outgoing) -> Receipt | None:
    """The message that this answers; None for a post, and for the comments that are its further parts."""
    to, root = outgoing.reply_to, outgoing.root
    return None if outgoing.position != 1 or (to and root and to.id == root.id) else to


def place(message: Receipt) -> str:
    """What an answer to it hangs on: itself, or what is above it where nothing hangs on it."""
    return str(message.extra.get("under") or message.id)
