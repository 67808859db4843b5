"""What is right after a restore: what may have gone out since the backup goes out only when a person says so."""

from datetime import datetime, timedelta

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat, Left

from tidings.core import clock
from tidings.deliveries.models import Delivery, Lane
from tidings.privacy.models import Erasure
from tidings.settings import settings

TRIED = Q(state__in=("sending", "settling")) | Q(state="waiting", journal__has_key="commit")
LONGEST = 500


def decide(made_at: datetime, hold_all: bool) -> dict[str, int]:
    """Nothing is published twice: how many deliveries are unsure now, held back, and wait as they did.

    Being sent: it surely went on, so nobody can know. Due by now: it may have gone out. Failed and held ones may have
    been sent again by somebody; they wait for a person anyway, who is told.
    """
    now, note = clock.now(), f"Restored from a backup of {made_at:%Y-%m-%d %H:%M} UTC: it may have gone out since then."
    free = {"lease_owner": "", "lease_until": None}
    waiting_for_a_person = Delivery.objects.filter(state__in=("failed", "held", "unsure"))
    waiting_for_a_person.update(
        reason=Left(Concat(Value(f"{note} "), F("reason"), output_field=CharField()), LONGEST)
    )
    unsure = Delivery.objects.filter(TRIED).update(state="unsure", reason=note, **free)
    waiting = Delivery.objects.filter(state="waiting")
    doubtful = waiting if hold_all else waiting.filter(due_at__lte=now)
    held = doubtful.update(state="held", reason=note, again_at=now, **free)
    Lane.objects.update(wake_at=now)
    _grace(now)
    return {"unsure": unsure, "held": held, "waiting": waiting.count()}


def _grace(now: datetime) -> None:
    """A wish to be erased may have been taken back since: whoever made it has the days of grace once more."""
    later = now + timedelta(days=max(settings().erase_days, 1))
    Erasure.objects.filter(stopped_at=None, done_at=None, due_at__lt=later).update(due_at=later)
