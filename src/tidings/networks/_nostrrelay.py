"""Relays: what is said to them and what they answer (NIP-01), and who asks, where one wants to know (NIP-42).

https://github.com/nostr-protocol/nips/blob/master/01.md
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tidings.core.http import Answer, Purpose, Request, Transport
from tidings.networks import errors
from tidings.networks._nostrkeys import Event, Key, genuine, line
from tidings.networks.base import ask
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected

ENDS = frozenset({"OK", "EOSE", "CLOSED"})  # with these a relay has answered
REFUSALS = {"rate-limited": Later, "error": Later, "auth-required": Reconnect}  # what any other prefix means: never
WHO = 22242  # the kind of event that says who asks
TAKEN = "taken"  # what is kept of a relay that has a note
UPGRADED, SECONDS = 101, 20.0

Messages = list[Any]
Found = tuple[Event, dict[str, str]]  # an event, and the relays that have it


@dataclass(frozen=True)
class Relay:
    """A relay, as a key speaks to it."""

    url: str
    by: Key
    door: Transport
    purpose: Purpose

    def offer(self, event: Event) -> None:
        """Give it this event; raises a Reaction unless it has it now. A refusal may come without the event's id."""
        said = self._say(["EVENT", event])
        taken, words = said[2] if len(said) > 2 else False, str(said[3]) if len(said) > 3 else ""
        if not taken and not words.startswith("duplicate:"):
            raise self._refused(words)

    def events(self, wish: Mapping[str, Any]) -> list[Event]:
        """What it has that fits, and is what it says."""
        heard = self._heard(["REQ", "look", wish])
        if heard[-1][0] != "EOSE":
            raise self._refused(str(heard[-1][-1]))
        return [said[2] for said in heard if said[0] == "EVENT" and len(said) > 2 and genuine(said[2])]

    def _say(self, message: Messages) -> Messages:
        last: Messages = self._heard(message)[-1]
        return last

    def _heard(self, message: Messages) -> list[Messages]:
        request = Request("SAY", self.url, self.purpose, body=self._talk(message), seconds=SECONDS, until=ENDS)
        answer = ask(self.door, request)
        if answer.status != UPGRADED:
            raise self._away(answer)
        return [said for said in answer.json() if isinstance(said, list) and said]

    def _talk(self, message: Messages) -> Generator[bytes, list[Messages], None]:
        """Say it; where the relay first wants to know who asks, tell it and say it once more."""
        heard = yield line(message)
        challenge = next((said[1] for said in heard if said[:1] == ["AUTH"]), None)
        if challenge is None or not str(heard[-1][-1]).startswith("auth-required:"):
            return
        heard = yield line(["AUTH", self.by.sign(WHO, "", [["relay", self.url], ["challenge", challenge]])])
        if heard[-1][2] is not True:
            raise Reconnect(f"{self.url} does not let this key in: {heard[-1][-1]}")
        yield line(message)

    def _refused(self, words: str) -> Reaction:
        kind = REFUSALS.get(words.partition(":")[0], Rejected)
        return errors.reaction(kind, f"{self.url} says: {words or 'no'}", None)

    def _away(self, answer: Answer) -> Reaction:
        """Who is turned away at the door has said nothing."""
        why = f"{self.url} does not let us in (HTTP {answer.status})."
        passing = answer.status == 429 or answer.status >= 500
        return Later(why, errors.retry_at(answer)) if passing else Rejected(why)


@dataclass(frozen=True)
class Relays:
    """Several of them, none of which is needed."""

    urls: Iterable[str]
    by: Key
    door: Transport
    purpose: Purpose

    def tell(self, event: Event) -> dict[str, str]:
        """What each makes of it: TAKEN, or why not; raises when none takes it."""
        said, why = dict[str, str](), list[Reaction]()
        for relay in self._each():
            try:
                relay.offer(event)
                said[relay.url] = TAKEN
            except Reaction as refused:
                said[relay.url] = refused.reason
                why.append(refused)
        if TAKEN not in said.values():
            raise _gravest(why)
        return said

    def found(self, wish: Mapping[str, Any]) -> list[Found]:
        """Our own events that fit; raises when nothing is found and one of them did not answer."""
        kept, why = dict[str, Found](), list[Reaction]()
        for relay in self._each():
            try:
                for event in relay.events(wish):
                    if event["pubkey"] == self.by.public:
                        kept.setdefault(event["id"], (event, {}))[1][relay.url] = TAKEN
            except Reaction as silent:
                why.append(silent)
        if why and not kept:
            raise _gravest(why)
        return list(kept.values())

    def _each(self) -> list[Relay]:
        return [Relay(url, self.by, self.door, self.purpose) for url in self.urls]


def _gravest(why: list[Reaction]) -> Reaction:
    """What to do when none did what was asked: the reaction that leaves most open."""
    order = (errors.Unsure, errors.NotYet, Later, Reconnect, Rejected)
    first = min(why, key=lambda one: order.index(type(one)))
    return errors.reaction(type(first), " ".join(one.reason for one in why), getattr(first, "at", None))
