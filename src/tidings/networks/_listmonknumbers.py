"""What listmonk counts of campaigns and lists.

Of a campaign that is not there it says so with a 400, in whichever language the server speaks: that proves nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from tidings.networks._listmonkapi import ListmonkApi
from tidings.networks.errors import Rejected
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt


class ListmonkNumbers(ListmonkApi):
    """It is the person's own server, without a limit for requests."""

    metrics = (
        Metric("sent", "", "Mails that listmonk has handed over so far.", label="Mails sent"),
        Metric("views", "views", "Times that a mail program loaded the picture by which openings are counted."),
        Metric("clicks", "clicks", "Times that a link in the mail was followed."),
        Metric("bounces", "", "Mails that came back, where listmonk looks after that.", label="Mails that came back"),
    )
    crowd = (
        Metric("subscriber_count", "followers", "Entries on all lists that this user may see; who has left a list is "
               "counted on it, and who is on two counts twice."),
    )
    counting = Counting(
        partial="Openings are guessed by a picture: some mail programs load it unasked, others never. Where listmonk "
        "tracks nothing, it says 0.",
    )  # fmt: skip

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One campaign, without its text."""
        (receipt,) = receipts
        try:
            said = self.data("GET", f"campaigns/{receipt.id}?no_body=true")
        except Rejected:
            return {}
        told = {metric.theirs: said.get(metric.theirs) for metric in self.metrics}
        return {receipt.id: {theirs: int(value) for theirs, value in told.items() if value is not None}}

    def audience(self, since: date) -> Sequence[Reading]:
        """All lists together."""
        lists = self.data("GET", "lists?per_page=all")["results"]
        return [Reading("subscriber_count", sum(int(one["subscriber_count"]) for one in lists))]
