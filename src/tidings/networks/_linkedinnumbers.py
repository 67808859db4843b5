"""What LinkedIn counts, for pages and for members.

https://learn.microsoft.com/linkedin/marketing/community-management/organizations/share-statistics
https://learn.microsoft.com/linkedin/marketing/community-management/members/post-statistics
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks._gone import Gone
from tidings.networks._linkedin import LinkedInPosts
from tidings.networks.declare import Rate
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

READS = (Rate(150, timedelta(days=1)), Rate(100_000, timedelta(days=1), "app"))  # of everything that is asked
KEEPS = timedelta(days=365)  # what others quote of its data storage requirements, for what a page's people are told
PAGES = (Rate(60, timedelta(days=1)), READS[1])  # a person's 150 are for all the pages that they connected
GAINS = ("organicFollowerGain", "paidFollowerGain")
VIEWS = "allPageViews.pageViews"
ENTITIES = {"urn:li:share": "share", "urn:li:ugcPost": "ugc"}  # what a member's posts are, and how they are asked for


class LinkedInNumbers(LinkedInPosts):
    """A refusal says what to do about it."""

    unread: ClassVar[str]  # why nothing is given, and to whom it would be

    def judge(self, answer: Answer) -> None:
        """Numbers need more than publishing does."""
        if self.purpose == "measure" and answer.status == 403 and self.code(answer) == "ACCESS_DENIED":
            raise Reconnect(self.unread)
        if self.purpose == "measure" and answer.status == 404 and self.code(answer):
            raise Gone(self.said(answer))
        super().judge(answer)


class PageNumbers(LinkedInNumbers):
    """Posts of a page, twenty at a time; its followers and visits by day."""

    unread = "LinkedIn gives a page's numbers to its administrators only. Let one of them connect it again."
    metrics = (
        Metric("impressionCount", "impressions", "Times that the post was shown to members."),
        Metric("uniqueImpressionsCount", "reach", "Members to whom the post was shown."),
        Metric("likeCount", "likes", "Reactions to the post, of any kind."),
        Metric("commentCount", "comments", "Comments on the post."),
        Metric("shareCount", "shares", "Times that the post was reposted."),
        Metric("clickCount", "clicks", "Clicks on the post, or on the name or picture of its page."),
    )
    crowd = (
        Metric("firstDegreeSize", "followers", "Members who follow the page."),
        Metric(GAINS[0], "", "Members who began to follow the page on this day, without advertising.",
               "New followers", "day"),
        Metric(GAINS[1], "", "Members who began to follow the page on this day, by advertising.",
               "New followers by advertising", "day"),
        Metric(VIEWS, "visits", "Times that the page was opened on this day.", per="day"),
    )
    counting = Counting(
        batch=20, calls=2, crowd_calls=3, reads=PAGES, behind=2, keeps=KEEPS,
        partial="Advertising is not in the numbers of posts, and comments have none of their own.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """The two kinds of posts are asked for apart. That one is not listed proves nothing."""
        found: dict[str, Numbers | None] = {}
        for kind in ("share", "ugcPost"):
            urns = [receipt.id for receipt in receipts if receipt.id.startswith(f"urn:li:{kind}:")]
            posts = self._statistics("organizationalEntityShare", f"&{kind}s={_listed(urns)}") if urns else []
            found |= {one[kind]: self._numbers(one["totalShareStatistics"]) for one in posts if one.get(kind) in urns}
        return found

    def _numbers(self, said: Mapping[str, Any]) -> Numbers:
        found = {metric.theirs: _count(said.get(metric.theirs)) for metric in self.metrics}
        return {theirs: count for theirs, count in found.items() if count is not None}

    def audience(self, since: date) -> Sequence[Reading]:
        """Followers as they stand; who came, and who looked, day by day."""
        path = f"/rest/networkSizes/{quote(self.author(), '')}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
        size, days = int(self.call("GET", self.at(path)).json()["firstDegreeSize"]), _days(since)
        found = [Reading("firstDegreeSize", size)]
        for one in self._statistics("organizationalEntityFollower", days):
            found += _readings(one, {theirs: one.get("followerGains", {}).get(theirs) for theirs in GAINS})
        for one in self._statistics("organizationPage", days):
            found += _readings(one, {VIEWS: one["totalPageStatistics"]["views"]["allPageViews"].get("pageViews")})
        return found

    def _statistics(self, of: str, query: str) -> list[dict[str, Any]]:
        """Brackets and commas belong to LinkedIn's own way of writing lists, and stay as they are."""
        whose = "organization" if of == "organizationPage" else "organizationalEntity"
        path = f"/rest/{of}Statistics?q={whose}&{whose}={quote(self.author(), '')}{query}"
        return list(self.call("GET", self.at(path)).json()["elements"])


