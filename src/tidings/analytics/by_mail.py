"""Reports that members are mailed: who is, of what, and when. Nobody else gets mail: only members whose address is
proven to be theirs, and each ends it for themselves."""

from collections.abc import Sequence
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tidings.analytics.models import ReportMail, ReportReader
from tidings.analytics.rhythm import next_due
from tidings.analytics.scope import Scope
from tidings.analytics.share import NoShare, about, checked
from tidings.core import clock, zones
from tidings.settings import settings
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import require

SALT = "tidings.analytics.off"
MOST = 20  # reports by mail of a workspace


def reached(workspace: Workspace) -> QuerySet[Member]:
    """Members to whom such mail may go."""
    proven = EmailAddress.objects.filter(user=OuterRef("user"), email__iexact=OuterRef("user__email"), verified=True)
    takes = {"user__is_active": True, "user__mailed": True, "user__frozen_at": None}
    return Member.objects.filter(Exists(proven), workspace=workspace, **takes).select_related("user")


@transaction.atomic
def set_up(member: Member, scope: Scope, every: str, hour: int, readers: Sequence[UUID]) -> ReportMail:
    """From now on these members are mailed this report. Raises NoShare."""
    require(member, "manage")
    checked(scope, member.workspace)
    if every not in dict(ReportMail.EVERY) or hour not in range(24):
        raise NoShare(_("Choose when it is sent."))
    found = list(reached(member.workspace).filter(pk__in=readers))
    if not found or len(found) < len(set(readers)):
        raise NoShare(_("Choose who is mailed, among members with a confirmed address."))
    if ReportMail.objects.filter(workspace=member.workspace).count() >= MOST:
        raise NoShare(_("There are many reports by mail already. End some of them first."))
    report = ReportMail.objects.create(workspace=member.workspace, every=every, hour=hour, **about(scope))
    first = next_due(every, hour, zones.zone(member.workspace.zone), clock.now())
    ReportReader.objects.bulk_create(ReportReader(report=report, member=one, next_at=first) for one in found)
    record(member, member.workspace_id, "made", "report_mail", report.pk, every=every, readers=len(found))
    return report


@transaction.atomic
def end(member: Member, report: ReportMail) -> None:
    """Nobody is mailed it any more."""
    require(member, "manage")
    id = report.pk
    if ReportMail.objects.filter(pk=id, workspace=member.workspace).delete()[0]:
        record(member, member.workspace_id, "ended", "report_mail", id)


def off_url(reader: ReportReader) -> str:
    """An address that ends this mail for this reader, and does nothing else; only we can make it."""
    token = signing.dumps(str(reader.pk), salt=SALT)
    return settings().url + reverse("report_off", kwargs={"token": token})


def off(token: str) -> UUID | None:
    """Whose mail this token ends: the id of a reader, who may have ended it before; None: we did not make it."""
    try:
        return UUID(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return None


def reader_of(id: UUID) -> ReportReader | None:
    """Who is mailed still, with all that says what."""
    related = ("report__workspace", "report__channel", "report__tag")
    return ReportReader.objects.filter(pk=id).select_related(*related).first()


@transaction.atomic
def leave(reader: ReportReader) -> None:
    """No more of these for this reader; a report that nobody reads is gone."""
    ReportReader.objects.filter(pk=reader.pk).delete()
    ReportMail.objects.filter(pk=reader.report_id, readers=None).delete()
