"""Reviews of a location on Google in a box, fifty to a page, and the one answer that each may have.

https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews. Answers are among the posts.
`rejects_answers`: Google's look at an answer ends so.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators._businessnumbers import Performance
from tidings.simulators._google import problem
from tidings.simulators._remarks import Remark

STARS = ("STAR_RATING_UNSPECIFIED", "ONE", "TWO", "THREE", "FOUR", "FIVE")
MOST = 50
PLACE = "accounts/1/locations/9"  # which location people review here


class Reviews(Performance):
    """What people say of one of the locations."""

    rejects_answers = False

    def review_routes(self, place: str) -> list[Route]:
        """Where they are, below a location."""
        return [
            Route(f"{place}/reviews", self.reviews),
            Route(f"{place}/reviews/{{id}}", self.review),
            Route(f"{place}/reviews/{{id}}/reply", self.reply, methods=["PUT", "DELETE"]),
        ]

    def place(self, request: Request) -> str:
        """Which location is meant."""
        raise NotImplementedError

    def remark_id(self, on: str) -> str:
        """A review's name, below its location's."""
        return f"{PLACE}/reviews/r{self.new_id()}"

    async def reviews(self, request: Request) -> Response:
        """The latest first."""
        place, size = self.place(request), int(request.query_params.get("pageSize", MOST))
        if size > MOST:
            raise problem(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
        start = int(request.query_params.get("pageToken", 0))
        ours = [one for one in self.remarks.values() if one.id.startswith(f"{place}/")]
        latest = sorted(ours, key=lambda one: one.at, reverse=True)
        told: dict[str, Any] = {"reviews": [self._review(one) for one in latest[start : start + size]]} if ours else {}
        if len(latest) > start + size:
            told["nextPageToken"] = str(start + size)
        return JSONResponse(told | ({"totalReviewCount": len(ours)} if ours else {}))

    def _known(self, request: Request) -> Remark:
        one = self.remarks.get(f"{self.place(request)}/reviews/{request.path_params['id']}")
        if one is None:
            raise problem(404, "NOT_FOUND", "Requested entity was not found.")
        return one

    def _review(self, one: Remark) -> dict[str, Any]:
        """Who has no name here wants none; stars may stand without words."""
        at = one.at.isoformat().replace("+00:00", "Z")
        said = {
            "name": one.id, "reviewId": one.id.rpartition("/")[2], "starRating": STARS[one.stars], "createTime": at,
            "updateTime": at, "reviewer": {"displayName": one.author} if one.author else {"isAnonymous": True},
        }
        answer = self.posts.get(f"{one.id}/reply")
        words = {"comment": one.text} if one.text else {}
        return {**said, **words, **({"reviewReply": answer["told"]} if answer else {})}

    async def review(self, request: Request) -> Response:
        """One of them."""
        return JSONResponse(self._review(self._known(request)))

    async def reply(self, request: Request) -> Response:
        """Answer it, in place of what was answered before; or take that back."""
        name = f"{self._known(request).id}/reply"
        if request.method == "DELETE":
            self.posts.pop(name, None)
            return JSONResponse({})
        said = (await request.json()).get("comment", "")
        if not said or len(said.encode()) > 4096:
            raise problem(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
        told = {"comment": said, "updateTime": clock.now().isoformat().replace("+00:00", "Z")}
        state = "REJECTED" if self.rejects_answers else "APPROVED"
        self.posts[name] = {"name": name, "at": clock.now(), "told": {**told, "reviewReplyState": state}}
        return JSONResponse(told)
