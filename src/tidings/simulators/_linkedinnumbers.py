"""How LinkedIn tells numbers: of a page's posts in lists, of a member's one by one; a page's days until two days ago.

`retired`: numbers of members' posts that are not given any more; `unknown`: numbers that are said to be -1.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.simulators._linkedin import LinkedInNetwork
from tidings.simulators._linkedinmedia import problem

OF_SHARES = (
    "impressionCount", "uniqueImpressionsCount", "likeCount", "commentCount", "shareCount", "clickCount",
)  # fmt: skip
OF_MEMBERS = {
    "IMPRESSION", "MEMBERS_REACHED", "REACTION", "COMMENT", "RESHARE", "POST_SAVE", "POST_SEND", "LINK_CLICKS",
}  # fmt: skip
TYPE = "com.linkedin.adsexternalapi.memberanalytics.v1.CreatorPostAnalyticsMetricTypeV1"
ENTITY = r"\((share|ugc):(urn:li:(?:share|ugcPost):\d+)\)"
DAY = timedelta(days=1)


class PageNumbers(LinkedInNetwork):
    """The numbers of a page: for its administrators, while `administers`."""

    administers = True

    def numbers_routes(self) -> list[Route]:
        """Posts, followers, visits."""
        return [
            Route("/rest/organizationalEntityShareStatistics", self.shares),
            Route("/rest/organizationalEntityFollowerStatistics", self.gains),
            Route("/rest/organizationPageStatistics", self.visits),
            Route("/rest/networkSizes/{urn}", self.size),
        ]

    def _page(self, request: Request, asked: str) -> str:
        """Whose numbers are asked for, as a URN."""
        own = self.author_of(self.speaker(request))
        if not self.administers or asked != own:
            raise problem(403, "ACCESS_DENIED", f"Not enough permissions to access: {request.url.path[6:]}")
        return own

    async def shares(self, request: Request) -> Response:
        """The posts that are named, as far as they are there."""
        own = self._page(request, request.query_params["organizationalEntity"])
        found = []
        for kind in ("share", "ugcPost"):
            for urn in _members(request, f"{kind}s"):
                if not urn.startswith(f"urn:li:{kind}:"):
                    raise problem(400, "ILLEGAL_ARGUMENT", f"{urn} is no {kind}")
                if self.posts.get(urn, {}).get("wish", {}).get("author") == own:
                    counted = {theirs: self.grown(urn, theirs) for theirs in OF_SHARES}
                    found.append({"organizationalEntity": own, kind: urn, "totalShareStatistics": counted})
        return JSONResponse({"paging": {"start": 0, "count": 10, "links": []}, "elements": found})

    async def size(self, request: Request) -> Response:
        """Who follows, as it stands."""
        own = self._page(request, request.path_params["urn"])
        if request.query_params["edgeType"] != "COMPANY_FOLLOWED_BY_MEMBER":
            raise problem(400, "ILLEGAL_ARGUMENT", "edgeType is not valid")
        return JSONResponse({"firstDegreeSize": self.crowd(own.rpartition(":")[2], "firstDegreeSize")})

    async def gains(self, request: Request) -> Response:
        """Who came, day by day."""
        own = self._page(request, request.query_params["organizationalEntity"])
        return self._by_day(request, own, lambda count: {
            "followerGains": {one: count(one) for one in ("organicFollowerGain", "paidFollowerGain")},
        })  # fmt: skip

    async def visits(self, request: Request) -> Response:
        """Who looked, day by day."""
        own = self._page(request, request.query_params["organization"])
        return self._by_day(request, own, lambda count: {
            "totalPageStatistics": {"views": {"allPageViews": {"pageViews": count("allPageViews.pageViews")}}},
        })  # fmt: skip

    def _by_day(self, request: Request, own: str, told: Any) -> Response:
        form = r"\(timeRange:\(start:(\d+),end:(\d+)\),timeGranularityType:DAY\)"
        asked = re.fullmatch(form, request.query_params.get("timeIntervals", ""))
        if not asked:
            raise problem(400, "ILLEGAL_ARGUMENT", "timeIntervals is not valid")
        at, ends = (datetime.fromtimestamp(int(one) / 1000, UTC) for one in asked.groups())
        found, account = [], own.rpartition(":")[2]
        while at < ends:
            day = at.date()
            span = {"start": int(at.timestamp() * 1000), "end": int((at + DAY).timestamp() * 1000)}
            found.append({"timeRange": span, **told(lambda theirs, day=day: self.day(account, theirs, day))})
            at += DAY
        return JSONResponse({"elements": found})


class MemberNumbers(LinkedInNetwork):
    """The numbers of a member: for those who were granted them."""

    retired: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()

    def numbers_routes(self) -> list[Route]:
        """Posts, followers."""
        return [
            Route("/rest/memberCreatorPostAnalytics", self.analytics),
            Route("/rest/memberFollowersCount", self.followers),
        ]

    def granted(self, request: Request) -> str:
        """What the token of a request may do."""
        given = request.headers["authorization"].partition(" ")[2]
        return next(token.scope for token in self.oauth.tokens if token.access == given)

    def _member(self, request: Request, scope: str) -> str:
        name = self.speaker(request)
        if scope not in self.granted(request):
            raise problem(403, "ACCESS_DENIED", f"Not enough permissions to access: {request.url.path[6:]}.FINDER")
        return name

    async def analytics(self, request: Request) -> Response:
        """One number of one post."""
        name, asked = self._member(request, "r_member_postAnalytics"), request.query_params
        kind, entity = asked["queryType"], re.fullmatch(ENTITY, asked["entity"])
        known = kind in OF_MEMBERS - self.retired and (asked["q"], asked["aggregation"]) == ("entity", "TOTAL")
        if not known or not entity:
            raise problem(400, "ILLEGAL_ARGUMENT", "queryType, aggregation or entity is not valid")
        urn = entity[2]
        if self.posts.get(urn, {}).get("wish", {}).get("author") != self.author_of(name):
            raise problem(404, "NOT_FOUND", "Could not find entity")
        count = -1 if kind in self.unknown else self.grown(urn, kind)
        told = {"count": count, "metricType": {TYPE: kind}, "targetEntity": {entity[1]: urn}, "dateRange": {}}
        return JSONResponse({"paging": {"start": 0, "count": 10, "links": [], "total": 1}, "elements": [told]})

    async def followers(self, request: Request) -> Response:
        """Who follows, as it stands."""
        name = self._member(request, "r_member_profileAnalytics")
        if request.query_params["q"] != "me":
            raise problem(400, "ILLEGAL_ARGUMENT", "q is not valid")
        return JSONResponse({"elements": [{"memberFollowersCount": self.crowd(name, "memberFollowersCount")}]})


def _members(request: Request, name: str) -> list[str]:
    """A list in a query. Its brackets and commas are bare, what is in it is not."""
    raw = re.search(rf"(?:^|&){name}=List\(([^)&]*)\)", request.url.query)
    if raw and ":" in raw[1]:
        raise problem(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
    return raw[1].replace("%3A", ":").split(",") if raw else []
