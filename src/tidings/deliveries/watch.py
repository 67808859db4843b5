"""The watchdog: what should have come to an end by now and has not, and why."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, Q, QuerySet
from django.utils import timezone
from django.utils.dateformat import format as spelled
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tidings.core import clock
from tidings.deliveries.models import NEEDS_A_PERSON, UNDER_WAY, WITHOUT_END, Delivery, Node
from tidings.deliveries.nodes import SILENCE
from tidings.speech import translated
from tidings.workspaces.models import Workspace

LATE = timedelta(minutes=15)


def overdue(now: datetime, workspace: Workspace | None = None) -> QuerySet[Delivery]:
    """What was due a quarter of an hour ago, is not out, and does not itself wait for a decision; the oldest first.

    What a person has called up since gets its quarter of an hour from then.
    """
    found = Delivery.objects.filter(late(now))
    if workspace is not None:
        found = found.filter(workspace=workspace)
    working = Exists(Node.objects.filter(beat_at__gt=now - SILENCE))
    whole = found.select_related("post", "item", "channel", "after")
    return whole.annotate(working=working, goes_on_at=F("channel__lane__wake_at")).order_by("due_at", "id")


def late(now: datetime) -> Q:
    """The same, as what a delivery must be."""
    limit = now - LATE
    untried = Q(state="waiting", tries=0) | Q(state="sending", tries=1)
    called_up = untried & Q(again_at__gt=limit, again_at__lte=now)
    return WITHOUT_END & Q(state__in=UNDER_WAY, due_at__lte=limit) & ~called_up


def why(delivery: Delivery) -> str:
    """What one of `overdue` waits for, as a sentence in the reader's language and zone."""
    return _closed_gate(delivery) or _what_it_waits_for(delivery)


def _closed_gate(delivery: Delivery) -> str:
    if delivery.channel.paused:
        return _("The channel is paused: %(reason)s") % {"reason": translated(delivery.channel.paused)}
    if delivery.post.stage != "approved":
        return _("The post is not approved.")
    before = delivery.after
    if before is None or before.state == "delivered":
        return ""
    if before.state in NEEDS_A_PERSON:
        return _("The part before it waits for a decision.")
    if before.state == "cancelled":
        return _("The part before it was cancelled.")
    return _("The part before it is not out yet.")


def _what_it_waits_for(delivery: Delivery) -> str:
    if not delivery.working:  # type: ignore[attr-defined]  # annotated
        return _("No worker is running.")
    if delivery.state == "sending":
        return _("It is being published just now.")
    if delivery.state == "settling":
        return _("The network is still working on it.")
    if delivery.again_at > clock.now():
        again = _("It is tried again at %(time)s.") % {"time": _time(delivery.again_at)}
        return f"{translated(delivery.reason)} {again}".strip()
    goes_on_at: datetime | None = delivery.goes_on_at  # type: ignore[attr-defined]  # annotated
    if goes_on_at and goes_on_at > clock.now():
        time = {"time": _time(goes_on_at)}
        return _("Others of its channel come first, or the network takes no more; it goes on by %(time)s.") % time
    return _("Its turn has come; others are ahead of it.")


def _time(instant: datetime) -> str:
    """The time of day, and the day unless it is today."""
    at, today = timezone.localtime(instant), timezone.localtime(clock.now()).date()
    day = "" if at.date() == today else f"{spelled(at, pgettext('date format', 'D j M'))}, "
    return f"{day}{at:%H:%M}"
