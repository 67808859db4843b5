"""Views that a member keeps: save what the calendar shows under a name, rename, replace, delete."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.deliveries.angle import cleaned
from tidings.web.access import member_page
from tidings.workspaces import views as verbs
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member


@member_page("read")
def views(request: HttpRequest, member: Member) -> HttpResponse:
    """The member's views; a form posts `name` and `query`, what stands in a calendar's address."""
    if request.method == "POST":
        return _kept(request, member)
    return render(request, "tidings/calendar/views.html", {"views": verbs.views_of(member), "most": verbs.MOST})


def _kept(request: HttpRequest, member: Member) -> HttpResponse:
    query = cleaned(request.POST.get("query", ""))
    try:
        view, new = verbs.keep(member, request.POST.get("name", ""), query)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("“%(name)s” is kept.") if new else _("“%(name)s” shows this from now on.")
        messages.success(request, said % {"name": view.name})
    return redirect(f"{reverse('calendar', args=[member.workspace.slug])}?{query}")


@require_POST
@member_page("read")
def change_view(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Give it the name that was typed."""
    view = get_object_or_404(verbs.views_of(member), pk=id)
    try:
        verbs.change(member, view, request.POST.get("name", ""), view.query)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is called “%(name)s” now.") % {"name": view.name})
    return redirect("views", slug=member.workspace.slug)


@require_POST
@member_page("read")
def delete_view(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """It is gone; what it showed is not."""
    view = get_object_or_404(verbs.views_of(member), pk=id)
    verbs.delete(member, view)
    messages.success(request, _("The view “%(name)s” is deleted; the posts are where they were.") % {"name": view.name})
    return redirect("views", slug=member.workspace.slug)
