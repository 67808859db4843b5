"""What a network gave us of a person goes at once when the network says that the person wants it.

The worker does it once more, and with it what is better done beside the pages: the ledger, the database's old bytes.
"""

from collections import Counter
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.crypto import salted_hmac

from tidings.channels.hear import Told
from tidings.core import clock
from tidings.networks.base import Network
from tidings.networks.seam import Notice
from tidings.privacy import ledger
from tidings.privacy.erase import pending, purge
from tidings.privacy.models import Erasure


@transaction.atomic
def erase(speaks: type[Network], notice: Notice, told: Told) -> Erasure:
    """Erase it; the same notice again finds the erasure that it led to. What the workspace wrote stays."""
    code = salted_hmac("tidings.privacy.heard", notice.body, algorithm="sha256").hexdigest()[:32]
    known = Erasure.objects.filter(code=code).first()
    if known:
        return known
    sign_ins = {channel.sign_in for channel in told.channels}
    unknown = uuid5(NAMESPACE_URL, f"{speaks.name}:{':'.join(told.people)}")
    subject = min(sign_ins, default=unknown)
    for channel in told.channels:
        ledger.put("channel", channel.pk)  # an older backup has it by another sign-in
    purge("network", subject)
    return _asked(subject, code, _others(sign_ins - {subject}))


def _others(sign_ins: set[UUID]) -> Counter[str]:
    """What the same person connected at other times."""
    counts: Counter[str] = Counter()
    for sign_in in sign_ins:
        ledger.put("network", sign_in)
        counts += Counter(purge("network", sign_in))
    return counts


def _asked(subject: UUID, code: str, counts: Counter[str]) -> Erasure:
    """For the worker, and for the page that says how far it is."""
    now = clock.now()
    fresh = {"code": code, "asked_at": now, "due_at": now, "counts": dict(counts)}
    return pending("network", subject) or Erasure.objects.create(kind="network", subject=subject, **fresh)
