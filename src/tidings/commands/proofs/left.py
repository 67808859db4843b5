"""What is left lying about: nothing that ended, nothing that is nobody's, no key that opens what it should not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Max

from tidings.commands.proofs.said import MOST, Proof, few
from tidings.core import clock, secrets
from tidings.media.models import Media, Rendition
from tidings.media.store import store
from tidings.privacy import keyfile, ledger, rewrap
from tidings.settings import settings
from tidings.workspaces import audit
from tidings.workspaces.locks import FREE, LOGIN, PLACE
from tidings.workspaces.models import AuditEntry, Invitation, User, Workspace

LATE = timedelta(days=2)  # the worker sweeps now and then, and what is a day old at the earliest
INVITED_BEFORE = timedelta(days=31)
CHAINS = 50  # workspaces whose audit log is read
MODELS = {"user": User, "workspace": Workspace}


def locks() -> Iterator[Proof]:
    """Whoever guesses is held back."""
    now = clock.now()
    faults = [f"{lock} lets everybody guess" for lock in (LOGIN, PLACE) if lock.wait([now] * lock.free, now) <= FREE]
    yield Proof("1.logs", "locks that hold back whoever guesses", 2, few(faults))


def chains() -> Iterator[Proof]:
    """No entry of an audit log was changed, taken out or put in."""
    last = AuditEntry.objects.values("workspace").annotate(last=Max("number")).order_by("?")[:CHAINS]
    logs = [(row["workspace"], max(row["last"] - MOST, 0)) for row in last]
    broken = [(workspace, audit.verify(workspace, after)) for workspace, after in logs]
    faults = (f"workspace {workspace}, entry {number}" for workspace, number in broken if number)
    yield Proof("1.logs", "audit logs of workspaces, each an unbroken chain", len(logs), few(faults))


def ended() -> Iterator[Proof]:
    """Sessions, invitations and mails go when they have ended."""
    before = clock.now() - LATE
    late = {
        "sessions": Session.objects.filter(expire_date__lt=before).count(),
        "browsers without a session": UserSession.objects.filter(last_seen_at__lt=before).exclude(
            session_key__in=Session.objects.values("session_key")
        ).count(),
        "invitations": Invitation.objects.filter(ends_at__lt=before - INVITED_BEFORE).count(),
        "mails": sum(_since(path) < before - timedelta(days=settings().log_days) for path in _mails()),
    }
    here = Session.objects.count() + Invitation.objects.count() + len(_mails())
    faults = (f"{count:,} {name} are past their end" for name, count in late.items() if count)
    yield Proof("1.logs", "sessions, invitations and mails, none past its end", here, few(faults))


def _mails() -> list[Path]:
    return list((settings().home / "mail").glob("*.eml"))


def _since(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, clock.now().tzinfo)


def stored() -> Iterator[Proof]:
    """Every stored file is of a row."""
    keys = [key for key, since in islice(store().kept(), MOST) if since < (clock.now() - LATE).timestamp()]
    known = {*Media.objects.filter(key__in=keys).values_list("key", flat=True)}
    known |= {*Media.objects.filter(thumbnail__in=keys).values_list("thumbnail", flat=True)}
    known |= {*Rendition.objects.filter(key__in=keys).values_list("key", flat=True)}
    strays = few(f"{key} is of nobody" for key in keys if key not in known)
    yield Proof("4.account", "stored files, each of a picture or film that is here", len(keys), strays)


def backups() -> Iterator[Proof]:
    """The keys of backups open what those have of who is here, and no copy of the database has who is gone."""
    owners = [owner.split(":") for owner in keyfile.read() if owner != keyfile.INSTANCE]
    here = {kind: set(map(str, model._base_manager.values_list("pk", flat=True))) for kind, model in MODELS.items()}
    faults = [f"a key of {kind} {id}, who is not here" for kind, id in owners if id not in here[kind]]
    yield Proof("4.backup", "keys that open backups, each of somebody who is here", len(owners), few(faults))
    copies = _copies()
    last = max((datetime.fromisoformat(entry.at) for entry in ledger.every() if entry.at), default=None)
    old = [f"{path.name} has who was erased since: delete it" for path in copies if last and last > _since(path)]
    yield Proof("4.backup", "databases that a restore put aside", len(copies), few(old))


def _copies() -> list[Path]:
    if connection.vendor != "sqlite":
        return []
    real = Path(connection.settings_dict["NAME"])
    return list(real.parent.glob(f"{real.name}.before-*"))


def ring() -> Iterator[Proof]:
    """No key is kept that was to be exchanged."""
    keys, wraps = secrets.ring(), rewrap.counted()
    file = settings().home / "keys.json"
    late = file.exists() and not settings().keys and _since(file) < clock.now() - LATE
    old = [name for name in keys.keys if name != keys.last and (late or not wraps[name])]
    faults = (f"key {name} was exchanged and still wraps {wraps[name]:,}: run `tidings keys rotate`" for name in old)
    yield Proof("5.rest", "keys in the ring, none left over from a rotation", len(keys.keys), few(faults))
