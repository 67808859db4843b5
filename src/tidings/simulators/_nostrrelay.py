"""A relay in a box, as far as notes need one: NIP-01, 09, 11, 42, 45; what it refuses, in the words that NIP-01 begins.

https://github.com/nostr-protocol/nips
"""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from tidings.core import clock
from tidings.networks._nostrkeys import Event, genuine
from tidings.simulators._nostrremarks import Readers

PROFILE, NOTE, DELETION, WHO = 0, 1, 5, 22242
AHEAD, BEHIND = 900, 31_536_000  # seconds that an event's time may be wrong


class RelaySide(Readers):
    """What it keeps are notes by their ids; and what people say of themselves."""

    longest = 8196  # characters of a note
    asks = False  # wants to know who it is, before it takes or shows anything
    locked = False  # and then lets nobody in
    duplicate = True  # what it answers to an event that it has
    drops = False  # says yes, and keeps nothing
    said_no = ""  # the refusal of whatever comes, if any
    knows = (1, 9, 11, 42, 45)  # the NIPs that it says it knows
    gives = 100  # events of one answer at most

    async def information(self, _request: Request) -> Response:
        """What it says of itself (NIP-11)."""
        limits = {"max_content_length": self.longest, "auth_required": self.asks}
        return JSONResponse({"name": "Relay simulator", "supported_nips": self.knows, "limitation": limits})

    async def relay(self, line: WebSocket) -> None:
        """One caller."""
        await line.accept()
        challenge, known = secrets.token_hex(8), False
        if self.asks:
            await line.send_json(["AUTH", challenge])
        try:
            while True:
                said = await line.receive_json()
                if said[0] == "AUTH":
                    why = self._who(said[1], challenge)
                    known = known or not why
                    await line.send_json(["OK", said[1]["id"], not why, why])
                else:
                    for answer in self._answers(said, known):
                        await line.send_json(answer)
        except WebSocketDisconnect:
            return

    def _who(self, event: Event, challenge: str) -> str:
        tags = {tag[0]: tag[1] for tag in event["tags"]}
        if not genuine(event) or event["kind"] != WHO or tags.get("challenge") != challenge:
            return "invalid: this does not answer the challenge"
        return "restricted: this key is not a member" if self.locked else ""

    def _answers(self, said: list[Any], known: bool) -> list[list[Any]]:
        if self.asks and not known:
            why = "auth-required: tell who you are"
            return [["OK", said[1]["id"], False, why] if said[0] == "EVENT" else ["CLOSED", said[1], why]]
        if said[0] == "EVENT":
            return [self._take(said[1])]
        if said[0] == "COUNT":
            if 45 not in self.knows:
                return [["NOTICE", "ERROR: bad msg: unknown cmd"]]
            return [["COUNT", said[1], {"count": self.crowd(said[2]["#p"][0], "followers")}]]
        return [*(["EVENT", said[1], event] for event in self._fitting(said[2])), ["EOSE", said[1]]]

    def _take(self, event: Event) -> list[Any]:
        if event.get("id") in self.posts:
            return ["OK", event["id"], self.duplicate, "duplicate: exists"]
        if why := self.said_no or self._wrong(event):
            return ["OK", "", False, why]  # without the id, as a real relay says it
        if event["kind"] == DELETION:
            self._drop(event)
        elif event["kind"] == PROFILE:
            self.people[event["pubkey"]] = event
        elif not self.drops:
            self.posts[event["id"]] = event
        return ["OK", event["id"], True, ""]

    def _wrong(self, event: Event) -> str:
        if not genuine(event):
            return "invalid: id or signature is wrong"
        if len(event["content"]) > self.longest:
            return f"invalid: content has more than {self.longest} characters"
        late = clock.now().timestamp() - event["created_at"]
        return "" if -AHEAD < late < BEHIND else "invalid: created_at is out of bounds"

    def _drop(self, wish: Event) -> None:
        for id in [tag[1] for tag in wish["tags"] if tag[0] == "e"]:
            if self.posts.get(id, {}).get("pubkey") == wish["pubkey"]:
                del self.posts[id]

    def _fitting(self, wish: dict[str, Any]) -> list[Event]:
        pointing = (note for name in ("#e", "#q") for note in wish.get(name, ()))
        every = [*reversed(self.posts.values()), *self.people.values(), *self.answers()]
        every += [event for note in pointing for event in self.pointing(note)]
        fits = [event for event in every if event["id"] in wish.get("ids", [event["id"]])
                and event["pubkey"] in wish.get("authors", [event["pubkey"]])
                and event["kind"] in wish.get("kinds", [event["kind"]])
                and wish.get("since", 0) <= event["created_at"] <= wish.get("until", event["created_at"])
                and all(_names(event, name[1], ids) for name, ids in wish.items() if name[0] == "#")]
        most = min(wish.get("limit", self.gives), self.gives)
        return sorted(fits, key=lambda event: -int(event["created_at"]))[:most]


def _names(event: Event, tag: str, ids: list[str]) -> bool:
    return any(one[:1] == [tag] and one[1:2] and one[1] in ids for one in event["tags"])
