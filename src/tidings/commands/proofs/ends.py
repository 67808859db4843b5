"""4 · How long it is kept: nothing of who is here is missing, nothing of who is gone is left."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import Channel, Revocation
from tidings.commands.proofs.said import Proof, few, sample
from tidings.core import clock
from tidings.media.models import Media
from tidings.media.store import store
from tidings.privacy import keyfile, ledger
from tidings.privacy.datamap import TABLES
from tidings.privacy.models import Erasure
from tidings.privacy.named import named
from tidings.settings import settings
from tidings.workspaces.models import User, Workspace

PATIENCE = timedelta(hours=2)  # a purge waits for what is being sent
MOST_DAYS = 7
OWNERS = {"user": User, "workspace": Workspace}


def people() -> Iterator[Proof]:
    """Everybody who registered and was not erased can still sign in."""
    people = User.objects.exclude(pk__in=named().values("pk"))
    off = people.filter(is_active=False).values_list("pk", flat=True)
    yield Proof("4.retention", "people, none switched off", people.count(), few(map(str, off)))


def media() -> Iterator[Proof]:
    """The files of the library are there."""
    rows = sample(Media.objects.exclude(key=""))
    yield Proof("4.retention", "files of the library that are there", len(rows), few(_missing(rows)))


def _missing(rows: list[Media]) -> Iterator[str]:
    for row in rows:
        try:
            store().open(row.key).close()
        except FileNotFoundError:
            yield f"media {row.pk}"


def channels() -> Iterator[Proof]:
    """A channel that was disconnected has no secret left, and the row of its end at the network holds none."""
    rows = Channel.objects.filter(paused=DISCONNECTED)
    left = rows.exclude(sealed="") | rows.exclude(app=None)
    yield Proof("4.channel", "disconnected channels without a secret", rows.count(), few(str(row.pk) for row in left))
    ended = Revocation.objects.exclude(given_up_at=None, done_at=None).count()
    waiting = Revocation.objects.filter(
        done_at=None, given_up_at=None, asked_at__lt=clock.now() - timedelta(days=1)
    )
    faults = few(f"{row.network}, asked {row.asked_at:%F}" for row in waiting)
    yield Proof("4.channel", "ends of access that networks were told, none forgotten", ended, faults)


def erasures() -> Iterator[Proof]:
    """Nobody waits longer than was promised, and who was erased is not there."""
    asked = Erasure.objects.filter(stopped_at=None)
    due = asked.filter(done_at=None, due_at__lt=clock.now() - PATIENCE)
    faults = [f"{erasure.kind} {erasure.subject} is overdue since {erasure.due_at:%F %T}" for erasure in due]
    faults += [f"TIDINGS_ERASE_DAYS is {settings().erase_days}"] if settings().erase_days > MOST_DAYS else []
    yield Proof("4.account", "wishes to be erased, none overdue", asked.count(), few(faults))
    done = asked.exclude(done_at=None)
    left = [f"{kind} {subject}" for kind, subject in done.values_list("kind", "subject") if _there(kind, subject)]
    yield Proof("4.account", "erasures, of whom no row is left", done.count(), few(left))


def _there(kind: str, subject: UUID) -> bool:
    tables = (table for table in TABLES if table.owner == kind and table.by)
    return any(table.of(subject).exists() for table in tables)


def remembered() -> Iterator[Proof]:
    """Whom the ledger names is not in the database, and no key opens what old backups hold of them."""
    entries, keys = ledger.every(), keyfile.read()
    back = [f"{e.kind} {e.subject} is back" for e in entries if _there(e.kind, UUID(e.subject)) and _finished(e)]
    back += [f"{e.kind} {e.subject} has a key" for e in entries if f"{e.kind}:{e.subject}" in keys and _finished(e)]
    yield Proof("4.backup", "entries of the ledger of erasures", len(entries), few(back))


def _finished(entry: ledger.Entry) -> bool:
    """Not under way: the ledger is written first."""
    return not Erasure.objects.filter(kind=entry.kind, subject=entry.subject, stopped_at=None, done_at=None).exists()
