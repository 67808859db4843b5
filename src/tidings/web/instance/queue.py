"""What waits, how late it goes, what networks closed, and what should be out by now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidings.core import clock
from tidings.instance.queue import GOOD_LAG, Behind, Line, queue
from tidings.web.access import operator_page
from tidings.web.instance.shown import figure, lasting, number
from tidings.web.times import when
from tidings.workspaces.models import User

OUTCOMES = {  # what a try comes to
    "delivered": gettext_lazy("Published"), "settling": gettext_lazy("Still working"),
    "waiting": gettext_lazy("Later again"), "failed": gettext_lazy("Failed"), "unsure": gettext_lazy("Unsure"),
}  # fmt: skip


@operator_page
def queue_page(request: HttpRequest, user: User) -> HttpResponse:
    """The page."""
    seen = queue(clock.now())
    context = {
        "seen": seen, "at": when(user, seen.at), "rows": [_row(line) for line in seen.lines],
        "totals": _totals(seen.lines), "half": lasting(seen.lag_half), "most": lasting(seen.lag_most),
        "slow": seen.lag_most is not None and seen.lag_most > GOOD_LAG, "tries": number(seen.tries),
        "outcomes": list(OUTCOMES.values()),
        "closed": [(one, when(user, one.until)) for one in seen.closed],
        "behind": [_behind(one, user) for one in seen.behind],
    }  # fmt: skip
    return render(request, "tidings/instance/queue.html", context)


def _row(line: Line) -> dict[str, Any]:
    counts = [(str(word), figure(line.tries.get(outcome, 0))) for outcome, word in OUTCOMES.items()]
    return {
        "network": line.network, "label": line.label, "waiting": figure(line.waiting), "due": figure(line.due),
        "sending": figure(line.sending), "settling": figure(line.settling), "tries": counts,
        "half": lasting(line.lag_half), "most": lasting(line.lag_most),
    }  # fmt: skip


def _totals(lines: list[Line]) -> list[tuple[str, str]]:
    sums = ((_("Still to come"), "waiting"), (_("Due now"), "due"), (_("Being sent"), "sending"),
            (_("At the network"), "settling"))
    return [(word, number(sum(getattr(line, name) for line in lines))) for word, name in sums]


def _behind(one: Behind, user: User) -> dict[str, Any]:
    return {"id": one.id, "network": one.network, "label": one.label, "workspace": one.workspace, "state": one.state,
            "due": when(user, one.due_at), "why": one.why}
