"""What people asked for and what was seen to happen, written down beside the database; breaches are counted here."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tests.simulation.heap import START, Time

BREACHES = (
    "duplicated", "lost", "unexplained", "out of order", "part before", "unasked", "two at once", "out of date",
    "early", "late",
    "over the cap", "unfair", "asleep", "restless", "stuck", "given up early", "asked early", "fault of ours",
)

Place = tuple[UUID, UUID]  # an item on a channel: what is to be out at most once
LONG_AGO = START


@dataclass
class Ledger:
    """`breached` counts; everything else is what the checks need to know."""

    time: Time
    breached: Counter[str] = field(default_factory=Counter)
    texts: dict[Place, str] = field(default_factory=dict)  # what was accepted last
    again: Counter[Place] = field(default_factory=Counter)  # "not out", said in error
    sworn: set[UUID] = field(default_factory=set)  # deliveries that a person called out, in error
    barred: set[Place] = field(default_factory=set)  # cancelled or held back: only a person's word sends it
    waits: Counter[UUID] = field(default_factory=Counter)  # tries that came to nothing since a person's last word
    touched: set[UUID] = field(default_factory=set)  # posts that people did something with after scheduling them
    free_at: dict[UUID, datetime] = field(default_factory=lambda: defaultdict(lambda: LONG_AGO))  # channels
    unfit_until: datetime = START  # no node could take anything before
    called: set[UUID] = field(default_factory=set)  # deliveries of which a network was told
    acted: bool = True  # a person has, just now
    holds: bool = False  # some workspace wants what is late to be held back
    delays: list[float] = field(default_factory=list)
    hasty: bool = False  # the first breach is all that is asked for

    def breach(self, kind: str, what: str) -> None:
        """Something that must never be."""
        assert kind in BREACHES
        self.breached[kind] += 1
        self.time.say(f"BREACH {kind}: {what}")
        self.time.stopped = self.hasty

    def not_before(self, channel: UUID, moment: datetime) -> None:
        """There is a reason why nothing of this channel goes before then."""
        self.free_at[channel] = max(self.free_at[channel], moment)
