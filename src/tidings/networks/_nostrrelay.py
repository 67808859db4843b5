"""Relays: what is said to them and what they answer (NIP-01), and who asks, where one wants to know (NIP-42).

https://github.com/nostr-protocol/nips/blob/master/01.md
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

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

T = TypeVar("T")
PAGES = 10  # of what fits one wish

Messages = list[Any]
Wish = Mapping[str, Any]
Talk = Generator[bytes, list[Messages], list[Messages]]
Found = tuple[Event, dict[str, str]]  # an event, and the relays that have it
Then = Callable[[Mapping[str, Event]], Iterable[Wish]]  # what else to ask for, in view of what was found


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

    def events(self, wish: Wish) -> list[Event]:
        """What it has that fits, and is what it says."""
        return self._events(self._heard(["REQ", "look", wish]))

    def _events(self, heard: list[Messages]) -> list[Event]:
        if heard[-1][0] != "EOSE":
            raise self._refused(str(heard[-1][-1]))
        return [said[2] for said in heard if said[0] == "EVENT" and len(said) > 2 and genuine(said[2])]

    def everything(self, wishes: Iterable[Wish], then: Then = lambda _found: ()) -> dict[str, Event]:
        """All that fits, by id, on one line; nothing more where the first wish finds nothing."""
        found = dict[str, Event]()

        def wished() -> Iterator[Wish]:
            yield from wishes
            yield from then(found)

        self._converse(self._leaf(wished(), found), ENDS)
        return found

    def _leaf(self, wishes: Iterable[Wish], found: dict[str, Event]) -> Talk:
        """Each wish page by page, from the latest to the oldest: a relay gives only so many at a time."""
        heard = list[Messages]()
        for wish in wishes:
            known, until = set[str](), dict[str, int]()
            for _ in range(PAGES if "limit" in wish else 1):
                heard = yield from self._talk(["REQ", "look", {**wish, **until}])
                page = {event["id"]: event for event in self._events(heard)}
                if page.keys() <= known:
                    break
                known |= page.keys()
                found |= page
                until = {"until": min(event["created_at"] for event in page.values())}
            if not found:
                break
        return heard

    def count(self, wish: Wish) -> int | None:
        """How many it says that fit; None where it does not count (NIP-45, NIP-11)."""
        url = f"http{self.url.removeprefix('ws')}"
        answer = ask(self.door, Request("GET", url, self.purpose, {"Accept": "application/nostr+json"}))
        said = answer.json() if answer.status == 200 else None
        if not isinstance(said, dict) or 45 not in (said.get("supported_nips") or ()):
            return None
        last = self._converse(self._talk(["COUNT", "look", wish]), ENDS | {"COUNT", "NOTICE"})[-1]
        counted = last[-1].get("count") if last[0] == "COUNT" and isinstance(last[-1], dict) else None
        return counted if isinstance(counted, int) else None

    def _say(self, message: Messages) -> Messages:
        last: Messages = self._heard(message)[-1]
        return last

    def _heard(self, message: Messages) -> list[Messages]:
        return self._converse(self._talk(message), ENDS)

    def _converse(self, talk: Talk, until: frozenset[str]) -> list[Messages]:
        request = Request("SAY", self.url, self.purpose, body=talk, seconds=SECONDS, until=until)
        answer = ask(self.door, request)
        if answer.status != UPGRADED:
            raise self._away(answer)
        return [said for said in answer.json() if isinstance(said, list) and said]

    def _talk(self, message: Messages) -> Talk:
        """Say it; where the relay first wants to know who asks, tell it and say it once more. What is heard then."""
        heard = yield line(message)
        challenge = next((said[1] for said in heard if said[:1] == ["AUTH"]), None)
        if challenge is None or not str(heard[-1][-1]).startswith("auth-required:"):
            return heard
        heard = yield line(["AUTH", self.by.sign(WHO, "", [["relay", self.url], ["challenge", challenge]])])
        if heard[-1][2] is not True:
            raise Reconnect(f"{self.url} does not let this key in: {heard[-1][-1]}")
        heard = yield line(message)
        return heard

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

    def found(self, wish: Wish) -> list[Found]:
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

    def everything(self, wishes: Sequence[Wish]) -> dict[str, Event]:
        """All that fits, whoever's it is, by id; raises when none of them answers."""
        return {id: event for found in self._from_each(lambda relay: relay.everything(wishes)) for id, event in
                found.items()}

    def around(self, wishes: Sequence[Wish], then: Then) -> list[Found]:
        """The same, with the relays that have each."""
        kept = dict[str, Found]()
        for url, found in self._from_each(lambda relay: (relay.url, relay.everything(wishes, then))):
            for id, event in found.items():
                kept.setdefault(id, (event, {}))[1][url] = TAKEN
        return list(kept.values())

    def counts(self, wish: Wish) -> list[int]:
        """How many each says that fit, of those that count; raises when none of them answers."""
        return [count for count in self._from_each(lambda relay: relay.count(wish)) if count is not None]

    def _from_each(self, question: Callable[[Relay], T]) -> list[T]:
        said, why = list[T](), list[Reaction]()
        for relay in self._each():
            try:
                said.append(question(relay))
            except Reaction as silent:
                why.append(silent)
        if why and not said:
            raise _gravest(why)
        return said

    def _each(self) -> list[Relay]:
        return [Relay(url, self.by, self.door, self.purpose) for url in self.urls]


def _gravest(why: list[Reaction]) -> Reaction:
    """What to do when none did what was asked: the reaction that leaves most open."""
    order = (errors.Unsure, errors.NotYet, Later, Reconnect, Rejected)
    first = min(why, key=lambda one: order.index(type(one)))
    return errors.reaction(type(first), " ".join(one.reason for one in why), getattr(first, "at", None))
