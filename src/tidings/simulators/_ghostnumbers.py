"""What a Ghost publication counts of its articles, and how many members it has."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators.base import Simulator

COUNTS = {
    "posts": ("clicks", "positive_feedback", "negative_feedback", "signups", "paid_conversions"),
    "pages": ("signups", "paid_conversions"),
}
MOST = 100  # articles in a list


class Counted(Simulator):
    """Lists of articles with what was asked to be included; what is not known is left out without a word."""

    watches = True  # whether opens, clicks and feedback of mails are followed
    articles: dict[str, dict[str, Any]]

    def _enter(self, request: Request) -> None:
        raise NotImplementedError

    async def listed(self, request: Request) -> Response:
        """Articles by their ids, in whatever order."""
        self._enter(request)
        kind, asked = request.path_params["kind"], request.query_params
        ids = asked["filter"].removeprefix("id:[").removesuffix("]").replace("'", "").split(",")
        most = min(int(asked.get("limit", "15")), MOST)
        found = [one for one in self.articles.values() if one["kind"] == kind and one["id"] in ids]
        told = [self._told(one, asked.get("include", "").split(",")) for one in reversed(found[:most])]
        return JSONResponse({kind: told, "meta": {"pagination": {"page": 1, "limit": most, "total": len(found)}}})

    def _told(self, one: dict[str, Any], includes: list[str]) -> dict[str, Any]:
        names = [name for name in COUNTS[one["kind"]] if f"count.{name}" in includes]
        mailed = "email" in one
        idle = () if mailed and self.watches else ("clicks", "positive_feedback", "negative_feedback")
        count = {name: 0 if name in idle else self._grown(one, f"count.{name}") for name in names}
        mail = {"email": self._mail(one) if mailed else None} if "email" in includes and one["kind"] == "posts" else {}
        return {"id": one["id"], "status": one["status"], "count": count, **mail}

    def _grown(self, one: dict[str, Any], theirs: str) -> int:
        return self.grown(one["id"], theirs) if one["id"] in self.posts else 0

    def _mail(self, one: dict[str, Any]) -> dict[str, Any]:
        on = self.watches
        return {
            "status": one["email"], "track_opens": on, "track_clicks": on, "feedback_enabled": on,
            "delivered_count": self._grown(one, "email.delivered_count"),
            "opened_count": self._grown(one, "email.opened_count") if on else 0,
        }

    async def members(self, request: Request) -> Response:
        """One member, as far as was asked, and how many there are."""
        self._enter(request)
        whole = {"id": "6310", "email": "ana@example.org", "name": "Ana"}
        fields = request.query_params.get("fields", ",".join(whole)).split(",")
        total = self.crowd(self.url, "meta.pagination.total")
        one = {name: value for name, value in whole.items() if name in fields}
        return JSONResponse({"members": [one], "meta": {"pagination": {"page": 1, "limit": 1, "total": total}}})
