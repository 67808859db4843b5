"""What a homeserver counts, or lists so that it can be counted.

https://spec.matrix.org/latest/client-server-api/#relationship-types
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from tidings.networks._gone import Gone
from tidings.networks._matrixapi import MatrixApi
from tidings.networks.declare import Rate
from tidings.networks.errors import Unsure
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

PAGES = 3  # of what hangs on a message, read at most; what is longer is not counted
PAGE = 500  # asked for; a homeserver may give fewer


class MatrixNumbers(MatrixApi):
    """Reactions, threads, members."""

    metrics = (
        Metric("m.reaction", "likes", "Reactions to the message; each person counts once for each kind."),
        Metric("m.thread", "comments", "Messages in the thread that hangs on this one."),
    )
    crowd = (Metric("joined", "followers", "Users who are in the room."),)
    counting = Counting(
        calls=1 + 2 * PAGES,
        reads=(Rate(60, timedelta(minutes=1)),),  # ours: the specification sets no limit to these
        partial="A homeserver counts what has reached it from others. The later parts of a thread count as answers to "
        "its first. Who has read a message is not counted.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One message. One that was taken back is still there, empty; one that is not found may be hidden from us."""
        (receipt,) = receipts
        try:
            said = self.asked(receipt)
        except Gone:
            return {}
        if "redacted_because" in (said.get("unsigned") or {}):
            return {receipt.id: None}
        found = {"m.reaction": self._reactions(receipt), "m.thread": self._thread(receipt, said)}
        return {receipt.id: {theirs: value for theirs, value in found.items() if value is not None}}

    def asked(self, receipt: Receipt) -> dict[str, Any]:
        """A message as it is now."""
        said = self.call("GET", self.room(f"/event/{quote(receipt.id, safe='')}")).json()
        if not isinstance(said, dict) or "content" not in said:
            raise Unsure("Something answered in place of the homeserver.")
        return said

    def _reactions(self, receipt: Receipt) -> int | None:
        hanging = self._hanging(receipt, "m.annotation/m.reaction")
        if hanging is None:
            return None
        return len({(one["sender"], (one["content"].get("m.relates_to") or {}).get("key")) for one in hanging})

    def _thread(self, receipt: Receipt, said: Mapping[str, Any]) -> int | None:
        """As the homeserver has counted, else as it lists. A part of a thread has no thread of its own."""
        if (said["content"].get("m.relates_to") or {}).get("rel_type") == "m.thread":
            return None
        counted = ((said.get("unsigned") or {}).get("m.relations") or {}).get("m.thread")
        if counted:
            return int(counted["count"])
        hanging = self._hanging(receipt, "m.thread")
        return None if hanging is None else len(hanging)

    def _hanging(self, receipt: Receipt, how: str) -> list[dict[str, Any]] | None:
        """All that hangs on a message in this way; None: more than we read."""
        place = self.room(f"/relations/{quote(receipt.id, safe='')}/{how}").replace("/v3/", "/v1/", 1)
        found, query = list[dict[str, Any]](), {"limit": str(PAGE)}
        for _page in range(PAGES):
            said = self.call("GET", f"{place}?{urlencode(query)}").json()
            found += said["chunk"]
            if not said.get("next_batch"):
                return found
            query["from"] = said["next_batch"]
        return None

    def audience(self, since: date) -> Sequence[Reading]:
        """Who is in the room, as it stands."""
        return [Reading("joined", len(self.call("GET", self.room("/joined_members")).json()["joined"]))]
