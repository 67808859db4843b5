"""What is kept how long, and what is being erased and exported."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tidings.core import clock
from tidings.instance.keeping import Chore, Gone, keeping
from tidings.web.access import operator_page
from tidings.web.instance.shown import figure, maybe, number, spell
from tidings.web.times import when
from tidings.workspaces.models import User

CHORES = {
    "retain": gettext_lazy("Shorten and forget what has had its time"),
    "purge_due": gettext_lazy("Carry out erasures"),
    "sweep": gettext_lazy("Sweep up files and uploads that nobody knows"),
    "begin_due": gettext_lazy("Write exports"),
    "end_due": gettext_lazy("Delete exports whose time is over"),
    "verify_due": gettext_lazy("Ask networks whether they still know us"),
}
COUNTED = {
    "all": gettext_lazy("done"), "events_gone": gettext_lazy("log entries forgotten"),
    "events_truncated": gettext_lazy("log entries shortened"), "sessions": gettext_lazy("sessions ended"),
    "browsers_gone": gettext_lazy("browsers forgotten"), "browsers_truncated": gettext_lazy("browsers shortened"),
    "invitations": gettext_lazy("invitations forgotten"), "mails": gettext_lazy("mails deleted"),
    "connect_links": gettext_lazy("connect links forgotten"), "notifications": gettext_lazy("notifications forgotten"),
    "report_links": gettext_lazy("links to reports forgotten"), "knocks": gettext_lazy("counts dropped"),
}  # fmt: skip
KINDS = {
    "user": gettext_lazy("A person"), "workspace": gettext_lazy("A workspace"),
    "network": gettext_lazy("What a network gave"), "channel": gettext_lazy("A channel"),
}  # fmt: skip
EXPORTS = {
    "waiting": gettext_lazy("waiting"), "writing": gettext_lazy("being written"), "ready": gettext_lazy("ready"),
    "failed": gettext_lazy("failed"),
}  # fmt: skip


@operator_page
def keeping_page(request: HttpRequest, user: User) -> HttpResponse:
    """The page."""
    seen = keeping(clock.now())
    exports = [(word, figure(seen.exports.get(state, 0))) for state, word in EXPORTS.items()]
    context = {
        "seen": seen, "rules": [(_(rule.what), _days(rule.days), rule.setting) for rule in seen.rules],
        "chores": [_chore(chore, user) for chore in seen.chores], "exports": exports,
        "pending": [_gone(one, user) for one in seen.pending], "done": [_gone(one, user) for one in seen.done],
        "done_count": number(seen.done_count),
    }  # fmt: skip
    return render(request, "tidings/instance/keeping.html", context)


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)}


def _chore(chore: Chore, user: User) -> dict[str, Any]:
    last, sums = (
        ", ".join(f"{number(count)} {COUNTED.get(name, name)}" for name, count in of.items())
        for of in (chore.last, chore.sums)
    )
    return {"words": CHORES[chore.name], "every": spell(chore.every) if chore.every.total_seconds() >= 60 else "",
            "at": maybe(user, chore.at), "next": maybe(user, chore.next_at), "broke": chore.broke,
            "last": last or _("nothing to do"), "sums": sums}


def _gone(one: Gone, user: User) -> dict[str, Any]:
    return {"id": one.id, "kind": KINDS.get(one.kind, one.kind), "asked": when(user, one.asked_at),
            "due": when(user, one.due_at), "done": maybe(user, one.done_at), "rows": number(one.rows)}
