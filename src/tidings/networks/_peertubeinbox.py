"""Comments under films: https://docs.joinpeertube.org/api-rest-reference.html#tag/Video-Comments

One list has those under all films of the person, the newest first; instances older than PeerTube 6.2 have none.
Comments written on the instance are plain text, those from elsewhere HTML.
"""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks import _html, _peertube
from tidings.networks.answered import Hearing, Message
from tidings.networks.base import Sending
from tidings.networks.errors import Rejected, Unsure
from tidings.networks.seam import Outgoing, Receipt

LIST = "/users/me/videos/comments"
PAGES, MOST = 2, 100


class PeerTubeInbox(_peertube.Commented):
    """Comments under the films of a video channel, and answers to them."""

    hearing = Hearing(
        batch=30, calls=PAGES + 1,
        partial="Of all comments under your films, the newest 200 are looked through. It needs PeerTube 6.2 or newer.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """Those under these films; what waits for approval is listed once it is approved."""
        films = {one.id for one in receipts if not one.extra.get("film")}
        listed = self._comments() if films else []
        shown = [one for one in listed if one["video"]["uuid"] in films and not one.get("heldForReview")]
        return [self._message(one) for one in shown if not one.get("isDeleted")]

    def _comments(self) -> list[dict[str, Any]]:
        found = list[dict[str, Any]]()
        for page in range(PAGES):
            told = self._page(self.at(f"{LIST}?sort=-createdAt&count={MOST}&start={page * MOST}"))
            found += told
            if len(told) < MOST:
                break
        return found

    def _page(self, url: str) -> list[dict[str, Any]]:
        try:
            said = self.call("GET", url).json()
        except Rejected:
            if self.there(url):
                raise
            raise Rejected("This instance lists no comments; that needs PeerTube 6.2 or newer.") from None
        if not isinstance(said, dict):
            raise Unsure("Something answered in place of the instance.")
        return list(said["data"])

    def _message(self, said: Mapping[str, Any]) -> Message:
        film, who = str(said["video"]["uuid"]), said["account"]
        receipt = self._under(film, str(said["threadId"]), str(said["id"]))
        return Message(
            receipt, f"@{who['name']}@{who['host']}", _words(said["text"]), clock.from_iso(said["createdAt"]),
            who.get("displayName") or "", on=film, reply_to=str(said.get("inReplyToCommentId") or film),
            ours=self._mine(said),
        )  # fmt: skip

    def _mine(self, said: Mapping[str, Any]) -> bool:
        who, server = said["account"], self.access.server
        return who["name"] == server.get("user") and str(who.get("url", "")).startswith(f"{server['url']}/")

    def _under(self, film: str, thread: str, id: str) -> Receipt:
        return Receipt(id, f"{self.access.server['url']}/w/{film};threadId={thread}", {"film": film, "thread": thread})

    # answering

    def answer(self, outgoing: Outgoing, to: Receipt, sending: Sending) -> Receipt:
        """A comment below another."""
        film, said = to.extra["film"], {"text": outgoing.text}
        url = self.at(f"/videos/{film}/comments/{to.id}")
        made = sending.commit(lambda: str(self.call("POST", url, json=said).json()["comment"]["id"]))
        return self._under(film, to.extra["thread"], made)

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """An answer is looked for below what it answers; any other comment among the latest under its film."""
        to = outgoing.reply_to
        if to is None or "thread" not in to.extra:
            return super().find(outgoing, sending)
        since = sending.first_try - timedelta(minutes=1)
        below = [one for one in self.thread(to) if str(one.get("inReplyToCommentId")) == to.id]
        ours = [one for one in below if self._mine(one) and clock.from_iso(one["createdAt"]) >= since]
        same = [str(one["id"]) for one in ours if _words(one["text"]).split() == outgoing.text.split()]
        left = [id for id in same if id not in sending.known]
        return self.the_one([self._under(to.extra["film"], to.extra["thread"], id) for id in left])

    def thread(self, comment: Receipt) -> list[dict[str, Any]]:
        """All comments of its thread, without those that were deleted."""
        path = f"/videos/{comment.extra['film']}/comment-threads/{comment.extra['thread']}"
        said = self.call("GET", self.at(path)).json()
        return [one for one in _all(said) if not one.get("isDeleted")]


def _all(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [tree["comment"], *(one for child in tree["children"] for one in _all(child))]


def _words(said: str) -> str:
    """As people read it."""
    return _html.plain(said) if re.search(r"</\w+>|<br", said) else html.unescape(said).strip()