class MemberNumbers(LinkedInNumbers):
    """Posts of a member, one number at a time."""

    unread = (
        "LinkedIn gives a member's numbers only to apps with the product Community Management API. Connect again "
        "with “Sign in there, and read numbers”."
    )
    metrics = (
        Metric("IMPRESSION", "impressions", "Times that the post was shown."),
        Metric("MEMBERS_REACHED", "reach", "Members to whom the post was shown."),
        Metric("REACTION", "likes", "Reactions to the post, of any kind."),
        Metric("COMMENT", "comments", "Comments on the post."),
        Metric("RESHARE", "shares", "Times that the post was reposted."),
        Metric("POST_SAVE", "saves", "Times that the post was saved."),
        Metric("LINK_CLICKS", "clicks", "Clicks on links in the post."),
    )
    crowd = (Metric("memberFollowersCount", "followers", "Members who follow this one."),)
    counting = Counting(
        calls=len(metrics), reads=READS, keeps=KEEPS,
        partial="LinkedIn takes few questions in a day: with many posts, some numbers are read later than planned.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One post, number by number: one that LinkedIn gives no more does not take the others along."""
        (receipt,) = receipts
        self._may("r_member_postAnalytics")
        kind = ENTITIES.get(receipt.id.rpartition(":")[0])
        if not kind:
            return {}
        try:
            found = self._numbers(f"({kind}:{quote(receipt.id, '')})")
        except Gone:  # these numbers are not there, which says nothing of the post
            return {}
        return {receipt.id: found} if found else {}

    def _numbers(self, entity: str) -> Numbers:
        found: dict[str, int] = {}
        refused: list[Rejected] = []
        for metric in self.metrics:
            try:
                count = self._total(entity, metric.theirs)
            except Gone:
                raise
            except Rejected as refusal:
                refused.append(refusal)
            else:
                found |= {metric.theirs: count} if count is not None else {}
        if len(refused) == len(self.metrics):
            raise refused[0]
        return found

    def _total(self, entity: str, theirs: str) -> int | None:
        path = f"/rest/memberCreatorPostAnalytics?q=entity&entity={entity}&queryType={theirs}&aggregation=TOTAL"
        listed = self.call("GET", self.at(path)).json()["elements"]
        return _count(listed[0].get("count")) if listed else None

    def audience(self, since: date) -> Sequence[Reading]:
        """Followers as they stand. A grant may have the numbers of posts without them."""
        scope = self.access.secrets.get("scope", "")
        if "r_member_postAnalytics" in scope and "r_member_profileAnalytics" not in scope:
            return []
        self._may("r_member_profileAnalytics")
        (said,) = self.call("GET", self.at("/rest/memberFollowersCount?q=me")).json()["elements"]
        return [Reading("memberFollowersCount", int(said["memberFollowersCount"]))]

    def _may(self, scope: str) -> None:
        """What is known to be refused is not asked for: requests are few."""
        granted = self.access.secrets.get("scope", "")
        if granted and scope not in granted:
            raise Reconnect(self.unread)


def _listed(urns: Iterable[str]) -> str:
    return f"List({','.join(quote(urn, '') for urn in urns)})"


def _days(since: date) -> str:
    """Every day from then until now, in milliseconds."""
    starts = int(datetime.combine(since, time(), UTC).timestamp() * 1000)
    ends = int(clock.now().timestamp() * 1000)
    return f"&timeIntervals=(timeRange:(start:{starts},end:{ends}),timeGranularityType:DAY)"


def _readings(said: Mapping[str, Any], counted: Mapping[str, Any]) -> list[Reading]:
    """What is said of a day."""
    day = datetime.fromtimestamp(said["timeRange"]["start"] / 1000, UTC).date()
    known = {theirs: _count(value) for theirs, value in counted.items()}
    return [Reading(theirs, count, day) for theirs, count in known.items() if count is not None]


def _count(value: Any) -> int | None:
    """LinkedIn says -1 for what it does not know."""
    return int(value) if value is not None and int(value) >= 0 else None
