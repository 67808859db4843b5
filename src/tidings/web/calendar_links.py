"""The private address of the calendar: its page, and what a calendar program finds there."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tidings.core import clock
from tidings.deliveries.calendar import Window, entries
from tidings.settings import settings
from tidings.web.access import member_page, sure
from tidings.web.ical import written
from tidings.web.times import when
from tidings.workspaces import calendar_links as verbs
from tidings.workspaces.models import Member
from tidings.workspaces.policy import Frozen

NEW_LINK = "new_calendar_link"  # session: a token, shown once
BACK, AHEAD = timedelta(days=30), timedelta(days=180)


@member_page("read")
@sure
def calendar_link(request: HttpRequest, member: Member) -> HttpResponse:
    """Whether the member has an address; a form makes one, or another in its place, which is shown once."""
    if request.method == "POST":
        _make(request, member)
        return redirect("calendar_link", slug=member.workspace.slug)
    link, token = verbs.link_of(member), request.session.pop(NEW_LINK, "")
    context = {
        "link": link,
        "made": when(member.user, link.created_at) if link else None,
        "used": when(member.user, link.used_at) if link and link.used_at else None,
        "address": settings().url + reverse("calendar_file", args=[token]) if token else "",
    }
    return render(request, "tidings/calendar/link.html", context)


def _make(request: HttpRequest, member: Member) -> None:
    try:
        request.session[NEW_LINK] = verbs.make(member)
    except Frozen as refusal:
        messages.error(request, str(refusal))


@require_POST
@member_page("read")
@sure
def end_calendar_link(request: HttpRequest, member: Member) -> HttpResponse:
    """Programs that have the address find nothing any more."""
    verbs.end(member)
    messages.success(request, _("The address is ended."))
    return redirect("calendar_link", slug=member.workspace.slug)


@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The posts around now, for whoever has the address; a session, if there is one, says nothing here."""
    member = verbs.find(token)
    if member is None:
        raise Http404
    now = clock.now()
    with translation.override(member.user.language):
        found = entries(member.workspace, Window(now - BACK, now + AHEAD))
        body = written(member.workspace, found)
    headers = {"Content-Disposition": 'inline; filename="tidings.ics"', "X-Robots-Tag": "noindex"}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
