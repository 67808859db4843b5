"""How a Forem site is spoken to, and what it counts: how often an article was read stands in its writer's list only."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tidings.networks.base import Network
from tidings.networks.declare import Rate
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

ACCEPT = "application/vnd.forem.api-v1+json"
PAGES, PAGE = 3, 100  # of the list, with the newest first; the text of every article comes along


class DevToApi(Network):
    """Whatever is asked of a site goes this way."""

    metrics = (
        Metric("page_views_count", "views", "Times that the article's page was opened."),
        Metric("public_reactions_count", "likes", "Reactions of every kind that readers can see; bookmarks are not."),
        Metric("comments_count", "comments", "Comments under the article, and answers to them."),
    )
    crowd = (Metric("followers_count", "followers", "Members of the site who follow you and are not suspended."),)
    counting = Counting(
        batch=PAGE, calls=PAGES, reads=(Rate(90, timedelta(seconds=30), "network"),),
        partial=f"Only your {PAGES * PAGE} newest articles are looked at.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Page by page, until all are found. One that is not listed may be a draft again; nothing is said of it."""
        wanted, found = {receipt.id for receipt in receipts}, dict[str, Numbers | None]()
        for page in range(1, PAGES + 1):
            listed = self.call("GET", self._at(f"articles/me/published?page={page}&per_page={PAGE}")).json()
            found |= {str(one["id"]): _numbers(one) for one in listed if str(one["id"]) in wanted}
            if not listed or found.keys() == wanted:
                break
        return found

    def audience(self, since: date) -> Sequence[Reading]:
        """Sites that were not renewed since 2023 do not tell."""
        count = self.call("GET", self._at("users/me")).json().get("followers_count")
        return [] if count is None else [Reading("followers_count", int(count))]

    def _at(self, path: str) -> str:
        return f"{self.access.server['url']}/api/{path}"

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The key goes in a header of its own."""
        return {"api-key": self.access.secrets["key"], "Accept": ACCEPT}


def _numbers(article: Mapping[str, int | None]) -> Numbers:
    told = {metric.theirs: article.get(metric.theirs) for metric in DevToApi.metrics}
    return {theirs: int(value) for theirs, value in told.items() if value is not None}
