"""Comments under an article of a Forem site: https://developers.forem.com/api/v1#tag/comments

They come as threads, in HTML. One that was deleted or hidden holds its place above its answers, without its writer.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tidings.core import clock
from tidings.networks import _html
from tidings.networks._devtoapi import DevToApi
from tidings.networks.answered import Hearing, Message
from tidings.networks.errors import Unsure
from tidings.networks.seam import Receipt


class DevToInbox(DevToApi):
    """What readers write; a program cannot answer. That all are listed at once is not said, so nothing is concluded
    from what is missing."""

    hearing = Hearing(partial="The site takes no answers from programs; they are written there.")

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """All threads under one article."""
        (receipt,) = receipts
        said = self.call("GET", self._at(f"comments?a_id={receipt.id}")).json()
        if not isinstance(said, list):
            raise Unsure("Something answered in place of the site.")
        return list(self._below(said, receipt.id, receipt.id))

    def _below(self, said: Sequence[Mapping[str, Any]], on: str, to: str) -> Iterator[Message]:
        for one in said:
            if (one.get("user") or {}).get("username"):
                yield self._message(one, on, to)
            yield from self._below(one.get("children") or (), on, str(one["id_code"]))

    def _message(self, said: Mapping[str, Any], on: str, to: str) -> Message:
        who, name = said["user"], said["user"]["username"]
        receipt = Receipt(str(said["id_code"]), f"{self.access.server['url']}/{name}/comment/{said['id_code']}")
        return Message(
            receipt, f"@{name}", _html.plain(said["body_html"]), clock.from_iso(said["created_at"]),
            who.get("name") or "", on=on, reply_to=to, ours=name == self.access.profile.handle.partition("@")[0],
        )  # fmt: skip
