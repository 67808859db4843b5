"""Erase somebody, or a workspace: asked for, undone within the days of grace, and carried out by the worker."""

import secrets
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tidings.channels import revoke
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.privacy import freeze, ledger, operators, scour, traces
from tidings.privacy import purge as purges
from tidings.privacy.datamap import TABLES
from tidings.privacy.models import Erasure
from tidings.settings import settings
from tidings.workspaces.audit import record
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member, User, Workspace
from tidings.workspaces.policy import require

PATIENCE = timedelta(hours=1)  # for what is being sent at that moment; then it is taken out of the sender's hands
STANDS_STILL = gettext_noop("This workspace is about to be erased, and nothing is published any more.")
EVERY_TABLE = [table.model for table in TABLES]
KINDS: dict[str, Callable[[UUID], Counter[str]]] = {
    "user": purges.person, "workspace": purges.workspace, "network": purges.network, "channel": purges.channel,
}

log = structlog.get_logger()


def burdens(user: User) -> QuerySet[Workspace]:
    """The workspaces with other members that this person is the last owner of."""
    others = freeze.others(user)
    mine = Workspace.objects.filter(members__user=user.pk, members__role="owner")
    mine = mine.filter(pk__in=others.values("workspace"))
    return mine.exclude(pk__in=others.filter(role="owner").values("workspace")).order_by("name")


def pending(kind: str, subject: UUID) -> Erasure | None:
    """The erasure that is under way."""
    return Erasure.objects.filter(kind=kind, subject=subject, stopped_at=None, done_at=None).first()


def ask(user: User) -> Erasure:
    """Erase this person after the days of grace; until then nothing of theirs is processed, and they are signed out
    everywhere. Raises Refused while others' workspaces have no owner but them, or the instance no operator."""
    erasure = _asked(user, clock.now())
    traces.sign_out({str(user.pk), user.pk.hex})
    return erasure


@transaction.atomic
def _asked(user: User, now: datetime) -> Erasure:
    list(Member.objects.select_for_update().filter(user=user.pk))
    operators.hold()
    if burdens(user).exists():
        raise Refused(_("You are the only owner of a workspace with other members. Name another owner first."))
    if operators.indispensable(user):
        raise Refused(_("You are the only operator of this server, and others use it. Name another one first."))
    freeze.freeze(user, now)
    return _begun("user", user.pk, now)


@transaction.atomic
def ask_workspace(member: Member) -> Erasure:
    """Erase the member's workspace after the days of grace; its channels stand still at once."""
    require(member, "own")
    freeze.still(Workspace.objects.filter(pk=member.workspace_id), freeze.LEAVING)
    begun = _begun("workspace", member.workspace_id, clock.now())
    record(member, member.workspace_id, "erasure_asked", "workspace", due=begun.due_at.isoformat())
    return begun


def _begun(kind: str, subject: UUID, now: datetime) -> Erasure:
    due, code = now + timedelta(days=settings().erase_days), secrets.token_urlsafe(18)
    fresh = {"code": code, "asked_at": now, "due_at": due}
    return Erasure.objects.get_or_create(
        kind=kind, subject=subject, stopped_at=None, done_at=None, defaults=fresh
    )[0]


@transaction.atomic
def undo(user: User) -> None:
    """The person stays. Frozen remains only who had frozen before."""
    erasure = _stopped("user", user.pk)
    if User.objects.filter(pk=user.pk, frozen_at__gte=erasure.asked_at).exists():
        freeze.thaw(user)


@transaction.atomic
def undo_workspace(member: Member) -> None:
    """The workspace stays."""
    require(member, "own")
    _stopped("workspace", member.workspace_id)
    freeze.go_on(Workspace.objects.filter(pk=member.workspace_id), freeze.LEAVING)
    if member.user.frozen_at:
        freeze.freeze(member.user)
    record(member, member.workspace_id, "erasure_undone", "workspace")


def _stopped(kind: str, subject: UUID) -> Erasure:
    """Raises Refused once its time has come: a purge that has begun cannot be taken back."""
    erasure, now = pending(kind, subject), clock.now()
    early = Erasure.objects.filter(pk=erasure.pk, due_at__gt=now, stopped_at=None) if erasure else None
    if erasure is None or early is None or not early.update(stopped_at=now):
        raise Refused(_("It is too late: the erasure has begun."))
    return erasure


def hasten(user: User) -> None:
    """Not after the days of grace, but at the worker's next look."""
    Erasure.objects.filter(kind="user", subject=user.pk, stopped_at=None, done_at=None).update(due_at=clock.now())


def purge(kind: str, subject: UUID) -> dict[str, int]:
    """Erase it now, wherever it is; how many rows by table, files and mails. Harmless to repeat."""
    return dict(+KINDS[kind](subject))


def purge_due(now: datetime) -> int:
    """Carry out what is due; how much was. One that breaks off keeps nobody else waiting, and is raised at the end."""
    due = Erasure.objects.filter(due_at__lte=now, stopped_at=None, done_at=None).order_by("due_at")
    done, broken = 0, []
    for erasure in list(due):
        try:
            done += _carry_out(erasure, now)
        except Exception as error:
            broken.append(error)
    if broken:
        raise broken[0]
    return done


def _carry_out(erasure: Erasure, now: datetime) -> bool:
    """False: at the next look. Who sends at this moment is waited for, and who reads the database's old bytes."""
    own = _whole(erasure)
    freeze.still(own, freeze.LEAVING)
    if _sending(own, now) and now < erasure.due_at + PATIENCE:
        return False
    for gone in list(own.values_list("pk", flat=True)):
        revoke.all_of(gone)
        ledger.put("workspace", gone)
    begun = any(entry.subject == str(erasure.subject) for entry in ledger.every())
    ledger.add(erasure)
    counts = Counter(erasure.counts) + Counter(purge(erasure.kind, erasure.subject))
    Erasure.objects.filter(pk=erasure.pk).update(counts=dict(counts))
    if not scour.scour(EVERY_TABLE if begun else counts):  # nobody knows what one that broke off had emptied
        return False
    log.info("erased", kind=erasure.kind, counts=dict(counts))
    return Erasure.objects.filter(pk=erasure.pk).update(done_at=clock.now()) == 1


def _whole(erasure: Erasure) -> QuerySet[Workspace]:
    """The workspaces that go with it."""
    if erasure.kind == "user":
        user = User.objects.filter(pk=erasure.subject).first()
        return freeze.alone(user) if user else Workspace.objects.none()
    return Workspace.objects.filter(pk__in=[erasure.subject] if erasure.kind == "workspace" else [])


def _sending(workspaces: QuerySet[Workspace], now: datetime) -> bool:
    being_sent = Delivery.objects.filter(workspace__in=workspaces.values("pk"), state="sending")
    return being_sent.filter(lease_until__gt=now).exists()
