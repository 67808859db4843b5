"""LinkedIn, pages of organizations: https://learn.microsoft.com/linkedin/marketing/community-management

One sign-in may speak for many pages. Unlike a member, a page can list its own posts.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from tidings.networks._linkedin import OPTIONS, SKEW, console, place
from tidings.networks._linkedininbox import WAYS, PageComments
from tidings.networks._littletext import little, plain
from tidings.networks.base import Sending
from tidings.networks.declare import Option
from tidings.networks.errors import Rejected
from tidings.networks.seam import Mention, Outgoing, Profile, Receipt, Rendition, Seen

DEAD = "PUBLISH_FAILED"  # accepted, and then not shown because its media could not be worked on


class LinkedInPage(PageComments):
    """The page of an organization."""

    name, label = "linkedin_page", "LinkedIn page"
    docs = "https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api"
    policy = "https://www.linkedin.com/legal/privacy-policy"
    grants = "https://www.linkedin.com/psettings/permitted-services"
    checked = date(2026, 11, 23)
    connect = WAYS
    console = console(
        "Community Management API",
        gate="LinkedIn reviews every app that asks for this product. Access ends after 60 days.",
    )
    options = (
        Option("visibility", "Who can see it", "choice", (
            ("PUBLIC", "Everyone"), ("LOGGED_IN", "LinkedIn members"),
        ), default="PUBLIC"),
        *OPTIONS,
    )
    reads_free = True

    def profile(self) -> Profile:
        """The first page that this sign-in may speak for."""
        return self.channels()[0]

    def channels(self) -> list[Profile]:
        """Every page that the person administers."""
        query = urlencode({"q": "roleAssignee", "role": "ADMINISTRATOR", "state": "APPROVED", "count": 100})
        said = self.call("GET", self.at(f"/rest/organizationAcls?{query}")).json()
        return [self._page(entry["organization"].rpartition(":")[2]) for entry in said["elements"]]

    def _page(self, id: str) -> Profile:
        said = self.call("GET", self.at(f"/rest/organizations/{id}")).json()
        name = said["vanityName"]
        return Profile(id, name, said["localizedName"], url=f"{self.hosts['authorize']}/company/{name}")

    def author(self) -> str:
        """The organization."""
        return f"urn:li:organization:{self.access.profile.id}"

    def mentions(self, query: str) -> list[Mention]:
        """Organizations, by the name in the address of their page."""
        found = self.call("GET", self.at(f"/rest/organizations?{urlencode({'q': 'vanityName', 'vanityName': query})}"))
        return [
            Mention(f"@[{one['localizedName']}](urn:li:organization:{one['id']})", one["localizedName"])
            for one in found.json()["elements"]
        ]

    # publishing

    def _upload(self, piece: Rendition, n: int, sending: Sending) -> str:
        urn = super()._upload(piece, n, sending)
        if piece.kind != "film":
            sending.until(5, lambda: self._shown(urn))
        return urn

    def _shown(self, urn: str) -> bool | None:
        state = self.call("GET", self.at(f"/rest/images/{quote(urn, '')}")).json()["status"]
        if state == "PROCESSING_FAILED":
            raise Rejected("LinkedIn could not work on this picture.")
        return state == "AVAILABLE" or None

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through the page's own posts, or through the comments under the first part."""
        since = sending.first_try - SKEW
        if outgoing.root:
            return self.find_comment(outgoing, outgoing.root, sending)
        said = little(outgoing.text)
        ours = {sending.recall(f"media-{n}") for n in range(len(outgoing.media))} - {None}
        return self.the_one([
            self.receipt(post["id"]) for post in self._latest(since)
            if post["id"] not in sending.known and post["commentary"] == said and all(urn in str(post) for urn in ours)
        ])

    def recent(self, since: datetime) -> list[Seen]:
        return [Seen(self.receipt(post["id"]), plain(post["commentary"]), _at(post)) for post in self._latest(since)]

    def _latest(self, since: datetime) -> list[dict[str, Any]]:
        query = urlencode({"author": self.author(), "q": "author", "count": 50, "sortBy": "CREATED"})
        said = self.call("GET", self.at(f"/rest/posts?{query}"), headers={"X-RestLi-Method": "FINDER"}).json()
        return [post for post in said["elements"] if _at(post) >= since]

    def present(self, receipt: Receipt) -> bool:
        """Whether it is there, and did not die while its media were worked on."""
        path = self.at(place(receipt.extra.get("post", receipt.id)))
        return self.there(path) and self.call("GET", path).json().get("lifecycleState") != DEAD


def _at(post: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(post["createdAt"] / 1000, UTC)

