"""What a receiver counts of posts, if it has an address for that: asked with the same signature as everything else."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from tidings.core import http
from tidings.networks.base import Network, ask
from tidings.networks.errors import Rejected, Unsure
from tidings.networks.metrics import Counting, Metric, Numbers
from tidings.networks.seam import Receipt

SECONDS = 30.0
NONE = "This receiver was connected without an address for numbers. Connect it again with one, and they are read."


class WebhookNumbers(Network):
    """The names are ours; what is behind them is the receiver's affair."""

    metrics = (
        Metric("views", "views", "Times that the post was viewed, as the receiver counts it."),
        Metric("likes", "likes", "Likes and the like, as the receiver counts them."),
        Metric("comments", "comments", "Comments on the post, as the receiver counts them."),
        Metric("shares", "shares", "Times that the post was passed on, as the receiver counts it."),
        Metric("clicks", "clicks", "Times that a link in the post was followed, as the receiver counts it."),
    )
    counting = Counting(partial="Numbers are what the receiver says; nobody here knows how it counts.")

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """404 with a JSON body: the receiver says that it has no such post. What is no number of ours is left out."""
        (receipt,) = receipts
        if not self.access.server.get("numbers"):
            raise Rejected(NONE)
        place = self.access.server["numbers"].replace("{id}", quote(receipt.id, ""))
        told = {**self.headers("GET", place), **self._signed(receipt.id, b"")}
        answer = ask(self.door, http.Request("GET", place, self.purpose, told, seconds=SECONDS))
        said = answer.json()
        if answer.status == 404 and isinstance(said, dict):
            return {receipt.id: None}
        self.judge(answer)
        if not isinstance(said, dict):
            raise Unsure("The receiver answered with something else than numbers.")
        given = {metric.theirs: said.get(metric.theirs) for metric in self.metrics}
        return {receipt.id: {theirs: value for theirs, value in given.items() if type(value) is int and value >= 0}}

    def _signed(self, id: str, body: bytes) -> dict[str, str]:
        raise NotImplementedError
