"""What Pinterest counts of pins and profiles: https://developers.pinterest.com/docs/api/v5/pins-get

A pin tells its totals itself. Several at once would be `pins/analytics`, which is not open to every app, and tells of
ninety days only.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks._gone import Gone
from tidings.networks.declare import Rate
from tidings.networks.errors import Unsure
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.oauth import Refreshes
from tidings.networks.seam import Receipt

METRICS = (
    Metric("impression", "impressions", "Times that the pin was on a screen."),
    Metric("clickthrough", "clicks", "Times that people followed the pin's link."),
    Metric("pin_click", "", "Times that people opened the pin.", "Opened"),
    Metric("save", "saves", "Times that the pin was saved to a board."),
    Metric("reaction", "likes", "Reactions to the pin, of any kind."),
    Metric("comment", "comments", "Comments on the pin."),
    Metric("video_mrc_view", "views", "Times that at least half of the film was seen for two seconds or longer."),
)
SAME = {  # what other versions of the answer call a number
    "outbound_click": "clickthrough", "total_reactions": "reaction", "total_comments": "comment",
}  # fmt: skip
DAYS = (
    Metric("IMPRESSION", "impressions", "Times that the profile's pins were on a screen on this day.", per="day"),
    Metric("OUTBOUND_CLICK", "clicks", "Times that people followed a link of its pins on this day.", per="day"),
    Metric("SAVE", "saves", "Times that its pins were saved to a board on this day.", per="day"),
)
NAMES = tuple(metric.theirs for metric in DAYS)
SAID = ("READY", "ESTIMATE")  # days of which something is known
BACK = timedelta(days=89)  # nothing is told of days before


class PinNumbers(Refreshes):
    """Numbers of one pin at a time; of the profile by day, if it is a business's."""

    metrics = METRICS
    crowd = (Metric("follower_count", "followers", "Profiles that follow this one."), *DAYS)
    counting = Counting(
        crowd_calls=2, reads=(Rate(100, timedelta(minutes=1)),),  # Standard access has more
        behind=2, keeps=timedelta(days=30), derives=False, erases=True,
        partial="Pinterest takes a day or two to count. Of a personal profile it tells followers only.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One pin, with all that it ever got."""
        (receipt,) = receipts
        try:
            pin = self.get(f"/v5/pins/{receipt.id}", pin_metrics="true")
        except Gone:
            return {receipt.id: None}
        if not isinstance(pin, dict) or str(pin.get("id")) != receipt.id:
            raise Unsure("Something answered in place of Pinterest.")
        found = _numbers(pin.get("pin_metrics") or {})
        return {receipt.id: found} if found else {}

    def audience(self, since: date) -> Sequence[Reading]:
        """Followers as they stand; what pins got, day by day, where the profile is a business's."""
        me = self.get("/v5/user_account")
        count = me.get("follower_count")
        found = [Reading("follower_count", int(count))] if count is not None else []
        return [*found, *self._days(since)] if me.get("account_type") == "BUSINESS" else found

    def _days(self, since: date) -> list[Reading]:
        today = clock.now().date()
        wish = {"start_date": max(since, today - BACK), "end_date": today, "metric_types": ",".join(NAMES)}
        days = self.get("/v5/user_account/analytics", **wish)["all"]["daily_metrics"]
        return [
            Reading(theirs, int(day["metrics"][theirs]), date.fromisoformat(day["date"]))
            for day in days if day.get("data_status", "READY") in SAID
            for theirs in NAMES if day.get("metrics", {}).get(theirs) is not None
        ]  # fmt: skip

    def judge(self, answer: Answer) -> None:
        """Asked for a pin's numbers, Pinterest says itself when there is no such pin."""
        if self.purpose == "measure" and answer.status == 404 and self.code(answer):
            raise Gone(self.said(answer))
        super().judge(answer)


def _numbers(said: Mapping[str, Any]) -> Numbers:
    """All that a pin ever got. The documented answer and older ones differ in their names."""
    inner = said.get("all", said)
    told = inner.get("lifetime_metrics") or inner.get("all_time") or {}
    named = {SAME.get(name.lower(), name.lower()): value for name, value in told.items()}
    return {one.theirs: int(named[one.theirs]) for one in METRICS if named.get(one.theirs) is not None}
