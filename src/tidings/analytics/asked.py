"""What a report is asked for in an address: days, channel, group, tag. What makes no sense is passed over."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from tidings.analytics.period import Period
from tidings.analytics.scope import Scope
from tidings.core import clock, zones
from tidings.workspaces.models import Workspace

SPANS = (7, 28, 90, 365)  # days
USUAL = 28
LONGEST = timedelta(days=731)


@dataclass(frozen=True)
class Asked:
    """A question. `span`: so many days until today; 0: days of one's own."""

    scope: Scope
    period: Period
    span: int

    def at(self, **changed: object) -> str:
        """The query of an address that asks the same, but for this."""
        own = {} if self.span else {"from": self.period.first, "to": self.period.last}
        said = {
            "days": self.span or "", **own, "channel": self.scope.channel or "", "group": self.scope.group,
            "tag": self.scope.tag or "", **changed,
        }  # fmt: skip
        return f"?{urlencode({name: value for name, value in said.items() if value})}"


def asked(workspace: Workspace, said: Mapping[str, str]) -> Asked:
    """The question in an address; the last four weeks of everything, unless it says otherwise."""
    scope = Scope(workspace.pk, _id(said.get("channel", "")), said.get("group", "")[:60], _id(said.get("tag", "")))
    today = clock.now().astimezone(zones.zone(workspace.zone)).date()
    first, last = _day(said.get("from", "")), _day(said.get("to", ""))
    if first and last and first <= last and last - first < LONGEST:
        return Asked(scope, Period(first, last, workspace.zone), 0)
    days = said.get("days", "")
    span = int(days) if days in map(str, SPANS) else USUAL
    return Asked(scope, Period.until(today, span, workspace.zone), span)


def _id(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None


def _day(text: str) -> date | None:
    with suppress(ValueError):
        found = date.fromisoformat(text)
        return found if date(2000, 1, 1) <= found <= date(2999, 12, 31) else None
    return None
