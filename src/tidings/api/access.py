"""Who asks, and for which workspace: strangers get 404, too small a role 403."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from tidings.workspaces.members import member_of
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

M = TypeVar("M", bound=Model)


def entered(request: HttpRequest, slug: str, verb: str) -> Member:
    """The signed-in person as member of this workspace, allowed to `verb`."""
    member = member_of(request.user, slug)
    if member is None:
        raise Http404
    require(member, verb)
    return member


def of_workspace(rows: QuerySet[M], member: Member, id: UUID) -> M:
    """The row of this id in the member's workspace; raises Http404."""
    found = rows.filter(workspace=member.workspace, pk=id).first()
    if found is None:
        raise Http404
    return found
