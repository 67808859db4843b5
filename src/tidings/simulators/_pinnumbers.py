"""How Pinterest tells numbers: a pin's in the pin, a business's by day.

Switches: `personal` (the profile is no business's), `form` (which form of the answer is given: "" as it is documented,
"older" names, "none" before anything was counted).
"""

from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators import _boards
from tidings.simulators.base import Simulator

COUNTED = ("impression", "clickthrough", "pin_click", "save", "reaction", "comment")
OLDER = {
    "IMPRESSION": "impression", "OUTBOUND_CLICK": "clickthrough", "PIN_CLICK": "pin_click", "SAVE": "save",
    "TOTAL_REACTIONS": "reaction", "TOTAL_COMMENTS": "comment",
}  # fmt: skip
DAILY = {"ENGAGEMENT", "IMPRESSION", "OUTBOUND_CLICK", "PIN_CLICK", "SAVE"}
BACK = timedelta(days=90)


class PinNumbers(Simulator):
    """The numbers half of the simulator."""

    personal = False
    form = ""

    def who(self, request: Request, scope: str = "") -> str:
        """Whose token it is."""
        raise NotImplementedError

    def profile_counts(self, name: str) -> dict[str, Any]:
        """What a profile says of itself."""
        kind = "PINNER" if self.personal else "BUSINESS"
        return {"account_type": kind, "follower_count": self.crowd(name, "follower_count")}

    def counted(self, id: str) -> dict[str, Any]:
        """What a pin says when it is asked for its numbers."""
        if self.form == "none":
            return {"pin_metrics": None}
        if self.form == "older":
            older = {name: self.grown(id, theirs) for name, theirs in OLDER.items()}
            return {"pin_metrics": {"all": {"lifetime_metrics": older}}}
        film = ("video_mrc_view",) if "film" in self.posts[id] else ()
        told = {theirs: self.grown(id, theirs) for theirs in (*COUNTED, *film)}
        return {"pin_metrics": {"90d": told, "lifetime_metrics": told}}

    async def days(self, request: Request) -> Response:
        """A business's days; of today nothing is known yet, and of the last two more is to come."""
        name, asked, today = self.who(request, "user_accounts:read"), request.query_params, clock.now().date()
        at, ends = (date.fromisoformat(asked[one]) for one in ("start_date", "end_date"))
        wanted = asked.get("metric_types", "IMPRESSION").split(",")
        if self.personal:
            raise _boards.refusal(403, 403, "Not authorized to access the user account analytics.")
        if at < today - BACK or ends - at > BACK or ends < at or not DAILY.issuperset(wanted):
            raise _boards.refusal(400, 400, "Invalid user accounts analytics parameters.")
        days = [self._day(name, at + timedelta(days=n), wanted) for n in range((ends - at).days + 1)]
        return JSONResponse({"all": {"daily_metrics": days, "summary_metrics": {}}})

    def _day(self, name: str, day: date, wanted: list[str]) -> dict[str, Any]:
        age = (clock.now().date() - day).days
        if age < 1:
            return {"date": f"{day}", "data_status": "PROCESSING", "metrics": {}}
        told = {theirs: self.day(name, theirs, day) for theirs in wanted}
        return {"date": f"{day}", "data_status": "ESTIMATE" if age < 3 else "READY", "metrics": told}
