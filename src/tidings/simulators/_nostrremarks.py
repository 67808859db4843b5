"""Who answers the notes of a relay in a box with words: signed events of people who say of themselves who they are."""

import json
from typing import Any

from tidings.networks._nostrkeys import Event, Key, Tags
from tidings.networks.answered import MessageKind
from tidings.simulators._nostrcrowd import Crowd
from tidings.simulators._remarks import READER
from tidings.simulators.base import Remark

PROFILE, NOTE = 0, 1


class Readers(Crowd):
    """`people`: what they say of themselves, by their keys. `written`: the events of remarks, those that were deleted
    among them. `marks`: whether their programs mark what a note answers (NIP-10)."""

    marks = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.people: dict[str, Event] = {}
        self.written: dict[str, Event] = {}

    def key_of(self, account: str) -> Key:
        """Of whoever has this name."""
        raise NotImplementedError

    def remark(
        self, text: str, on: str = "", reply_to: str = "", author: str = READER, kind: MessageKind = "comment",
        stars: int = 0,
    ) -> str:
        """An event's id is the hash of what it says."""
        key = self.key_of(author)
        said = json.dumps({"name": author, "display_name": author.title()})
        self.people.setdefault(key.public, key.sign(PROFILE, said, []))
        event = key.sign(NOTE, text, [*self._thread(on, reply_to or on), ["nonce", self.new_id(), "0"]])
        self.written[event["id"]] = event
        self.remarks[event["id"]] = Remark(event["id"], text, on, reply_to, author, kind, stars)
        return str(event["id"])

    def answers(self) -> list[Event]:
        """The events of all remarks that are there."""
        return [self.written[id] for id in self.remarks]

    def _thread(self, on: str, parent: str) -> Tags:
        root = next((tag[1] for tag in self._event(on)["tags"] if tag[0] == "e" and tag[3:4] == ["root"]), on)
        who = ["p", self._event(parent)["pubkey"]]
        if not self.marks:
            return [*(["e", id] for id in dict.fromkeys((root, parent))), who]
        return [["e", root, "", "root"], *([["e", parent, "", "reply"]] if parent != root else []), who]

    def _event(self, id: str) -> dict[str, Any]:
        return self.posts[id] if id in self.posts else self.written[id]
