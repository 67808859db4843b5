"""What a Ghost publication counts: of a mail what its readers did, of any article who became a member by it.

Visits are counted by an analytics service beside Ghost, which integrations may not ask.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tidings.networks._ghostapi import GhostApi
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

INCLUDES = {
    "posts": "email,count.clicks,count.positive_feedback,count.negative_feedback,count.signups,count.paid_conversions",
    "pages": "count.signups,count.paid_conversions",
}
SWITCHES = {  # of the mail: where one is off, Ghost says 0 of what nobody counted
    "email.opened_count": "track_opens", "count.clicks": "track_clicks",
    "count.positive_feedback": "feedback_enabled", "count.negative_feedback": "feedback_enabled",
}


class GhostNumbers(GhostApi):
    """Several articles at once; Ghost has no limit of its own for requests."""

    metrics = (
        Metric("email.delivered_count", "", "Mails of the newsletter that the readers' mail servers took.",
               label="Mails delivered"),
        Metric("email.opened_count", "reach", "Members who opened the mail, as far as their mail programs tell."),
        Metric("count.clicks", "clicks", "Members who followed a link in the mail."),
        Metric("count.positive_feedback", "likes", "Members who answered “More like this” under the mail."),
        Metric("count.negative_feedback", "", "Members who answered “Less like this” under the mail.",
               label="Less like this"),
        Metric("count.signups", "", "People who became members by this article, Ghost reckons.", label="Sign-ups"),
        Metric("count.paid_conversions", "", "Members who began to pay by this article, Ghost reckons.",
               label="Paid sign-ups"),
    )  # fmt: skip
    crowd = (Metric("meta.pagination.total", "followers", "Members of the publication, free and paying ones."),)
    counting = Counting(
        batch=10, calls=2,
        partial="Opens and clicks are those of the mail. Ghost tells programs nothing of visits to the site.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Posts and pages are asked for apart. What is not listed may be anything; nothing is said of it."""
        found: dict[str, Numbers | None] = {}
        for place, includes in INCLUDES.items():
            if ids := [receipt.id for receipt in receipts if receipt.extra.get("place", "posts") == place]:
                named = ",".join(f"'{id}'" for id in ids)
                url = self.at(place, filter=f"id:[{named}]", include=includes, limit=str(len(ids)))
                found |= {one["id"]: numbers(one) for one in self.call("GET", url).json()[place]}
        return {receipt.id: found[receipt.id] for receipt in receipts if receipt.id in found}

    def audience(self, since: date) -> Sequence[Reading]:
        """How many members there are stands beside the first of them, of whom the id is asked for and nothing more."""
        said = self.call("GET", self.at("members", limit="1", fields="id")).json()
        return [Reading("meta.pagination.total", int(said["meta"]["pagination"]["total"]))]


def numbers(article: Mapping[str, Any]) -> Numbers:
    """What an article says of itself. Of a mail that was not sent, or not watched, there is nothing."""
    mail = article.get("email") or {}
    found = {}
    for theirs in (metric.theirs for metric in GhostNumbers.metrics):
        part, _, name = theirs.partition(".")
        value = (article.get(part) or {}).get(name)
        counted = theirs not in SWITCHES or mail.get(SWITCHES[theirs], bool(mail))
        if value is not None and counted:
            found[theirs] = int(value)
    return found
