"""What a person was told: the list, marked as read, and how they wish to be told; ending mails by a signed address."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tidings.instance.notices import said
from tidings.notifications import mail
from tidings.notifications.kinds import KINDS, kinds_of
from tidings.notifications.models import Notification, Preference
from tidings.notifications.read import mark_read, told, unread, wish, wishes_of
from tidings.notifications.tell import Wish
from tidings.web.times import When, when
from tidings.workspaces.models import User

EACH = 50  # on a page
MARKS = {
    "failed": "state-failed", "unsure": "state-unsure", "held": "state-held", "paused": "unlink", "ending": "warning",
    "connected": "connect", "repeat": "retry", "export": "download", "overdue": "state-overdue", "backup": "save",
    "doctor": "error",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One notification as the page shows it."""

    id: UUID
    icon: str
    text: str
    more: str
    url: str
    step: str
    workspace: str
    when: When
    new: bool


def _person(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    return user


@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    """The list, the newest first; what was read stays for three months."""
    user = _person(request)
    page = Paginator(told(user).select_related("workspace"), EACH).get_page(request.GET.get("page"))
    rows = [_told(one, user) for one in said(user, list(page.object_list))]
    context = {"rows": rows, "page": page, "new": unread(user)}
    return render(request, "tidings/notifications.html", context)


def _told(one: mail.Said, user: User) -> Told:
    row = one.row
    name = row.workspace.name if row.workspace else ""
    new, at = row.seen_at is None, when(user, row.at)
    return Told(row.pk, MARKS[row.kind], one.text, one.more, one.url, one.step, name, at, new)


@login_required
@require_POST
def read_notifications(request: HttpRequest) -> HttpResponse:
    """All of them are known now."""
    mark_read(_person(request))
    return redirect("notifications")


@login_required
@require_POST
def open_notification(request: HttpRequest, id: UUID) -> HttpResponse:
    """This one is known now, and the person is led to what it is about."""
    user = _person(request)
    row = get_object_or_404(Notification.objects.select_related("workspace"), pk=id, user=user)
    mark_read(user, [row.pk])
    (one,) = said(user, [row])
    return redirect(one.url)


@login_required
def notification_settings(request: HttpRequest) -> HttpResponse:
    """Of every kind: in the page or not; by mail at once, once a day, or never."""
    user = _person(request)
    if request.method == "POST":
        wish(user, {name: _wished(request, name) for name in kinds_of(user.is_operator)})
        messages.success(request, _("Saved."))
        return redirect("notification_settings")
    return render(request, "tidings/settings/notifications.html", {"rows": _rows(user), "mails": Preference.MAILS})


def _wished(request: HttpRequest, kind: str) -> Wish:
    mailed = request.POST.get(f"mail-{kind}", "off")
    return Wish(f"page-{kind}" in request.POST, mailed if mailed in dict(Preference.MAILS) else "off")


def _rows(user: User) -> list[dict[str, Any]]:
    return [{"name": name, "label": KINDS[name].label, "wish": wish} for name, wish in wishes_of(user).items()]


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token is all that it can have
def notifications_off(request: HttpRequest, token: str) -> HttpResponse:
    """End the mails that this address stands in; looking at the page changes nothing."""
    kinds = mail.off(token)
    if kinds is None:
        return render(request, "tidings/notifications_off.html", {"kinds": None}, status=404)
    done = request.method == "POST" and mail.end_mails(token)
    context = {"kinds": [str(KINDS[kind].label) for kind in kinds], "done": done}
    return render(request, "tidings/notifications_off.html", context)
