"""What others say in a room that is meant for us: answers to our messages, in threads or without, and mentions.

https://spec.matrix.org/latest/client-server-api/#rich-replies, #threading and #user-and-room-mentions. No list has the
plain answers to one message, so the room's latest messages are read, as every client does, and only these are taken.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from tidings.networks import _matrix
from tidings.networks._gone import Gone
from tidings.networks._matrixnumbers import MatrixNumbers
from tidings.networks.answered import Hearing, Message
from tidings.networks.errors import Unsure
from tidings.networks.seam import Receipt

PAGES, MOST = 3, 100  # of the room's messages, the latest first
LOOKS = 5  # at messages further back, which one of these answers
FILTER = json.dumps({"types": ["m.room.message"], "lazy_load_members": True})  # with the names of who wrote them
Event = dict[str, Any]


class MatrixInbox(MatrixNumbers):
    """Answers and mentions in the room."""

    hearing = Hearing(
        kinds=("comment", "mention"), batch=0, calls=PAGES + LOOKS,
        partial="In a room where much is said, what is older than its latest 300 messages is not found.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """The room's messages since then; those that answer us, wherever the chain of answers begins, or name us."""
        events, names = self._latest(since)
        known = _Known({one["event_id"]: one for one in events}, self)
        found = [self._message(one, known.post(one), names) for one in reversed(events) if _said(one)]
        return [one for one in found if one]

    def _latest(self, since: datetime) -> tuple[list[Event], dict[str, str]]:
        events, names, query = list[Event](), dict[str, str](), {"dir": "b", "limit": str(MOST), "filter": FILTER}
        for _page in range(PAGES):
            said = self.call("GET", self.room(f"/messages?{urlencode(query)}")).json()
            events += said["chunk"]
            names |= {one["state_key"]: one["content"].get("displayname") or "" for one in said.get("state") or ()}
            if not said.get("end") or not said["chunk"] or _matrix.moment(said["chunk"][-1]) < since:
                break
            query["from"] = said["end"]
        return events, names

    def _message(self, event: Event, post: str, names: Mapping[str, str]) -> Message | None:
        """None: it is none of ours."""
        who, ours = event["sender"], event["sender"] == self.user
        named = self.user in ((event["content"].get("m.mentions") or {}).get("user_ids") or ())
        if post == event["event_id"] or not (post or (named and not ours)):
            return None
        place = f"{self.hosts['site']}/#/{self.access.profile.id}/{event['event_id']}"
        receipt = Receipt(event["event_id"], place, {"thread": _matrix.root(event) or event["event_id"], "by": who})
        return Message(
            receipt, who, _matrix.plain(event), _matrix.moment(event), names.get(who, ""),
            "comment" if post else "mention", post, _matrix.parent(event) if post else "", ours,
        )  # fmt: skip

    def event(self, id: str) -> Event | None:
        """A message from further back, if we may see it."""
        try:
            said = self.call("GET", self.room(f"/event/{quote(id, safe='')}")).json()
        except Gone:
            return None
        if not isinstance(said, dict) or "content" not in said:
            raise Unsure("Something answered in place of the homeserver.")
        return said


class _Known:
    """Messages by id: those that were listed, and a few that have to be asked for."""

    def __init__(self, events: dict[str, Event | None], network: MatrixInbox) -> None:
        self.events, self.network, self.left = events, network, LOOKS

    def post(self, event: Event) -> str:
        """The message of ours at the beginning of the chain of answers that this one ends; empty: there is none."""
        walked = set[str]()
        while above := _matrix.root(event) or _matrix.parent(event):
            before = None if above in walked else self._one(above)
            walked.add(above)
            if before is None:
                return ""
            event = before
        return str(event["event_id"]) if event["sender"] == self.network.user else ""

    def _one(self, id: str) -> Event | None:
        if id not in self.events and self.left:
            self.left -= 1
            self.events[id] = self.network.event(id)
        return self.events.get(id)


def _said(event: Event) -> bool:
    """Whether there are words in it that are its own: it was not taken back, and is no edit or medium of another."""
    return bool(event["content"].get("body")) and not _matrix.follows(event)
