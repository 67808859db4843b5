"""What a PeerTube instance counts: https://docs.joinpeertube.org/api-rest-reference/api/video-stats.html

Older instances tell less of a film, and nothing of how long it was watched. That watching is told in seconds is how its
own pages show it; its reference does not say.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tidings.networks._peertubelogin import SignedIn
from tidings.networks.declare import Rate
from tidings.networks.errors import Rejected, Unsure
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

OF_FILMS = (
    Metric("views", "views", "Times that the film was watched, as the instance counts them."),
    Metric("likes", "likes", "Likes of the film."),
    Metric("dislikes", "", "Dislikes of the film.", "Dislikes"),
    Metric("comments", "comments", "Comments under the film."),
)
WATCHING = (
    Metric("totalWatchTime", "watched", "Seconds that people watched the film, added up by the instance."),
    Metric("totalViewers", "", "People who watched the film, as the instance tells them apart.", "Viewers"),
)
OF_COMMENTS = (Metric("totalReplies", "comments", "Answers to a comment."),)


class Measured(SignedIn):
    """Films and comments are asked for one by one."""

    metrics = (*OF_FILMS, *WATCHING, *OF_COMMENTS)
    crowd = (Metric("followersCount", "followers", "Profiles that follow this channel, as far as its instance knows."),)
    counting = Counting(
        calls=2, reads=(Rate(50, timedelta(seconds=10)),),
        partial="An instance counts what it has heard of; what happens on others may reach it late, or never.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """A film and how it was watched, or a comment and the answers to it."""
        (receipt,) = receipts
        film = receipt.extra.get("film")
        try:
            numbers = self._comment(film, receipt.id) if film else self._film(receipt.id)
        except Rejected:
            return {receipt.id: None} if not self.present(receipt) else {}
        return {receipt.id: numbers}

    def _film(self, id: str) -> Numbers:
        numbers = _told(self._said(f"/videos/{id}"), OF_FILMS)
        try:
            return numbers | _told(self._said(f"/videos/{id}/stats/overall"), WATCHING)
        except Rejected:  # this instance does not tell, or not this person
            return numbers

    def _comment(self, film: str, id: str) -> Numbers | None:
        """One that was deleted may stay as an empty place above its answers."""
        comment = self._said(f"/videos/{film}/comment-threads/{id}")["comment"]
        return None if comment.get("isDeleted") else _told(comment, OF_COMMENTS)

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows the video channel, as it stands."""
        name = self.access.profile.handle.split("@")[1]
        found = _told(self._said(f"/video-channels/{name}"), self.crowd)
        return [Reading(theirs, value) for theirs, value in found.items()]

    def _said(self, path: str) -> dict[str, Any]:
        said = self.call("GET", self.at(path)).json()
        if not isinstance(said, dict):
            raise Unsure("Something answered in place of the instance.")
        return said


def _told(said: Mapping[str, Any], metrics: Sequence[Metric]) -> dict[str, int]:
    """What this instance tells of these."""
    return {metric.theirs: int(said[metric.theirs]) for metric in metrics if said.get(metric.theirs) is not None}
