"""What a Misskey server counts: on each note, and of a profile also by the day.

Relatives that keep no charts have no such address, or answer nothing but zeros.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any

from tidings.core import clock
from tidings.networks._gone import Gone
from tidings.networks._misskeyapi import MisskeyApi
from tidings.networks.declare import Rate
from tidings.networks.errors import Rejected, Unsure
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

LONGEST = 500  # days of a chart
CROWD = (
    Metric("followersCount", "followers", "Profiles that follow this one, as far as its server knows."),
    Metric("local.followers.inc", "", "Profiles of the same server that began to follow on that day.",
           "New followers here", "day"),
    Metric("remote.followers.inc", "", "Profiles of other servers that began to follow on that day.",
           "New followers elsewhere", "day"),
    Metric("pv.user", "visits", "Times that people who were signed in to the server opened the profile there.",
           per="day"),
    Metric("pv.visitor", "visits", "Times that others opened the profile on its server.", per="day"),
)


class MisskeyNumbers(MisskeyApi):
    """What is counted of notes and profiles."""

    metrics = (
        Metric("reactionCount", "likes", "Reactions to the note, whichever emoji they are."),
        Metric("renoteCount", "shares", "Times that others renoted the note, or quoted it."),
        Metric("repliesCount", "comments", "Notes that answer it directly."),
    )
    crowd = CROWD
    counting = Counting(
        crowd_calls=3, reads=(Rate(300, timedelta(hours=1)),), behind=1,
        partial="A server counts what it has heard of; what happens on others may reach it late, or never.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One note; there is no asking for several that tells all of this."""
        (receipt,) = receipts
        try:
            said = self.ask("notes/show", noteId=receipt.id)
        except Gone:
            return {receipt.id: None}
        if not isinstance(said, dict):
            raise Unsure(f"Something answered in place of {self.label}.")
        return {receipt.id: self._numbers(said)}

    def _numbers(self, note: Mapping[str, Any]) -> Numbers:
        """Older servers do not add the reactions up."""
        if note.get("reactionCount") is None and isinstance(note.get("reactions"), dict):
            note = {**note, "reactionCount": sum(note["reactions"].values())}
        return {one.theirs: int(note[one.theirs]) for one in self.metrics if note.get(one.theirs) is not None}

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows, as it stands; and each day's numbers where the server keeps charts."""
        followers = int(self.ask("i")["followersCount"])
        return [Reading("followersCount", followers), *self._days(since, followers)]

    def _days(self, since: date, followers: int) -> Iterator[Reading]:
        today = clock.now().date()
        wish = {"userId": self.access.profile.id, "span": "day", "limit": min((today - since).days + 1, LONGEST)}
        try:
            said = {**self.ask("charts/user/following", **wish), **self.ask("charts/user/pv", **wish)}
        except Rejected:
            return
        if followers and not any(_row(said, f"{whose}.followers.total")[:1] > [0] for whose in ("local", "remote")):
            return
        for metric in (one for one in CROWD if one.per == "day"):
            for ago, value in enumerate(_row(said, metric.theirs)):
                yield Reading(metric.theirs, int(value), today - timedelta(days=ago))


def _row(chart: Mapping[str, Any], theirs: str) -> list[int]:
    """One line of a chart, the latest day first."""
    found: Any = reduce(lambda inner, name: inner.get(name) or {}, theirs.split("."), chart)
    return list(found) if isinstance(found, list) else []
