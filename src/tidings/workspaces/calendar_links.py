"""Private addresses at which calendar programs read a workspace's posts: one for each member, shown once, kept hashed.

A token is 256 bits of chance, so its SHA-256 is enough (as in workspaces.api_keys). It reads, and no more than its
member may just now: who left, or froze their data, has none that works.
"""

import secrets
from datetime import timedelta

from django.db import transaction

from tidings.core import clock
from tidings.workspaces.audit import record
from tidings.workspaces.members import hashed
from tidings.workspaces.models import CalendarLink, Member
from tidings.workspaces.policy import Frozen, may, require

BYTES = 32
USED_EVERY = timedelta(hours=1)  # `used_at` is no more exact: calendar programs come several times an hour


def link_of(member: Member) -> CalendarLink | None:
    """The member's own, if there is one."""
    return CalendarLink.objects.filter(member=member).first()


@transaction.atomic
def make(member: Member) -> str:
    """A new token, told this once; the one before opens nothing any more."""
    require(member, "read")
    if member.user.frozen_at:
        raise Frozen
    token = secrets.token_urlsafe(BYTES)
    fresh = {"token_hash": hashed(token), "created_at": clock.now(), "used_at": None}
    link, _new = CalendarLink.objects.update_or_create(member=member, defaults=fresh)
    record(member, member.workspace_id, "made", "calendar_link", link.pk)
    return token


@transaction.atomic
def end(member: Member) -> None:
    """The address opens nothing any more."""
    link = link_of(member)
    if link and CalendarLink.objects.filter(pk=link.pk).delete()[0]:
        record(member, member.workspace_id, "ended", "calendar_link", link.pk)


def find(token: str) -> Member | None:
    """Whose token this is, if they may read just now; notes that it was used."""
    link = CalendarLink.objects.filter(token_hash=hashed(token)).select_related("member__workspace", "member__user")
    found = link.first()
    if found is None or not _may_read(found.member):
        return None
    now = clock.now()
    if found.used_at is None or found.used_at < now - USED_EVERY:
        CalendarLink.objects.filter(pk=found.pk).update(used_at=now)
    return found.member


def _may_read(member: Member) -> bool:
    return member.user.is_active and member.user.frozen_at is None and may(member, "read")
