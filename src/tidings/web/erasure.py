"""Being erased: ask, wait out the days of grace, come back or go at once; and the public page that says how far it is.

Until it is over, every page of the person leads here (web.middleware.leaving).
"""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tidings.privacy import erase as verbs
from tidings.privacy import freeze, operators
from tidings.privacy.models import Erasure
from tidings.settings import settings
from tidings.web.access import member_page
from tidings.web.times import when
from tidings.workspaces import security
from tidings.workspaces.accounts import absolute
from tidings.workspaces.members import Refused, change_role
from tidings.workspaces.models import Member, User


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def erase_me(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and when; then do it."""
    user = _person(request)
    if request.method == "POST":
        return _asked(request, user)
    shared = Member.objects.filter(user=user).exclude(workspace__in=freeze.alone(user).values("pk"))
    context = {
        "alone": freeze.alone(user).order_by("name"),
        "shared": shared.select_related("workspace").order_by("workspace__name"),
        "heirs": freeze.others(user).filter(workspace__in=verbs.burdens(user)).select_related(
            "workspace", "user"
        ).order_by("workspace__name", "joined_at"),
        "indispensable": operators.indispensable(user),
        "days": settings().erase_days,
    }
    return render(request, "tidings/settings/erase.html", context)


def _asked(request: HttpRequest, user: User) -> HttpResponse:
    """Whoever reads the person's mails learns of it, for it may have been somebody else who asked."""
    try:
        asked = verbs.ask(user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("erase_me")
    security.note("erasure_asked", request, user)
    page = absolute(request, reverse("deletion_status", args=[asked.code]))
    said = {"due": asked.due_at, "status_url": page}
    get_adapter().send_notification_mail("account/email/erasure_asked", user, said)
    logout(request)
    return redirect("deletion_status", code=asked.code)


@require_POST
@login_required
def name_heir(request: HttpRequest, member: UUID) -> HttpResponse:
    """Make another member an owner, so that the workspace has one when this person goes."""
    row = get_object_or_404(Member, pk=member, workspace__in=verbs.burdens(_person(request)))
    mine = get_object_or_404(Member, workspace=row.workspace_id, user=request.user.pk)
    try:
        change_role(mine, row, "owner")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("erase_me")


@login_required
def erasure(request: HttpRequest) -> HttpResponse:
    """All that a person who is about to be erased sees."""
    under_way = verbs.pending("user", _person(request).pk)
    if under_way is None:
        return redirect("privacy_settings")
    context = {"erasure": under_way, "due": when(_person(request), under_way.due_at)}
    return render(request, "tidings/erasure.html", context)


@require_POST
@login_required
def keep_me(request: HttpRequest) -> HttpResponse:
    """Stay."""
    try:
        verbs.undo(_person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("erasure")
    security.note("erasure_undone", request)
    messages.success(request, _("You stay, with everything. What should have gone out meanwhile waits for you."))
    return redirect("home")


@require_POST
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def erase_now(request: HttpRequest) -> HttpResponse:
    """Go at once."""
    under_way = verbs.pending("user", _person(request).pk)
    if under_way is None:
        return redirect("privacy_settings")
    verbs.hasten(_person(request))
    logout(request)
    return redirect("deletion_status", code=under_way.code)


@require_GET
def deletion_status(request: HttpRequest, code: str) -> HttpResponse:
    """How far an erasure is, for whoever has its code; of whom it is, nobody is told."""
    return render(request, "tidings/deletion.html", {"erasure": get_object_or_404(Erasure, code=code)})


@member_page("own")
@reauthentication_required  # type: ignore[untyped-decorator]
def erase_workspace(request: HttpRequest, member: Member) -> HttpResponse:
    """What goes with a workspace; then do it."""
    if request.method == "POST":
        verbs.ask_workspace(member)
        messages.success(request, _("The workspace will be erased. Its channels stand still from now on."))
        return redirect("erase_workspace", slug=member.workspace.slug)
    under_way = verbs.pending("workspace", member.workspace_id)
    context = {
        "erasure": under_way,
        "due": when(member.user, under_way.due_at) if under_way else None,
        "others": member.workspace.members.exclude(pk=member.pk).count(),
        "days": settings().erase_days,
    }
    return render(request, "tidings/settings/erase_workspace.html", context)


@require_POST
@member_page("own")
def keep_workspace(request: HttpRequest, member: Member) -> HttpResponse:
    """The workspace stays."""
    try:
        verbs.undo_workspace(member)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("erase_workspace", slug=member.workspace.slug)
    messages.success(request, _("The workspace stays. What should have gone out meanwhile waits for your decision."))
    return redirect("calendar", slug=member.workspace.slug)


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]
