"""Coming home, joining by an invitation's link, founding a workspace and leaving one."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.privacy.operators import deserted, waits_for_the_first
from tidings.web.access import LAST_WORKSPACE, member_page
from tidings.web.context import current_member
from tidings.web.forms import ZoneField
from tidings.workspaces.accounts import INVITATION
from tidings.workspaces.members import Refused, found_workspace, invited, join, leave, member_of
from tidings.workspaces.models import Member


class WorkspaceForm(forms.Form):
    """A new workspace."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    zone = ZoneField(help_text=gettext_lazy("Where it is at home. People see times in the zone of their own profile."))


def home(request: HttpRequest) -> HttpResponse:
    """Where a person belongs just now: the set-up, the sign-in page, an invitation, or their calendar."""
    if not request.user.is_authenticated:
        return _to_the_door(request)
    token = request.session.get(INVITATION, "")
    if token and invited(token):
        return redirect("join", token=token)
    member = current_member(request)
    if member is None:
        return redirect("found_workspace")
    return redirect(f"/w/{member.workspace.slug}/calendar")


def _to_the_door(request: HttpRequest) -> HttpResponse:
    if waits_for_the_first():
        return redirect("first_run")
    if deserted():
        messages.info(request, _("Everybody has left. Whoever runs this server can open it again."))
    return redirect("account_login")


def join_page(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation's link shows; a signed-in person joins with one click."""
    invitation = invited(token)
    if invitation is None:
        request.session.pop(INVITATION, None)
        return render(request, "tidings/join.html", {"invitation": None}, status=404)
    if not request.user.is_authenticated:
        request.session[INVITATION] = token
        return render(request, "tidings/join.html", {"invitation": invitation})
    if request.method == "POST" or member_of(request.user, invitation.workspace.slug):
        return _joined(request, token)
    return render(request, "tidings/join.html", {"invitation": invitation})


def _joined(request: HttpRequest, token: str) -> HttpResponse:
    request.session.pop(INVITATION, None)
    try:
        member = join(request.user, token)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("home")
    request.session[LAST_WORKSPACE] = member.workspace.slug
    return redirect(f"/w/{member.workspace.slug}/calendar")


@login_required
def found(request: HttpRequest) -> HttpResponse:
    """Found a workspace of one's own."""
    form = WorkspaceForm(request.POST or None, initial={"zone": request.user.zone})  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        workspace = found_workspace(request.user, kept["name"], kept["zone"])  # type: ignore[arg-type]
        request.session[LAST_WORKSPACE] = workspace.slug
        return redirect(f"/w/{workspace.slug}/calendar")
    return render(request, "tidings/found_workspace.html", {"form": form})


@require_POST
@member_page("read")
def leave_workspace(request: HttpRequest, member: Member) -> HttpResponse:
    """Leave; the last owner is told why not."""
    try:
        leave(member)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("profile")
    request.session.pop(LAST_WORKSPACE, None)
    messages.success(request, _("You have left %(workspace)s.") % {"workspace": member.workspace})
    return redirect("profile")
