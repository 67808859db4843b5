"""What others write to a profile on a Misskey server: one list of all notes that answer or mention it.

A server counts whoever wrote a note among those whom an answer to it mentions, so that answers are in that list, too.
https://misskey-hub.net/en/docs/for-developers/api/ (notes/mentions, which needs no more than `read:account`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tidings.core import clock
from tidings.networks._misskeynumbers import MisskeyNumbers
from tidings.networks.answered import Hearing, Message
from tidings.networks.errors import Unsure
from tidings.networks.seam import Receipt

PAGES, PAGE = 3, 100
PRIVATE = "specified"


class MisskeyInbox(MisskeyNumbers):
    """Answers to the profile's notes, and notes that mention it; not those to named people only."""

    hearing = Hearing(
        kinds=("comment", "mention"), batch=0, calls=PAGES + 1,
        partial="What others write to each other below a note is listed only where it mentions this profile.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """What mentions the profile, and what it answered itself."""
        theirs = [one for one in self._mentions(since) if one.get("visibility") != PRIVATE and not one.get("isHidden")]
        ours = [one for one in self.own(since) if one.get("replyId") and one.get("visibility") != PRIVATE]
        return [self._message(one) for one in (*theirs, *ours)]

    def _mentions(self, since: datetime) -> Iterator[dict[str, Any]]:
        """The latest first. Asked for what is younger than something, servers begin with the oldest, or know no such
        question."""
        before = dict[str, str]()
        for _ in range(PAGES):
            page = self.ask("notes/mentions", limit=PAGE, **before)
            if not isinstance(page, list):
                raise Unsure(f"Something answered in place of {self.label}.")
            fresh = [one for one in page if clock.from_iso(one["createdAt"]) >= since]
            yield from fresh
            if len(fresh) < PAGE:
                return
            before = {"untilId": page[-1]["id"]}

    def _message(self, note: Mapping[str, Any]) -> Message:
        """An answer to a note of ours is a comment; whatever else names us, a mention."""
        me, who, above = self.access.profile.id, note["user"], note.get("reply") or {}
        comment = above.get("userId") == me and note["userId"] != me
        at = self.receipt(note["id"])
        return Message(
            Receipt(at.id, at.url, {"visibility": note.get("visibility") or "public"}), _handle(who), _words(note),
            clock.from_iso(note["createdAt"]), who.get("name") or "", "comment" if comment else "mention",
            note["replyId"] if comment else "", note.get("replyId") or "", note["userId"] == me,
        )  # fmt: skip


def _handle(who: Mapping[str, Any]) -> str:
    return f"@{who['username']}" + (f"@{who['host']}" if who.get("host") else "")


def _words(note: Mapping[str, Any]) -> str:
    """What is written over it, and what is below."""
    return "\n\n".join(filter(None, (note.get("cw"), note.get("text"))))
