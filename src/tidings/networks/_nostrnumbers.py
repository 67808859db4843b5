"""What relays know of a note and of a key. Nobody counts for all: every relay is asked, and what two of them have is
one. https://github.com/nostr-protocol/nips: NIP-10 answers, 18 reposts and quotes, 25 reactions, 45 counts, 57 zaps.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

from tidings.networks._nostrkeys import Event, Key
from tidings.networks._nostrrelay import TAKEN, Relays
from tidings.networks.base import Network
from tidings.networks.declare import Rate
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

NOTE, FOLLOWS, REPOST, REACTION, OTHER_REPOST, COMMENT, ZAP = 1, 3, 6, 7, 16, 1111, 9735  # kinds of events
AIMED = {REPOST: "reposts", OTHER_REPOST: "reposts", REACTION: "reactions", ZAP: "zaps"}  # at the last they name
RELAYS, PAGE = 5, 500  # asked at most; events of one page

METRICS = (
    Metric("reactions", "likes", "Reactions to the note, whichever sign they have, except those that mean no."),
    Metric("replies", "comments", "Notes that answer it, or answer an answer to it."),
    Metric("reposts", "shares", "Times that the note was reposted."),
    Metric("quotes", "shares", "Notes that quote it and do not answer it."),
    Metric("zaps", "", "Times that somebody sent bitcoin for the note, as the payers' services confirm.", "Zaps"),
)


class NostrNumbers(Network):
    """What is counted of notes, and of those who follow a key."""

    metrics = METRICS
    crowd = (Metric("followers", "followers", "Keys whose list names this one, on the relay that knows most of them."),)
    counting = Counting(
        calls=RELAYS, crowd_calls=2 * RELAYS,
        reads=(Rate(240, timedelta(minutes=1)), Rate(600, timedelta(minutes=1), "network")),
        partial="Only what this channel's first five relays know, and no more than 5,000 events from each.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One note, from the relays that took it. That none of these has it is no proof: others may."""
        (receipt,) = receipts
        takers = [relay for relay, said in receipt.extra.items() if said == TAKEN]
        found = self._first(takers).everything(_wishes(receipt.id))
        return {receipt.id: numbers(receipt.id, found.values())} if receipt.id in found else {}

    def audience(self, since: date) -> Sequence[Reading]:
        """Lists of follows are long; only relays that count them by themselves are asked."""
        counts = self._first().counts({"kinds": [FOLLOWS], "#p": [self._key.public]})
        return [Reading("followers", max(counts))] if counts else []

    @cached_property
    def _key(self) -> Key:
        return Key(self.access.secrets["key"])

    def _first(self, urls: Iterable[str] = ()) -> Relays:
        return self._relays([*(urls or self.access.server["relays"])][:RELAYS])

    def _relays(self, urls: Iterable[str] = ()) -> Relays:
        return Relays(urls or self.access.server["relays"], self._key, self.door, self.purpose)


def numbers(note: str, events: Iterable[Event]) -> Numbers:
    """How many of these do what to the note."""
    found = Counter(_done(note, event) for event in events)
    return {metric.theirs: found[metric.theirs] for metric in METRICS}


def _wishes(note: str) -> list[dict[str, object]]:
    """The note itself, and whatever points at it."""
    kinds = [NOTE, COMMENT, *AIMED]
    return [
        {"ids": [note]}, {"kinds": kinds, "#e": [note], "limit": PAGE}, {"kinds": [NOTE], "#q": [note], "limit": PAGE},
    ]


def _done(note: str, event: Event) -> str:
    """What an event does to the note, by our name of the number; empty: nothing that is counted."""
    kind, pointed = event["kind"], [tag for tag in event["tags"] if tag[:1] == ["e"] and len(tag) > 1]
    if kind in AIMED:
        aimed = bool(pointed) and pointed[-1][1] == note  # others stand for the thread above it
        return AIMED[kind] if aimed and not (kind == REACTION and event["content"] == "-") else ""
    if kind not in (NOTE, COMMENT):
        return ""
    if any(tag[1] == note and tag[3:4] != ["mention"] for tag in pointed):
        return "replies"
    return "quotes" if any(tag[:2] == ["q", note] for tag in event["tags"]) else ""
