"""Who answers, reposts, quotes and likes the notes of a relay in a box: events that the crowd has signed.

NIP-10, 18, 25, 57. Beside those that count there are some that do not: a no, one for another note, a forged one.
"""

from collections.abc import Iterator

from tidings.networks._nostrkeys import Event, Key, Tags
from tidings.simulators.base import Simulator

CROWD = Key("c0" * 32)
KINDS = {"reactions": 7, "replies": 1, "reposts": 6, "quotes": 1, "zaps": 9735}


class Crowd(Simulator):
    """As many events of each kind as the curve says."""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.made: dict[tuple[str, str], list[Event]] = {}  # by the note, and what is done to it

    def pointing(self, note: str) -> list[Event]:
        """Whatever points at this note by now, and stays when it goes."""
        if note not in self.posts.since:
            return []
        at = int(self.posts.since[note].timestamp())
        for theirs in KINDS:
            made = self.made.setdefault((note, theirs), [])
            made += (_event(note, theirs, at + n) for n in range(len(made), self.grown(note, theirs)))
        counted = [event for theirs in KINDS for event in self.made[note, theirs][: self.grown(note, theirs)]]
        return [*counted, *_chaff(note, at)]


def _event(note: str, theirs: str, at: int) -> Event:
    content = "+" if theirs == "reactions" and at % 2 else "\N{FIRE}"
    tag = ["q", note, ""] if theirs == "quotes" else ["e", note, "", "root"] if theirs == "replies" else ["e", note, ""]
    return CROWD.sign(KINDS[theirs], content, [tag, ["theirs", theirs]], at)


def _chaff(note: str, at: int) -> Iterator[Event]:
    mentioned: Tags = [["e", "00" * 32, "", "root"], ["e", note, "", "mention"]]
    yield CROWD.sign(7, "-", [["e", note, ""]], at)
    yield CROWD.sign(7, "+", [["e", note, ""], ["e", "00" * 32, ""]], at)  # of an answer to the note
    yield CROWD.sign(1, "Another thread, which mentions the note", mentioned, at)
    yield {**CROWD.sign(7, "+", [["e", note, ""]], at), "sig": "00" * 64}
