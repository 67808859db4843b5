"""Who asks, and for which workspace: a member at a browser, or a program with a member's key. Strangers get 404, too
small a role or key 403."""

from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.core.cache import cache
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from tidings.workspaces import api_keys, security
from tidings.workspaces.factors import lacking
from tidings.workspaces.members import member_of
from tidings.workspaces.models import ApiKey, Member, SecurityEvent
from tidings.workspaces.policy import Frozen, Stranger, Told, require
from tidings.workspaces.rates import Rate, knock

M = TypeVar("M", bound=Model)
WRONG = Rate(30, timedelta(minutes=10))  # wrong keys from one address
OFTEN = Rate(600, timedelta(minutes=1))  # requests with one key
ONCE = 3600  # seconds for which a process remembers from where a key came
HEADER = "Bearer "


class WrongKey(Exception):
    """A key that opens nothing."""


class TooOften(Exception):
    """Come again after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(_("That was too often. Wait a little."))
        self.wait = wait


class Key(HttpBearer):
    """`Authorization: Bearer tdg_…`; needs no CSRF token, for no browser sends it by itself."""

    def authenticate(self, request: HttpRequest, token: str) -> Member:
        """The member whose key it is; raises WrongKey, TooOften, Forbidden."""
        return holder(request, token)


def holder(request: HttpRequest, token: str) -> Member:
    """The member whose key this is, when they can act; raises WrongKey, TooOften, Forbidden."""
    member = api_keys.find(token.strip())
    if member is None or member.key is None:
        _wrong(request)
        raise WrongKey
    if wait := knock(OFTEN, "key", str(member.key.pk)):
        raise TooOften(wait)
    if member.user.frozen_at:  # as is whoever is about to be erased
        raise Frozen
    if lacking(member.user):
        raise Told(_("Everybody here must have a second factor. Set one up on the pages first."))
    api_keys.used(member.key)
    _from(request, member, member.key)
    return member


def _wrong(request: HttpRequest) -> None:
    """Guessing is hopeless; this is so that nobody fills the log with it."""
    if wait := knock(WRONG, "wrong key", security.place(request)):
        raise TooOften(wait)
    security.note("failed_key", request)


def _from(request: HttpRequest, member: Member, key: ApiKey) -> None:
    """The person reads in their log from where each key was used."""
    here = security.network(security.address(request), 24, 48)
    if not here or not member.user.watched or not cache.add(f"key:{key.pk}:{here}", True, ONCE):
        return
    seen = SecurityEvent.objects.filter(user=member.user, kind="key_used", about=key.name).values_list("ip", flat=True)
    if here not in {security.network(ip, 24, 48) for ip in seen}:
        security.note("key_used", request, member.user, about=key.name)


def bearer(request: HttpRequest) -> str | None:
    """The key that came with a request; None: none did."""
    said = request.headers.get("Authorization", "")
    return said[len(HEADER) :] if said.lower().startswith(HEADER.lower()) else None


def entered(request: HttpRequest, slug: str, verb: str) -> Member:
    """Who asks, as member of this workspace and allowed to `verb`; a key is for its own workspace alone."""
    by_key = getattr(request, "auth", None)
    member = by_key if isinstance(by_key, Member) else member_of(request.user, slug)
    if member is None or member.workspace.slug != slug:
        raise Stranger(verb)
    require(member, verb)
    return member


def of_workspace(rows: QuerySet[M], member: Member, id: UUID) -> M:
    """The row of this id in the member's workspace; raises Http404."""
    found = rows.filter(workspace=member.workspace, pk=id).first()
    if found is None:
        raise Http404
    return found
