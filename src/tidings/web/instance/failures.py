"""What failed in every workspace: by reason, then one by one, without what the posts say."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tidings import networks
from tidings.core import clock
from tidings.instance.failures import LOOKED_AT, SINCE, Failure, Group, Wanted, failures
from tidings.speech import translated
from tidings.web.access import operator_page
from tidings.web.instance.queue import OUTCOMES
from tidings.web.instance.shown import number
from tidings.web.times import when
from tidings.workspaces.models import User


@operator_page
def failures_page(request: HttpRequest, user: User) -> HttpResponse:
    """The page; its filters stand in the address."""
    wanted = wanted_by(request)
    seen = failures(wanted, clock.now(), int(page) if (page := request.GET.get("page", "")).isdecimal() else 1)
    context = {
        "seen": seen, "wanted": wanted, "count": number(seen.count), "looked_at": number(LOOKED_AT),
        "since": [(key, _(words), key == wanted.since) for key, (words, _span) in SINCE.items()],
        "networks": [(name, one.label, name == wanted.network) for name, one in networks.every().items()],
        "groups": [_group(group, wanted, user) for group in seen.groups],
        "rows": [_row(row, user) for row in seen.rows], "newer": _link(wanted, page=seen.page - 1),
        "older": _link(wanted, page=seen.page + 1), "all": _link(wanted, reason=""),
    }  # fmt: skip
    return render(request, "tidings/instance/failures.html", context)


def wanted_by(request: HttpRequest) -> Wanted:
    """What the address asks for; what nobody can choose counts as nothing."""
    said = {name: request.GET.get(name, "")[:500] for name in ("network", "reason", "since")}
    return Wanted(said["network"], said["reason"], said["since"] if said["since"] in SINCE else "month")


def _link(wanted: Wanted, **changed: Any) -> str:
    named = {"network": wanted.network, "reason": wanted.reason, "since": wanted.since, **changed}
    return "?" + urlencode({name: value for name, value in named.items() if value})


def _group(group: Group, wanted: Wanted, user: User) -> dict[str, Any]:
    return {
        "network": group.network, "label": group.label, "reason": translated(group.reason),
        "count": number(group.count),
        "workspaces": group.workspaces, "last": when(user, group.last),
        "url": _link(wanted, network=group.network, reason=group.reason),
        "chosen": (group.network, group.reason) == (wanted.network, wanted.reason),
    }  # fmt: skip


def _row(row: Failure, user: User) -> dict[str, Any]:
    attempts = [
        (when(user, one.at).text, str(OUTCOMES.get(one.outcome, one.outcome)), translated(one.reason))
        for one in row.attempts
    ]
    return {"id": row.id, "network": row.network, "label": row.label, "workspace": row.workspace,
            "due": when(user, row.due_at), "tries": row.tries, "reason": translated(row.reason), "attempts": attempts}
