"""The checker: compares what was asked with what our database tells and what the networks hold, delivery by delivery.

It knows a post on a network by the words and the profile that were asked for, never by our receipt; so a receipt of
somebody else's post, or of none, does not deceive it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

COUNTS = ("lost", "duplicated", "unexplained", "out_of_order")


@dataclass(frozen=True)
class Asked:
    """One item for one channel, as the harness wrote it down when it asked. `words` are like no other item's."""

    network: str
    profile: str
    words: str
    alt: str = ""  # what its picture says; empty: it has none
    before: str = ""  # the words of the part of the thread it hangs on

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by."""
        return self.network, self.profile, self.words


@dataclass(frozen=True)
class Told:
    """What our database tells of it. `doubtful`: its journal has a commit whose result is not known."""

    state: str
    receipt: str = ""
    reason: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class Held:
    """A post on a network: its id there, everything the network holds of it as text, its place in order of making."""

    network: str
    id: str
    said: str
    place: int


Out = Mapping[tuple[str, str, str], list[Held]]


def verdict(asked: Sequence[Asked], told: Mapping[tuple[str, str, str], Told], held: Iterable[Held]) -> dict[str, int]:
    """Lost: told to be out and is not (as it was asked), or ended without a word. Duplicated: out once more than
    asked. Unexplained: out, and we do not say so. Out of order: a channel's posts not in the order in which they were
    asked, or a part that does not hang on the one before; `asked` is in that order."""
    out, strangers = sort(asked, held)
    found = dict.fromkeys(COUNTS, 0)
    found["unexplained"] += strangers
    for one in asked:
        copies, say = out[one.key], told.get(one.key, Told("forgotten"))
        found["lost"] += _lost(one, say, copies)
        found["duplicated"] += max(len(copies) - 1, 0)
        found["unexplained"] += bool(copies) and say.state not in ("delivered", "unsure")
        found["out_of_order"] += not _hangs(one, copies, out)
    found["out_of_order"] += _swapped(asked, out)
    return found


def sort(asked: Iterable[Asked], held: Iterable[Held]) -> tuple[Out, int]:
    """The posts under what was asked for, and how many nobody asked for."""
    known: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in asked:
        known[one.network, one.words].append(one.profile)
    out: dict[tuple[str, str, str], list[Held]] = defaultdict(list)
    strangers = 0
    for post in held:
        words = next((w for w in _candidates(post.said) if (post.network, w) in known), "")
        profile = next((p for p in known.get((post.network, words), ()) if p in post.said), "")
        if profile:
            out[post.network, profile, words].append(post)
        else:
            strangers += 1
    return out, strangers


def words(post: int, part: int) -> str:
    """What a part of a post says: five words, found again in whatever a network makes around them."""
    return f"Post {post:05d} part {part:02d} here"


def _candidates(said: str) -> Iterable[str]:
    pieces = said.split("Post ")[1:]
    return (f"Post {piece[:18]}" for piece in pieces)


def _lost(asked: Asked, told: Told, copies: list[Held]) -> bool:
    if told.state == "delivered":
        mine = [post for post in copies if post.id == told.receipt]
        return not mine or asked.alt not in mine[0].said
    if told.state == "unsure":  # only what may be out is asked of a person
        return not (told.doubtful and told.reason)
    return told.state in ("forgotten", "failed", "cancelled", "held")  # nothing that was asked here may end so


def _hangs(asked: Asked, copies: list[Held], out: Out) -> bool:
    """Whether a part that is out hangs on the one before it."""
    if not asked.before:
        return True
    before = out[asked.network, asked.profile, asked.before]
    return all(any(first.id in post.said for first in before) for post in copies)


def _swapped(asked: Iterable[Asked], out: Out) -> int:
    """Neighbours of one channel that were made the other way round than they were asked."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in asked:
        if copies := out[one.key]:
            places[one.network, one.profile].append(copies[0].place)
    return sum(b < a for order in places.values() for a, b in pairwise(order))
