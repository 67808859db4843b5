"""Links by which somebody without a login connects a channel of theirs: made by a member, used once, kept as a hash.

Whoever opens one acts for the member who made it, and is nobody once that member may not connect any more.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tidings import networks
from tidings.channels.carry import Found
from tidings.channels.connect import keep
from tidings.channels.models import Channel, ConnectLink
from tidings.core import clock
from tidings.networks.errors import Rejected
from tidings.notifications.tell import Occasion, tell
from tidings.workspaces.audit import record
from tidings.workspaces.members import hashed
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import may, require

SHORTEST, LONGEST, USUAL = 1, 30, 7  # days
KEPT = timedelta(days=30)  # after it was used, has ended or was ended; then its person is not named any more
MOST = 100  # open ones of a workspace


class NoLink(Exception):
    """Such a link cannot be made; the sentence says why."""


@transaction.atomic
def make_link(
    member: Member, name: str, network: str = "", group: str = "", days: int = USUAL
) -> tuple[ConnectLink, str]:
    """A link for this person, and its token, told this once; without a network they choose. Raises NoLink."""
    require(member, "connect")
    if not name.strip():
        raise NoLink(_("Say for whom the link is."))
    if network and network not in networks.every():
        raise NoLink(_("There is no such network."))
    if not SHORTEST <= days <= LONGEST:
        raise NoLink(_("A link lives between %(least)d and %(most)d days.") % {"least": SHORTEST, "most": LONGEST})
    if open_links(member.workspace).count() >= MOST:
        raise NoLink(_("There are many open links already. End some of them first."))
    token = secrets.token_urlsafe(32)
    link = ConnectLink.objects.create(
        workspace=member.workspace, by=member.user, name=name.strip()[:100], network=network,
        group=" ".join(group.split())[:60], token_hash=hashed(token), ends_at=clock.now() + timedelta(days=days),
    )  # fmt: skip
    record(member, member.workspace_id, "made", "connect_link", link.pk, network=network, days=days)
    return link, token


def open_links(workspace: Workspace) -> QuerySet[ConnectLink]:
    """Those that were not used and have not ended."""
    return ConnectLink.objects.filter(workspace=workspace, used_at=None, ends_at__gt=clock.now())


def spent(now: datetime) -> QuerySet[ConnectLink]:
    """Those that lead nowhere and are kept no longer."""
    return ConnectLink.objects.filter(Q(used_at__lt=now - KEPT) | Q(ends_at__lt=now - KEPT))


@transaction.atomic
def end_link(member: Member, link: ConnectLink) -> None:
    """It leads nowhere from now on."""
    require(member, "connect")
    if open_links(member.workspace).filter(pk=link.pk).update(ends_at=clock.now()):
        record(member, member.workspace_id, "ended", "connect_link", link.pk)


def found_by(token: str) -> ConnectLink | None:
    """The open link of this token, if whoever made it still may connect."""
    return _standing(ConnectLink.objects.filter(token_hash=hashed(token)))


def found_again(id: str) -> ConnectLink | None:
    """The same link a step later, if it is still open."""
    return _standing(ConnectLink.objects.filter(pk=id))


def _standing(links: QuerySet[ConnectLink]) -> ConnectLink | None:
    live = links.filter(used_at=None, ends_at__gt=clock.now()).select_related("workspace", "by")
    link = live.first()
    return link if link and maker(link) else None


def maker(link: ConnectLink) -> Member | None:
    """The member who made it, while they are one who may connect."""
    found = Member.objects.filter(workspace=link.workspace_id, user=link.by_id, user__is_active=True)
    member = found.select_related("workspace", "user").first()
    return member if may(member, "connect") else None


@transaction.atomic
def keep_by_link(link: ConnectLink, found: Found, chosen: list[str]) -> list[Channel]:
    """Connect the chosen profiles, and the link has served; raises Rejected when it did already, or has ended."""
    member = maker(link)
    mine = ConnectLink.objects.select_for_update().filter(pk=link.pk, used_at=None, ends_at__gt=clock.now())
    if member is None or not list(mine):
        raise Rejected(_("This link does not work any more. Ask for a new one."))
    made = keep(member, found, chosen, by_link=str(link.pk))
    if made:
        mine.update(used_at=clock.now())
        if link.group:
            Channel.objects.filter(pk__in=[channel.pk for channel in made]).update(group=link.group)
        tell(link.workspace_id, "connected", [Occasion("connect_link", link.pk, str(link.pk))], to=link.by_id)
        record(None, link.workspace_id, "used", "connect_link", link.pk, channels=len(made))
    return made
