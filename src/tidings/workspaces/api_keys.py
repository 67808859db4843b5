"""Keys by which programs act as a member, in one workspace: made, found, revoked.

A key is 256 bits of chance, so its SHA-256 is enough: nobody can try them all, and a slow hash would only slow us. It
is looked up by that hash, and how long this takes says nothing of the key. It never may more than its member may now.
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tidings.core import clock
from tidings.workspaces.audit import record
from tidings.workspaces.members import Refused, hashed
from tidings.workspaces.models import ApiKey, Member
from tidings.workspaces.policy import VERBS, Frozen, may, require

SCOPES = ("read", "write", "publish")  # the verbs that the API has a use for
MOST = 25  # of one member
USED_EVERY = timedelta(minutes=5)  # `used_at` is no more exact, so that reading is not always writing as well


@transaction.atomic
def make(member: Member, name: str, scopes: Collection[str], ends_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A key and what it is: told this once, kept as a hash. Raises Forbidden for what the member may not."""
    if member.user.frozen_at:
        raise Frozen
    for verb in scopes:
        require(member, verb)
    if ApiKey.objects.filter(workspace=member.workspace_id, user=member.user_id).count() >= MOST:
        raise Refused(_("You have as many keys as one person can have here. Revoke one first."))
    prefix = secrets.token_hex(4)
    token = f"tdg_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        workspace=member.workspace, user=member.user, name=name, prefix=f"tdg_{prefix}", hash=hashed(token),
        scopes=[verb for verb in VERBS if verb in scopes], ends_at=ends_at,
    )  # fmt: skip
    record(member, member.workspace_id, "made", "key", key.pk, scopes=key.scopes)
    return key, token


def find(token: str) -> Member | None:
    """For whom this key speaks just now, with the key at hand; None when it was revoked, has ended or never was."""
    ours = ApiKey.objects.filter(hash=hashed(token), user__is_active=True)
    key = ours.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now())).first()
    if key is None:
        return None
    whole = Member.objects.select_related("workspace", "user")
    member = whole.filter(workspace=key.workspace_id, user=key.user_id).first()
    if member:
        member.key = key
    return member


def used(key: ApiKey) -> None:
    """Note that it was, every few minutes."""
    now = clock.now()
    if key.used_at is None or key.used_at < now - USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(used_at=now)


def visible(member: Member) -> QuerySet[ApiKey]:
    """A member's own keys in this workspace; whoever manages it sees everybody's."""
    every = ApiKey.objects.filter(workspace=member.workspace_id).select_related("user")
    return every if may(member, "manage") else every.filter(user=member.user_id)


@transaction.atomic
def revoke(member: Member, key: ApiKey) -> None:
    """Make a key useless; one's own, or another's when the member manages the workspace."""
    if key.user_id != member.user_id:
        require(member, "manage")
    id, owner = key.pk, key.user_id
    if ApiKey.objects.filter(pk=id, workspace=member.workspace_id).delete()[0]:
        record(member, member.workspace_id, "revoked", "key", id, of=str(owner))
