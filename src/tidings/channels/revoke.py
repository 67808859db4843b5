"""End access at the network once it is gone here. What is not confirmed at once is tried again, by this process alone.

The access lives in its memory only; the table knows what was tried, and nothing that opens anything.
"""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connections
from django.db.models import F, Q, QuerySet

from tidings import networks, outside
from tidings.channels.models import Channel, Revocation
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.networks.base import Access, Network
from tidings.networks.errors import Reaction, Reconnect, Rejected

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 90, 240, 540))  # between the tries; then it is given up
FORLORN = timedelta(minutes=30)  # after which no process can be trying any more
SEEN, KEPT = timedelta(days=1), timedelta(days=30)  # how long it is told: what was confirmed, and the rest
MOST = 500  # in memory at once
AT_ONCE = 8
LOOK = 5.0  # seconds
NO_WAY = "It offers no way to end access from here."
LOST = "It could not be confirmed."

log = structlog.get_logger()


@dataclass
class Pending:
    """One that is tried again."""

    speaks: type[Network]
    access: Access = field(repr=False)
    at: datetime
    tries: int = 1


_pending: dict[UUID, Pending] = {}
_lock = threading.Lock()
_ended = threading.Event()


def begin(row: Revocation, speaks: type[Network], access: Access) -> bool:
    """The first try; whether the network confirmed it."""
    if not speaks.has("revoke"):
        _give_up(row.pk, NO_WAY)
        return False
    return _try(row.pk, Pending(speaks, access, clock.now()))


def _try(id: UUID, one: Pending) -> bool:
    reason, again = _told(one.speaks, one.access)
    Revocation.objects.filter(pk=id).update(tries=F("tries") + 1, reason=reason[:300])
    if not reason:
        Revocation.objects.filter(pk=id).update(done_at=clock.now())
    elif not again or one.tries > len(PAUSES) or len(_pending) >= MOST:
        _give_up(id, reason)
    else:
        one.at, one.tries = clock.now() + PAUSES[one.tries - 1], one.tries + 1
        with _lock:
            _pending[id] = one
    return not reason


def _told(speaks: type[Network], access: Access) -> tuple[str, bool]:
    """Why the network could not be told, and whether that may pass; nothing when it was."""
    try:
        speaks(access, outside.door(), "revoke").revoke()
    except Reaction as reaction:
        log.warning("access was not revoked at the network", network=speaks.name, because=type(reaction).__name__)
        return reaction.reason or LOST, not isinstance(reaction, Rejected | Reconnect)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return f"The answer was not understood ({type(error).__name__}).", True
    return "", False


def _give_up(id: UUID, reason: str) -> None:
    Revocation.objects.filter(pk=id).update(given_up_at=clock.now(), reason=reason[:300])


def try_due(now: datetime) -> int:
    """Try again what is due; how many were confirmed."""
    with _lock:
        due = {id: _pending.pop(id) for id, one in list(_pending.items()) if one.at <= now}
    return sum(_try(id, one) for id, one in due.items())


def start() -> None:
    """Look after it beside the pages, until `end`."""
    _ended.clear()
    threading.Thread(target=_run, name="revoke", daemon=True).start()


def _run() -> None:
    while not _ended.wait(LOOK):
        if not _pending:
            continue
        try:
            try_due(clock.now())
        except Exception:
            log.exception("revocations could not be tried again")
        connections.close_all()


def end() -> None:
    """The process ends: what is still open cannot be confirmed any more, since nobody else has the access."""
    _ended.set()
    with _lock:
        left = list(_pending)
        _pending.clear()
    for id in left:
        _give_up(id, LOST)


def tidy(now: datetime) -> None:
    """Say so of what a process left open that ended without a word, and forget what is long past: whose profile it was
    sooner than that something is still to be done."""
    open_still = Revocation.objects.filter(done_at=None, given_up_at=None, asked_at__lt=now - FORLORN)
    open_still.update(given_up_at=now, reason=LOST)
    Revocation.objects.filter(Q(asked_at__lt=now - KEPT) | Q(done_at__lt=now - SEEN)).delete()
    named = Revocation.objects.exclude(given_up_at=None).exclude(handle="").order_by()
    for name in set(named.values_list("network", flat=True)):
        within = networks.every().get(name, Network).erasure
        named.filter(network=name, given_up_at__lt=now - within).update(handle="")


def others(channel: Channel) -> QuerySet[Channel]:
    """Channels that stay connected by the same access: to end it at the network would end it for them, too."""
    same = Q(workspace=channel.workspace_id, sign_in=channel.sign_in)
    if channel.speaks.one_grant and channel.person_id and channel.app:
        kin, app = channel.speaks.kin or (channel.network,), channel.app.client_id
        same |= Q(network__in=kin, person_id=channel.person_id, app__client_id=app)
    return Channel.objects.filter(same).exclude(sealed="").exclude(pk=channel.pk)


def all_of(workspace: UUID, seconds: float = 20.0) -> int:
    """End the access of all channels of a workspace that is about to go, as far as that is possible in this time."""
    rows = Channel.objects.filter(workspace=workspace).exclude(sealed="").select_related("workspace", "app")
    once = {row.sign_in: row for row in rows if row.speaks.has("revoke") and not _elsewhere(row)}
    doomed = [(row.speaks, access) for row in once.values() if (access := _access(row))]
    pool = ThreadPoolExecutor(AT_ONCE, "revoke")
    told = [pool.submit(_told, *one) for one in doomed]
    done, _late = wait(told, seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return sum(not one.cancelled() and not one.exception() and not one.result()[0] for one in done)


def _elsewhere(channel: Channel) -> bool:
    return others(channel).exclude(workspace=channel.workspace_id).exists()


def _access(channel: Channel) -> Access | None:
    try:
        return channel.access()
    except CannotOpen:
        return None
