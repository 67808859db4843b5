"""Tell who may publish of what is overdue: once of each post and time, and not of what they were told of already."""

from datetime import datetime, timedelta
from uuid import UUID

from tidings.deliveries import watch
from tidings.deliveries.models import NEEDS_A_PERSON
from tidings.notifications.models import Notification
from tidings.notifications.tell import Occasion, tell

SINCE = timedelta(days=3)  # what has been late for longer than a weekend, and was not told, people have found by now
MOST = 500  # posts in one round
STOPPED = (*NEEDS_A_PERSON, "cancelled")  # a part before it that waits for a person: that was told


def tell_overdue(now: datetime) -> int:
    """A chore: how many posts are told that were not before. A channel that is paused was told, or is as they wish."""
    late = watch.overdue(now).filter(channel__paused="", due_at__gt=now - SINCE).exclude(after__state__in=STOPPED)
    rows = late.order_by("due_at").values_list("workspace", "post", "due_at").distinct()[:MOST]
    found = {f"{post}:{due:%Y%m%dT%H%M}": (workspace, post) for workspace, post, due in rows}
    new = found.keys() - _told(now) if found else ()
    fresh: dict[UUID, list[Occasion]] = {}
    for mark in sorted(new):
        workspace, post = found[mark]
        fresh.setdefault(workspace, []).append(Occasion("post", post, mark))
    for workspace, occasions in fresh.items():
        tell(workspace, "overdue", occasions)
    return len(new)


def _told(now: datetime) -> set[str]:
    """The marks that somebody was told of since anything that is asked for was due."""
    rows = Notification.objects.filter(kind="overdue", at__gt=now - SINCE)
    return set(rows.order_by().values_list("mark", flat=True).distinct())
