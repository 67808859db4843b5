"""What the tries of one delivery have done. Written before and after each step, so that an heir knows where to go on.

The mark of the commit is saved before the irreversible call. A mark without a result means: it may be out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from tidings.core import clock
from tidings.networks.errors import NotYet, Reaction, Unsure

T = TypeVar("T")
Data = dict[str, Any]


class LeaseLost(Exception):
    """Another worker has taken this delivery over; whatever we know of it is no longer ours to write."""


class ToldTwice(Exception):
    """A network's story has two steps of one name, or two commits: a bug in the network's file."""


@dataclass
class Journal:
    """The journal of one try; implements networks.base.Sending. `save` is fenced: it raises once the lease is lost."""

    key: str
    due_at: datetime
    save: Callable[[Data], None]
    data: Data = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    now: Callable[[], datetime] = clock.now
    _told: set[str] = field(default_factory=set)
    _kept: bool = True  # all of `data` is saved

    def __post_init__(self) -> None:
        self.data.setdefault("first_try", self.now().isoformat())
        self.data.setdefault("steps", {})

    @property
    def first_try(self) -> datetime:
        """When the first try began."""
        return clock.from_iso(self.data["first_try"])

    @property
    def again(self) -> bool:
        """Asked within the commit: whether it was begun before, and what became of that is not known."""
        return self.lost and self.commits() > 1

    # what a network's story says

    def once(self, step: str, call: Callable[[], T], lasts: timedelta | None = None) -> T:
        """Do it, or give what it gave before; made anew once `lasts` has passed."""
        self._tell(step)
        kept = self.data["steps"].get(step)
        if kept and (not kept["ends"] or clock.from_iso(kept["ends"]) > self.now()):
            return cast(T, kept["result"])  # what `call` gave, back from JSON
        result = call()
        now = self.now()
        ends = (now + lasts).isoformat() if lasts else ""
        self.data["steps"][step] = {"result": result, "at": now.isoformat(), "ends": ends}
        self._save()
        return result

    def until(self, seconds: float, ready: Callable[[], T | None]) -> T:
        """What `ready` gives; None hands the worker back and asks again in `seconds`."""
        result = ready()
        if result is None:
            raise NotYet("The network is still working on it.", seconds)
        return result

    def commit(self, call: Callable[[], T]) -> T:
        """The one irreversible step. A repeat that is refused says nothing of the first time, so its mark stays."""
        self._tell("commit")
        mark = self.data.get("commit") or self._first_mark()
        if "result" in mark:
            return cast(T, mark["result"])  # what `call` gave, back from JSON
        mark |= {"last": self.now().isoformat(), "tries": mark["tries"] + 1}
        self.data["commit"] = mark
        self._save()
        try:
            result = call()
        except Unsure:
            raise
        except Reaction:
            if mark["tries"] == 1:
                self.uncommit()
            raise
        mark["result"] = result
        self._kept = False
        return result

    def keep(self) -> None:
        """Save the commit's result, unless it is. It is saved with the end of the try, or before anything more is
        asked of the network, whichever comes first."""
        if not self._kept:
            self._save()

    def recall(self, step: str) -> Any:
        """What an earlier step left, or None."""
        kept = self.data["steps"].get(step)
        return kept["result"] if kept else None

    def forget(self, *steps: str) -> None:
        """Steps whose results the network no longer knows; they are made anew at the next try."""
        for step in steps:
            self.data["steps"].pop(step, None)
        self._save()

    # what the engine asks

    @property
    def lost(self) -> bool:
        """Whether a commit was begun and its result is not known: it may be out."""
        mark = self.data.get("commit")
        return mark is not None and "result" not in mark

    def at_work_for(self) -> timedelta:
        """How long the network has had what it was given last; since the first try, if it was given nothing."""
        given = [clock.from_iso(kept["at"]) for kept in self.data["steps"].values() if "at" in kept]
        return self.now() - max(given, default=self.first_try)

    def lost_for(self) -> timedelta:
        """How long ago the last commit was begun."""
        return self.now() - clock.from_iso(self.data["commit"]["last"])

    def age(self) -> timedelta:
        """How long ago the first commit was begun."""
        return self.now() - clock.from_iso(self.data["commit"]["first"])

    def younger_than(self, window: timedelta) -> bool:
        """Whether the first commit is surely no older than this, even if a clock was set since it was begun."""
        mark = self.data["commit"]
        passed = clock.passed(clock.from_iso(mark["first"]), mark.get("up", ""), self.now())
        return passed is not None and passed < window

    def sought_for(self) -> timedelta:
        """How long it has been asked what became of the first commit, by the wall clock: patience needs no more."""
        return self.now() - clock.from_iso(self.data["commit"]["first"])

    def commits(self) -> int:
        """How often the commit was begun."""
        return int(self.data["commit"]["tries"])

    def note(self, what: str) -> int:
        """Count one more look at (`looks`), or one more authoritative absence of (`absent`), the lost post."""
        mark = self.data["commit"]
        mark[what] += 1
        self._save()
        return int(mark[what])

    def uncommit(self) -> None:
        """It is known that nothing was made."""
        del self.data["commit"]
        self._save()

    def _save(self) -> None:
        self.save(self.data)
        self._kept = True

    def _first_mark(self) -> Data:
        first = self.now().isoformat()
        return {"first": first, "up": clock.uptime(), "tries": 0, "looks": 0, "absent": 0}

    def _tell(self, step: str) -> None:
        if step in self._told:
            raise ToldTwice(f"the step {step!r} is told twice")
        self._told.add(step)
