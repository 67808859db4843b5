"""The first of an operator's pages: how the instance is, and what is wrong with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.core import clock
from tidings.instance.letters import NotTaken, send_test
from tidings.instance.look import Looked, look
from tidings.instance.overview import Working, overview
from tidings.settings import settings
from tidings.speech import translated
from tidings.web.access import operator_page
from tidings.web.instance.shown import BAD, GOOD, LOOK, figure, maybe, number, size
from tidings.web.instance.verdict import verdict
from tidings.web.instance.vitals import age, vitals
from tidings.web.times import when
from tidings.workspaces.models import User


@operator_page
def instance(request: HttpRequest, user: User) -> HttpResponse:
    """The page."""
    seen = overview(clock.now())
    kept = [(one.file, when(user, one.at), size(one.size)) for one in seen.backups.kept]
    figures = list(vitals(seen, user))
    context = {
        "seen": seen, "vitals": figures, "verdict": verdict(figures, seen.look), "age": age(seen),
        "look": _looked(seen.look, user),
        "nodes": [_node(node, user) for node in seen.nodes], "database_size": size(seen.database_size),
        "kept": kept, "backup": _backup(seen.backups.rows, seen.backups.files, seen.backups.size),
    }  # fmt: skip
    return render(request, "tidings/instance/overview.html", context)


def _node(node: Working, user: User) -> dict[str, Any]:
    return {
        "name": node.name, "since": when(user, node.started_at), "beat": when(user, node.beat_at),
        "silent": node.silent, "tries": figure(node.tries), "failed": figure(node.failed),
    }  # fmt: skip


def _looked(seen: Looked | None, user: User) -> dict[str, Any] | None:
    if seen is None:
        return None
    states = {"error": (BAD, _("Mend this")), "warning": (LOOK, _("Have a look"))}
    found = [(*states[one.level], one.name, translated(one.sentence)) for one in seen.findings]
    return {"at": maybe(user, seen.at), "findings": found, "state": GOOD}


def _backup(rows: int, files: int, weight: int) -> str:
    if not weight:
        return ""
    said = {"rows": number(rows), "files": number(files), "size": size(weight)}
    return _("%(rows)s rows and %(files)s files, %(size)s, all of it read back.") % said


@require_POST
@operator_page
def look_again(request: HttpRequest, user: User) -> HttpResponse:
    """Let every check look now."""
    seen = look()
    if seen.errors:
        messages.warning(request, _("There is something to mend. It is listed below."))
    else:
        messages.success(request, _("Nothing must be mended."))
    return redirect("instance")


@require_POST
@operator_page
def test_mail(request: HttpRequest, user: User) -> HttpResponse:
    """Send the operator a mail, and say what came of it."""
    try:
        send_test(user)
    except NotTaken as error:
        messages.error(request, str(error))
        return redirect("instance")
    if settings().mail:
        text = _("The mail server took a mail to %(address)s. See whether it arrives, and not among the unwanted.")
        messages.success(request, text % {"address": user.email})
    else:
        messages.info(request, _("No mail server is set, so the mail was written to the folder “mail” of the data."))
    return redirect("instance")
