"""Links by which somebody without a login reads a report: made by a member, kept as a hash, never without an end.

Whoever opens one reads as the member who made it, and reads nothing once that member may not manage any more.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tidings.analytics.asked import LONGEST
from tidings.analytics.models import ReportLink, ReportMail
from tidings.analytics.period import Period
from tidings.analytics.scope import Scope
from tidings.core import clock, zones
from tidings.workspaces.audit import record
from tidings.workspaces.members import hashed
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import may, require

SPANS, LIVES = (7, 28, 90), (7, 30, 90)  # days that it tells of; days that it lives
KEPT = timedelta(days=30)  # after its end; then its person is not named any more
USED_EVERY = timedelta(hours=1)  # `used_at` is no more exact
MOST = 100  # live ones of a workspace


class NoShare(Exception):
    """A report cannot be shared like this; the sentence says why."""


@dataclass(frozen=True)
class Stretch:
    """Which days: so many until today, or those from `first` to `last`."""

    days: int | None = None
    first: date | None = None
    last: date | None = None


@transaction.atomic
def make_link(member: Member, name: str, scope: Scope, stretch: Stretch, lives: int) -> tuple[ReportLink, str]:
    """A link for this person, and its token, told this once. Raises NoShare."""
    require(member, "manage")
    checked(scope, member.workspace)
    if not name.strip():
        raise NoShare(_("Say for whom the link is."))
    if not _sensible(stretch):
        raise NoShare(_("Choose days: first the one they begin with, at most two years before the last."))
    if lives not in LIVES:
        raise NoShare(_("Choose when the link ends."))
    if live(member.workspace).count() >= MOST:
        raise NoShare(_("There are many live links already. End some of them first."))
    token = secrets.token_urlsafe(32)
    link = ReportLink.objects.create(
        workspace=member.workspace, by=member.user, name=name.strip()[:100], **about(scope),
        days=stretch.days, first=stretch.first, last=stretch.last,
        token_hash=hashed(token), ends_at=clock.now() + timedelta(days=lives),
    )  # fmt: skip
    record(member, member.workspace_id, "made", "report_link", link.pk, days=lives)
    return link, token


def _sensible(stretch: Stretch) -> bool:
    if stretch.days is not None:
        return stretch.days in SPANS
    first, last = stretch.first, stretch.last
    return first is not None and last is not None and timedelta() <= last - first < LONGEST


def checked(scope: Scope, workspace: Workspace) -> None:
    """Nothing, when all that the scope names is of this workspace; raises NoShare otherwise."""
    channel = not scope.channel or workspace.channels.filter(pk=scope.channel).exists()
    tag = not scope.tag or workspace.tags.filter(pk=scope.tag).exists()
    if scope.workspace != workspace.pk or not (channel and tag):
        raise NoShare(_("Choose what the report is about."))


def about(scope: Scope) -> dict[str, object]:
    """A scope as the columns of a row."""
    return {"channel_id": scope.channel, "group": scope.group, "tag_id": scope.tag}


def scope_of(row: ReportLink | ReportMail) -> Scope:
    """What a link or a mail tells of."""
    return Scope(row.workspace_id, row.channel_id, row.group, row.tag_id)


def name_of(row: ReportLink | ReportMail) -> str:
    """The same in words."""
    if row.channel:
        return f"{row.channel.handle} ({row.channel.label})"
    return row.group or (row.tag.name if row.tag else _("Everything of %(name)s") % {"name": row.workspace.name})


def period_of(link: ReportLink) -> Period:
    """The days that it tells of, as of now."""
    zone = link.workspace.zone
    if link.first and link.last:
        return Period(link.first, link.last, zone)
    return Period.until(clock.now().astimezone(zones.zone(zone)).date(), link.days or SPANS[0], zone)


def live(workspace: Workspace) -> QuerySet[ReportLink]:
    """Those that have not ended."""
    return ReportLink.objects.filter(workspace=workspace, ends_at__gt=clock.now())


def spent(now: datetime) -> QuerySet[ReportLink]:
    """Those that lead nowhere and are kept no longer."""
    return ReportLink.objects.filter(ends_at__lt=now - KEPT)


@transaction.atomic
def end_link(member: Member, link: ReportLink) -> None:
    """It leads nowhere from now on."""
    require(member, "manage")
    if live(member.workspace).filter(pk=link.pk).update(ends_at=clock.now()):
        record(member, member.workspace_id, "ended", "report_link", link.pk)


def found_by(token: str) -> ReportLink | None:
    """The live link of this token, if whoever made it still may manage; notes that it was opened."""
    now = clock.now()
    links = ReportLink.objects.filter(token_hash=hashed(token), ends_at__gt=now)
    link = links.select_related("workspace", "channel", "tag").first()
    if link is None or not stands(link):
        return None
    if link.used_at is None or link.used_at < now - USED_EVERY:
        ReportLink.objects.filter(pk=link.pk).update(used_at=now)
    return link


def stands(link: ReportLink) -> bool:
    """Whether its maker still is a member who may manage."""
    found = Member.objects.filter(workspace=link.workspace_id, user=link.by_id, user__is_active=True)
    return may(found.select_related("user").first(), "manage")
