"""The first steps in a new workspace: which are done follows from what is there, and nothing is kept for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.channels.models import Channel, Slot
from tidings.core import clock
from tidings.posts.models import written
from tidings.settings import settings
from tidings.web.access import member_page
from tidings.workspaces.models import Invitation, Member, Workspace
from tidings.workspaces.policy import may

YOUNG = timedelta(days=60)  # so long after a workspace was founded its calendar shows the steps
DONE_WITH = "begun"  # session: the workspaces whose steps a person does not want to see


@dataclass(frozen=True)
class Step:
    """One step: what it is, why, and where it is taken."""

    label: str
    why: str
    url: str
    done: bool


def steps(request: HttpRequest, member: Member) -> list[Step]:
    """Those that this member may take; none once all are done, or the workspace is no longer young."""
    old = clock.now() - member.workspace.created_at > YOUNG
    if old or settings().demo or str(member.workspace_id) in request.session.get(DONE_WITH, ()):
        return []
    found = [*_in_workspace(member), *(_on_server() if member.user.is_operator else ())]
    return [] if all(step.done for step in found) else found


def _facts(member: Member) -> Mapping[str, Any]:
    """What is there, by one query."""
    here = OuterRef("pk")
    return Workspace.objects.filter(pk=member.workspace_id).values(
        has_channel=Exists(Channel.objects.filter(workspace=here)),
        has_post=Exists(written().filter(workspace=here)),
        has_slot=Exists(Slot.objects.filter(channel__workspace=here)),
        has_company=Exists(Member.objects.filter(workspace=here).exclude(pk=member.pk)),
        has_invited=Exists(Invitation.objects.filter(workspace=here)),
    )[0]


def _in_workspace(member: Member) -> list[Step]:
    base, facts = f"/w/{member.workspace.slug}", _facts(member)
    company = facts["has_company"] or facts["has_invited"]
    known = (
        ("connect", _("Connect a channel"), _("A profile or page that posts go to."), "channels/connect",
         facts["has_channel"]),
        ("write", _("Write a post"), _("Say it once, and differently where a network wants that."), "compose",
         facts["has_post"]),
        ("connect", _("Set times"), _("Slots of the week: then a post needs no time of its own."), "channels",
         facts["has_slot"]),
        ("manage", _("Invite somebody"), _("To write with you, or to approve."), "settings/members", company),
    )  # fmt: skip
    return [Step(label, why, f"{base}/{path}", done) for verb, label, why, path, done in known if may(member, verb)]


def _on_server() -> list[Step]:
    mail, secure = bool(settings().mail), settings().secure
    return [
        Step(_("Let this server send mail"), _("For invitations, and for what needs you."), "/instance", mail),
        Step(_("Serve it over HTTPS"), _("Many networks connect to nothing else."), "/instance", secure),
    ]


@require_POST
@member_page("read")
def hide(request: HttpRequest, member: Member) -> HttpResponse:
    """Do not show the steps any more, during this sign-in."""
    hidden = {*request.session.get(DONE_WITH, ()), str(member.workspace_id)}
    request.session[DONE_WITH] = sorted(hidden)
    return redirect("calendar", slug=member.workspace.slug)
