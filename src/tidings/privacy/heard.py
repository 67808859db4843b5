"""What a network gave us of a person goes at once when the network says that the person wants it."""

from collections import Counter
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.crypto import salted_hmac

from tidings.channels.hear import Told
from tidings.core import clock
from tidings.networks.base import Network
from tidings.networks.seam import Notice
from tidings.privacy import ledger, scour
from tidings.privacy.erase import pending, purge
from tidings.privacy.models import Erasure


def erase(speaks: type[Network], notice: Notice, told: Told) -> Erasure:
    """Erase it; the same notice again finds the erasure that it led to. What the workspace wrote stays."""
    code = salted_hmac("tidings.privacy.heard", notice.body, algorithm="sha256").hexdigest()[:32]
    erasure = Erasure.objects.filter(code=code).first()
    if erasure is None or erasure.done_at is None:
        erasure = _carried_out(erasure or _begun(speaks, code, told), told)
    return erasure


@transaction.atomic
def _begun(speaks: type[Network], code: str, told: Told) -> Erasure:
    """By the sign-in; of a person who is not known here, by what the network calls them."""
    unknown = uuid5(NAMESPACE_URL, f"{speaks.name}:{':'.join(told.people)}")
    subject, now = min(_sign_ins(told), default=unknown), clock.now()
    under_way = pending("network", subject)
    return under_way or Erasure.objects.create(kind="network", subject=subject, code=code, asked_at=now, due_at=now)


def _sign_ins(told: Told) -> set[UUID]:
    return {channel.sign_in for channel in told.channels}


def _carried_out(erasure: Erasure, told: Told) -> Erasure:
    """Each sign-in is written into the ledger before it is purged: a restored backup brings none of it back."""
    counts: Counter[str] = Counter(erasure.counts)
    for sign_in in sorted(_sign_ins(told) | {erasure.subject}):
        ledger.put("network", sign_in)
        counts += Counter(purge("network", sign_in))
    scour.scour(counts)
    erasure.counts, erasure.done_at = dict(counts), clock.now()
    erasure.save(update_fields=("counts", "done_at"))
    return erasure
