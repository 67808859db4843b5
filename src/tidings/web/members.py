"""Who belongs to a workspace: roles, removing, inviting by link or mail."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.settings import settings
from tidings.web.access import member_page
from tidings.workspaces.accounts import absolute
from tidings.workspaces.mail import deliver
from tidings.workspaces.members import Refused, change_role, invite, remove, revoke, waiting
from tidings.workspaces.models import Invitation, Member
from tidings.workspaces.policy import may

NEW_LINK = "new_invitation"  # session: an invitation's link, shown once
ROLES = Member.ROLES
ROLE_WORDS = {
    "owner": gettext_lazy("everything, also the other owners and the end of the workspace"),
    "admin": gettext_lazy("channels, members and settings, and all an editor does"),
    "editor": gettext_lazy("writes, schedules and publishes"),
    "contributor": gettext_lazy("writes drafts"),
    "client": gettext_lazy("looks on"),
}


class RoleForm(forms.Form):
    """A role the acting member may give."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, initial="editor")

    def __init__(self, *args: object, member: Member, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["role"].choices = ROLES if may(member, "own") else ROLES[1:]  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Empty: you get a link to pass on yourself."),
    )
    field_order = ("email", "role")


@dataclass(frozen=True)
class MemberRow:
    """A member in the list; `form` changes the role, None where the one who looks may not."""

    member: Member
    form: RoleForm | None


def _role_form(member: Member, row: Member) -> RoleForm | None:
    """The form that changes this row's role; None where the member may not."""
    if row.role == "owner" and not may(member, "own"):
        return None
    return RoleForm(initial={"role": row.role}, member=member, auto_id=f"id_{row.pk}_%s")


def _members(request: HttpRequest, member: Member, form: InviteForm, status: int = 200) -> HttpResponse:
    rows = Member.objects.filter(workspace=member.workspace).select_related("user").order_by("joined_at")
    context = {
        "rows": [MemberRow(row, _role_form(member, row)) for row in rows],
        "invitations": waiting(member.workspace),
        "form": form,
        "role_words": [(label, ROLE_WORDS[role]) for role, label in ROLES],
        "link": request.session.pop(NEW_LINK, ""),
    }
    return render(request, "tidings/settings/members.html", context, status=status)


@member_page("manage")
def members(request: HttpRequest, member: Member) -> HttpResponse:
    """Who belongs here, who is invited."""
    return _members(request, member, InviteForm(member=member))


@require_POST
@member_page("manage")
def invite_member(request: HttpRequest, member: Member) -> HttpResponse:
    """Make a link; mail it when there is an address. It is shown once."""
    form = InviteForm(request.POST, member=member)
    if not form.is_valid():
        return _members(request, member, form, status=422)
    email = form.cleaned_data["email"]
    link = absolute(request, reverse("join", args=[invite(member, email, form.cleaned_data["role"])]))
    request.session[NEW_LINK] = link
    if email:
        _mail(request, member, email, link)
    return redirect("workspace_members", slug=member.workspace.slug)


def _mail(request: HttpRequest, member: Member, email: str, link: str) -> None:
    context = {"link": link, "by": member.user, "workspace": member.workspace, "instance": settings().name}
    subject = _("%(person)s invites you to %(workspace)s") % {
        "person": member.user,
        "workspace": member.workspace,
    }
    if deliver(" ".join(subject.split()), render_to_string("tidings/mail/invitation.txt", context), email):
        messages.success(request, _("An invitation is on its way to %(address)s.") % {"address": email})
    else:
        messages.error(request, _("The e-mail could not be sent. Pass the link below on yourself."))


@require_POST
@member_page("manage")
def revoke_invitation(request: HttpRequest, member: Member, invitation: UUID) -> HttpResponse:
    """Make a link useless."""
    revoke(member, get_object_or_404(Invitation, pk=invitation, workspace=member.workspace))
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("workspace_members", slug=member.workspace.slug)


@require_POST
@member_page("manage")
def set_role(request: HttpRequest, member: Member, other: UUID) -> HttpResponse:
    """Give a member another role."""
    row = get_object_or_404(Member, pk=other, workspace=member.workspace)
    form = RoleForm(request.POST, member=member)
    if not form.is_valid():
        messages.error(request, _("This role cannot be given."))
        return redirect("workspace_members", slug=member.workspace.slug)
    try:
        change_role(member, row, form.cleaned_data["role"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role is changed."))
    return _after(row, member)


def _after(row: Member, member: Member) -> HttpResponse:
    """Back to the list, or home when the change was to oneself: the list may be closed now."""
    if row.pk == member.pk:
        return redirect("home")
    return redirect("workspace_members", slug=member.workspace.slug)


@require_POST
@member_page("manage")
def remove_member(request: HttpRequest, member: Member, other: UUID) -> HttpResponse:
    """End a membership; one's own too."""
    row = get_object_or_404(Member, pk=other, workspace=member.workspace)
    try:
        remove(member, row)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("workspace_members", slug=member.workspace.slug)
    messages.success(request, _("The person is no longer a member."))
    return _after(row, member)
