"""/w/{slug}/channels/reach: whether networks can fetch pictures and films from here, tried out on request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tidings import outside
from tidings.media.reach import look
from tidings.web.access import member_page
from tidings.workspaces.models import Member


@member_page("connect")
def reach(request: HttpRequest, member: Member) -> HttpResponse:
    """What the test is for; after a POST, what it found."""
    report = look(outside.door()) if request.method == "POST" else None
    return render(request, "tidings/channels/reach.html", {"report": report})
