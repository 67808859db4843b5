"""Exports: asked for by a person, written beside all other work by whichever worker comes first, ended after days."""

import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.db import connections, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as say

from tidings.core import clock
from tidings.media.refuse import AWAY
from tidings.media.storage import Away
from tidings.notifications import mail
from tidings.notifications.read import wishes_of
from tidings.notifications.tell import Occasion, tell_user
from tidings.privacy.models import Export
from tidings.privacy.pack import pack
from tidings.settings import settings
from tidings.workspaces.mail import deliver
from tidings.workspaces.models import User

MOST_A_DAY = 3
DAY = timedelta(days=1)
LEASE = timedelta(minutes=5)
BEAT = timedelta(seconds=1)  # between two words about how far it is
UNDER_WAY = ("waiting", "writing")
KIND = {"export"}  # of the mail that says it is ready
NO_ROOM = say("There was not enough room on the server. Its operator can make some; then try again.")
BROKE = say("Something went wrong on our side. Try again; if it fails once more, tell the operator.")

log = structlog.get_logger()
_busy = threading.Lock()


class Refused(Exception):
    """Not now; the text says why, to a person."""


class Lost(Exception):
    """Another worker writes it by now, or nobody wants it any more."""


@transaction.atomic
def ask(user: User) -> Export:
    """A new export, to be written soon; raises Refused while one is under way, and after the third of a day."""
    User.objects.select_for_update().get(pk=user.pk)
    now = clock.now()
    mine = Export.objects.filter(user=user)
    if mine.filter(state__in=UNDER_WAY).exists():
        raise Refused(_("An export is being made already."))
    if mine.filter(asked_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise Refused(_("That was the last export for today. Ask again tomorrow."))
    return Export.objects.create(user=user, asked_at=now)


def kept(user: User) -> list[Export]:
    """The person's exports that have not ended."""
    return list(Export.objects.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()), user=user))


def file_of(id: UUID) -> Path:
    """Where an export's archive is."""
    return _folder() / f"{id}.zip"


def _folder() -> Path:
    folder = settings().home / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def end(export: Export) -> None:
    """Delete the archive. The row stays for a day: it counts for how many were made."""
    Export.objects.filter(pk=export.pk, state__in=UNDER_WAY).update(state="failed")
    Export.objects.filter(pk=export.pk).update(ends_at=clock.now())
    file_of(export.pk).unlink(missing_ok=True)


def end_due(now: datetime) -> None:
    """Delete the archives whose time is over, files whose export is gone with its person, and rows a day later."""
    for export in Export.objects.filter(ends_at__lte=now):
        file_of(export.pk).unlink(missing_ok=True)
    Export.objects.filter(ends_at__lte=now, asked_at__lte=now - DAY).delete()
    wanted = {str(id) for id in Export.objects.values_list("id", flat=True)}
    for path in _folder().iterdir():
        if path.name[:36] not in wanted:
            path.unlink(missing_ok=True)


def begin_due(now: datetime) -> None:
    """Let a thread of its own write what is asked for, one after the other: other chores do not wait for films."""
    if _claimable(now).exists() and _busy.acquire(blocking=False):
        threading.Thread(target=_work, name="export", daemon=True).start()


def _work() -> None:
    try:
        while write_next():
            pass
    except Exception:
        log.exception("no export could be written")
    finally:
        connections.close_all()
        _busy.release()


def write_next() -> bool:
    """Write the export that has waited longest; False when none waits."""
    now = clock.now()
    found = _claimable(now).order_by("asked_at").select_related("user").first()
    if found is None:
        return False
    until = now + LEASE
    if _claimable(now).filter(pk=found.pk).update(state="writing", lease_until=until, done=0, parts=0):
        found.lease_until = until
        _write(found)
    return True


def _claimable(now: datetime) -> QuerySet[Export]:
    return Export.objects.filter(Q(state="waiting") | Q(state="writing", lease_until__lt=now), ends_at=None)


def _write(export: Export) -> None:
    coming = _folder() / f"{export.pk}.{os.getpid()}.part"
    coming.unlink(missing_ok=True)
    try:
        pack(export.user_id, export.user.language, coming, _Beat(export).beat)
        _keep(export, coming)
    except Lost:
        log.info("an export was given up", export=str(export.pk))
    except Exception as error:
        log.exception("an export could not be written", export=str(export.pk))
        _fail(export, _reason(error))
    finally:
        coming.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, Away):
        return AWAY
    return NO_ROOM if isinstance(error, OSError) else BROKE


class _Beat:
    """Says now and then how far it is, and keeps the lease."""

    def __init__(self, export: Export) -> None:
        self._export, self._pace = export, clock.Pace(BEAT)

    def beat(self, done: int, parts: int) -> None:
        if self._pace.turn():
            _hold(self._export, done=done, parts=parts, lease_until=clock.now() + LEASE)


def _hold(export: Export, **changes: object) -> None:
    """Change the row as long as it is ours; raises Lost."""
    ours = Export.objects.filter(pk=export.pk, state="writing", lease_until=export.lease_until)
    if not ours.update(**changes):
        raise Lost
    for name, value in changes.items():
        setattr(export, name, value)


def _keep(export: Export, coming: Path) -> None:
    """The archive becomes fetchable: first its bytes are safe, then it has its name, then the row says so."""
    with coming.open("rb") as file:
        os.fsync(file.fileno())
    _hold(export, lease_until=clock.now() + LEASE)
    coming.replace(file_of(export.pk))
    now = clock.now()
    ends_at, size = now + timedelta(days=settings().export_days), file_of(export.pk).stat().st_size
    _hold(export, state="ready", ready_at=now, ends_at=ends_at, size=size, done=export.parts, lease_until=None)
    _tell(export)


def _fail(export: Export, reason: str) -> None:
    ours = Export.objects.filter(pk=export.pk, state="writing", lease_until=export.lease_until)
    ours.update(state="failed", reason=reason, lease_until=None, ends_at=clock.now() + DAY)


def _tell(export: Export) -> None:
    """On the page; and by mail, unless the person wishes it later or not at all."""
    user = export.user
    tell_user(user, "export", Occasion("export", export.pk, str(export.pk)))
    if not (settings().mail and user.mailed and wishes_of(user)["export"].mail == "at_once"):
        return
    with translation.override(user.language):
        text = _("Your export is ready. Fetch it here within %(n)d days:") % {"n": settings().export_days}
        words = f"{text}\n\n{settings().url}{reverse('exports')}\n\n{mail.foot(user, KIND)}"
        deliver(_("Your export is ready"), words, user.email, mail.headers(user, KIND))
