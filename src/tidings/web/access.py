"""The way into every page of a workspace: sign-in first, strangers see 404, too small a role 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from tidings.instance.operate import operator_of
from tidings.workspaces.members import member_of
from tidings.workspaces.models import Member
from tidings.workspaces.policy import Stranger, require

MemberView = Callable[..., HttpResponse]
LAST_WORKSPACE = "workspace"  # session: where the person was last
# Looking is free; whoever changes something says again who they are, if that is more than five minutes ago.
sure: Callable[[MemberView], MemberView] = reauthentication_required(allow_get=True)


def resolved(request: HttpRequest, slug: str, verb: str) -> Member:
    """The signed-in person as member of this workspace; raises Stranger, Forbidden by role."""
    member = member_of(request.user, slug)
    if member is None:
        raise Stranger(verb)
    require(member, verb)
    return member


def operator_page(view: MemberView) -> MemberView:
    """For views `(request, user, **kwargs)` under /instance: only operators, who say again who they are to change
    something."""

    @login_required
    @wraps(view)
    def entered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user = operator_of(request)
        return sure(lambda again: view(again, user, **kwargs))(request)

    return entered


def member_page(verb: str) -> Callable[[MemberView], MemberView]:
    """For views `(request, member, **kwargs)` under /w/{slug}/…: only members whose role may `verb`."""

    def decorate(view: MemberView) -> MemberView:
        @login_required
        @wraps(view)
        def entered(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
            member = resolved(request, slug, verb)
            request.member = member  # type: ignore[attr-defined]  # read by web.context
            if request.session.get(LAST_WORKSPACE) != slug:
                request.session[LAST_WORKSPACE] = slug
            return view(request, member, **kwargs)

        return entered

    return decorate
