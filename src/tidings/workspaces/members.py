"""Who belongs to a workspace: found one, invite, join, change roles, leave. One owner always stays."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tidings.core import clock
from tidings.core.zones import known
from tidings.workspaces.audit import record
from tidings.workspaces.models import ApiKey, Invitation, Member, User, Workspace
from tidings.workspaces.policy import may, require

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

INVITED_FOR = timedelta(days=7)


class Refused(Exception):
    """This cannot be done; the text says why, to a person."""


def member_of(user: "User | AnonymousUser | AbstractBaseUser", slug: str) -> Member | None:
    """This person's membership of the workspace of this slug; None for strangers."""
    if not user.is_authenticated:
        return None
    mine = Member.objects.filter(user_id=user.pk, workspace__slug=slug)
    return mine.select_related("workspace", "user").first()


NOWHERE = ("Etc/", "SystemV/", "localtime", "posixrules", "Factory")


@cache
def zones() -> tuple[str, ...]:
    """The names of the time zones people live in, sorted."""
    return tuple(sorted(name for name in known() if not name.startswith(NOWHERE)))


def is_zone(name: str) -> bool:
    """Whether the time zone database knows this name."""
    return name in known() and name != "localtime"


def _slug(name: str, salt: str) -> str:
    """A readable slug; with salt when the plain one is taken."""
    plain = slugify(name)[:30].strip("-") or "workspace"
    return f"{plain}-{salt}" if salt else plain


def _taken(slug: str) -> bool:
    return Workspace.objects.filter(slug=slug).exists()


@transaction.atomic
def found_workspace(user: User, name: str, zone: str) -> Workspace:
    """A new workspace, owned by this person."""
    salts = ("", "2", "3", secrets.token_hex(4))
    free = (slug for slug in (_slug(name, salt) for salt in salts) if not _taken(slug))
    workspace = Workspace.objects.create(name=name, slug=next(free), zone=zone)
    record(Member.objects.create(workspace=workspace, user=user, role="owner"), workspace.pk, "founded", "workspace")
    return workspace


@transaction.atomic
def adjust(member: Member, workspace: Workspace, fields: Collection[str]) -> None:
    """Keep these changed settings of the member's workspace."""
    require(member, "manage")
    if fields:
        workspace.save(update_fields=fields)
        record(member, member.workspace_id, "changed", "workspace", fields=sorted(fields))


def hashed(token: str) -> str:
    """What is kept of a token that is told once."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(member: Member, email: str, role: str) -> str:
    """The token of a link that lets somebody join in this role for seven days; it is kept only as a hash."""
    require(member, _needed(role))
    token = secrets.token_urlsafe(24)
    made = Invitation.objects.create(
        workspace=member.workspace,
        email=email.lower(),
        role=role,
        token_hash=hashed(token),
        by=member.user,
        ends_at=clock.now() + INVITED_FOR,
    )
    record(member, member.workspace_id, "made", "invitation", made.pk, role=role)
    return token


def _needed(role: str) -> str:
    """What one must be allowed to give this role."""
    return "own" if role == "owner" else "manage"


def waiting(workspace: Workspace) -> list[Invitation]:
    """The open invitations of a workspace, the oldest first."""
    return [each for each in _open().filter(workspace=workspace).order_by("created_at") if _stands(each)]


def invited(token: str) -> Invitation | None:
    """The open invitation behind a link; None when it was used, revoked, has ended or never was."""
    found = _open().filter(token_hash=hashed(token)).first()
    return found if found and _stands(found) else None


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, ends_at__gt=clock.now()).select_related("workspace", "by")


def _stands(invitation: Invitation) -> bool:
    """Whether whoever made it still may: else a link would let back in who was sent away, and into what its owner
    is leaving."""
    whole = Member.objects.select_related("user")
    by = whole.filter(workspace=invitation.workspace_id, user=invitation.by_id).first()
    return by is not None and not by.user.frozen_at and may(by, _needed(invitation.role))


@transaction.atomic
def revoke(member: Member, invitation: Invitation) -> None:
    """Make an invitation's link useless."""
    require(member, "manage")
    if Invitation.objects.filter(pk=invitation.pk, workspace=member.workspace).delete()[0]:
        record(member, member.workspace_id, "revoked", "invitation", invitation.pk)


@transaction.atomic
def join(user: User, token: str) -> Member:
    """Make this person a member by an invitation's token, once; raises Refused when it is not open."""
    closed = _("This invitation has ended or was used already. Ask for a new one.")
    found = invited(token)
    if found is None:
        raise Refused(closed)
    invitation = Invitation.objects.select_for_update().filter(pk=found.pk, used_at=None).first()
    if invitation is None:
        raise Refused(closed)
    member, fresh = Member.objects.get_or_create(
        workspace=invitation.workspace, user=user, defaults={"role": invitation.role}
    )
    if fresh:
        invitation.used_at = clock.now()
        invitation.save(update_fields=["used_at"])
        record(
            member, member.workspace_id, "joined", "member", user.pk, role=member.role, invitation=str(invitation.pk)
        )
    return member


def _locked(workspace: Workspace, member_id: object) -> tuple[Member | None, int]:
    """The member, and how many other owners there are; their rows stay locked until the transaction ends."""
    rows = list(Member.objects.select_for_update().filter(workspace=workspace).select_related(None))
    found = next((row for row in rows if row.pk == member_id), None)
    return found, sum(row.role == "owner" and row.pk != member_id for row in rows)


def _checked(member: Member, other_id: object, role: str | None) -> Member:
    """The locked other, whom this member may give this role (None: no more); raises Refused, Forbidden."""
    other, owners_left = _locked(member.workspace, other_id)
    if other is None:
        raise Refused(_("This person is no longer a member."))
    if other.pk != member.pk or role is not None:
        require(member, "own" if "owner" in (other.role, role) else "manage")
    if other.role == "owner" and role != "owner" and not owners_left:
        raise Refused(_("A workspace needs an owner. Make somebody else an owner first."))
    return other


@transaction.atomic
def change_role(member: Member, other: Member, role: str) -> Member:
    """Give another member this role; raises Refused when nobody would own the workspace."""
    row = _checked(member, other.pk, role)
    before, row.role = row.role, role
    if before != role:
        row.save(update_fields=["role"])
        record(member, member.workspace_id, "role_changed", "member", row.user_id, before=before, role=role)
    return row


@transaction.atomic
def remove(member: Member, other: Member) -> None:
    """End another's membership, or one's own; raises Refused when nobody would own the workspace. Their keys and the
    invitations they made go with it."""
    row = _checked(member, other.pk, None)
    ApiKey.objects.filter(workspace=row.workspace_id, user=row.user_id).delete()
    Invitation.objects.filter(workspace=row.workspace_id, by=row.user_id).delete()
    verb = "left" if row.pk == member.pk else "removed"
    row.delete()
    record(member, member.workspace_id, verb, "member", row.user_id, role=row.role)


def leave(member: Member) -> None:
    """End one's own membership; raises Refused for the last owner."""
    remove(member, member)
