"""What goes when access ends: the secrets at once, and what a network told of a person when its terms want that."""

from datetime import datetime

from django.db.models import Q, QuerySet

from tidings import networks
from tidings.channels.models import Channel, Portrait
from tidings.core import clock
from tidings.database.scour import scour

EXPIRED = "Its access was not confirmed for as long as the network's terms allow. Connect it again."


def secrets(rows: QuerySet[Channel], reason: str) -> int:
    """Their secrets are gone, and they stand still for this reason; how many."""
    return rows.update(
        sealed="", token_ends_at=None, refresh_again_at=None, refresh_lease=None, paused=reason, paused_at=clock.now()
    )


def expire_due(now: datetime) -> int:
    """Forget what networks told that want it confirmed or forgotten within a time; how many channels it was of."""
    return sum(_expire(stale) for stale in _stale(now))


def _stale(now: datetime) -> list[QuerySet[Channel]]:
    strict = [(speaks.name, speaks.reverify) for speaks in networks.every().values() if speaks.reverify]
    known = ~Q(handle="") | ~Q(name="") | ~Q(sealed="")
    return [Channel.objects.filter(known, network=name, verified_at__lt=now - within) for name, within in strict]


def _expire(rows: QuerySet[Channel]) -> int:
    """The id stays: by it the channel, and what the workspace published there, is known when it is connected again."""
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return 0
    gone = Channel.objects.filter(pk__in=ids)
    secrets(gone, EXPIRED)
    Portrait.objects.filter(channel__in=ids).delete()
    gone.update(handle="", name="", avatar="", portrait="", portrait_of="", url="", server={})
    scour()
    return len(ids)
