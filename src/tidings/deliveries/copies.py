"""Make the copies of posts that repeat, when their time comes: once each, however many nodes look. What stands in the
way is kept on the repeat, for people to read, and the next time is tried all the same."""

from copy import copy
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tidings.channels.models import Channel
from tidings.deliveries.queue import next_free
from tidings.deliveries.repeat import AHEAD, first_at, look_at, next_copy
from tidings.deliveries.schedule import NotReady, Refused, schedule
from tidings.notifications.tell import Occasion, tell
from tidings.posts.compose import Busy, Invalid
from tidings.posts.copy import again
from tidings.posts.models import Post, Repeat
from tidings.workspaces.models import Member

MOST = 200  # of one round
SOON = timedelta(hours=24)  # a free slot within this is filled by an evergreen post
AGAIN = timedelta(minutes=30)  # until an evergreen post looks for a slot again


def copy_due(now: datetime) -> int:
    """Every copy whose time has come; how many were looked at."""
    for number in range(MOST):
        due = Repeat.objects.filter(next_at__lte=now).select_related("post__workspace", "by")
        row = due.order_by(F("last_at").asc(nulls_first=True), "next_at").first()  # the one that rested longest
        if row is None:
            return number
        _look(row, now)
    return MOST


@transaction.atomic
def _look(row: Repeat, now: datetime) -> None:
    """One of them. Whoever comes second to the row finds its time moved on, and does nothing."""
    list(Post.objects.filter(pk=row.post_id).select_for_update(no_key=True))  # before its channels, as everywhere
    channels = _live_channels(row)
    at = _slot(row, channels, now) if row.kind == "evergreen" else _turn(row, now)
    if at is None:
        _later(row, now)
    elif _taken(row, at):
        _copy(row, at, channels)


def _live_channels(row: Repeat) -> list[Channel]:
    """The channels that are not paused; held, so that no two give away one slot."""
    mine = Channel.objects.filter(pk__in=row.post.channels.values("pk"), paused="").select_related("workspace")
    return list(mine.order_by("pk").select_for_update(no_key=True, of=("self",)))


def _turn(row: Repeat, now: datetime) -> datetime | None:
    """The next of one at an interval. What was missed while nobody looked is left out."""
    at = next_copy(row, max(row.last_at or now, now))
    return at if at and at - AHEAD <= now else None


def _slot(row: Repeat, channels: list[Channel], now: datetime) -> datetime | None:
    """A free slot soon enough, when it has rested."""
    if not channels or _ended(row, now):
        return None
    at = next_free(channels, max(now, _rested(row) - timedelta(seconds=1)))
    return at if at and at <= now + SOON else None


def _rested(row: Repeat) -> datetime:
    last = row.last_at or first_at(row.post) or row.post.changed_at
    return last + timedelta(days=row.rest_days)


def _ended(row: Repeat, now: datetime) -> bool:
    return (row.until is not None and row.until < now) or (row.times is not None and row.made >= row.times)


def _later(row: Repeat, now: datetime) -> None:
    """Nothing to do yet."""
    when = look_at(row, max(row.last_at or now, now))
    if row.kind == "evergreen":
        when = None if _ended(row, now) else max(now + AGAIN, _rested(row) - SOON)
    Repeat.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=when)


def _taken(row: Repeat, at: datetime) -> bool:
    """Whether this copy is ours to make; the next one's time stands from then on."""
    made = copy(row)
    made.last_at, made.made = at, row.made + 1
    when = at + timedelta(days=row.rest_days) - SOON if row.kind == "evergreen" else look_at(made, at)
    mine = Repeat.objects.filter(pk=row.pk, next_at=row.next_at)
    return bool(mine.update(next_at=when, last_at=at, made=F("made") + 1, reason=""))


def _copy(row: Repeat, at: datetime, channels: list[Channel]) -> None:
    """Write it and schedule it, in the name of whoever set it up, who must still be allowed to."""
    try:
        with transaction.atomic():
            schedule(_member(row), _written(row, at, channels), at)
    except (Refused, NotReady, Invalid, Busy, PermissionDenied) as error:
        told = error.found[0].problem.message if isinstance(error, NotReady) else str(error)
        if isinstance(error, PermissionDenied):
            told = _("Whoever set this up may not publish any more.")
        Repeat.objects.filter(pk=row.pk).update(reason=told[:300], made=F("made") - 1)
        tell(row.workspace_id, "repeat", [Occasion("post", row.post_id, f"{row.pk} {at.isoformat()}")])


def _member(row: Repeat) -> Member:
    whole = Member.objects.select_related("workspace", "user")
    found = whole.filter(workspace=row.workspace_id, user=row.by_id).first()
    if found is None:
        raise Refused(_("Whoever set this up has left the workspace. Somebody else can set it up anew."))
    return found


def _written(row: Repeat, at: datetime, channels: list[Channel]) -> Post:
    if not channels:
        raise Refused(_("Each of its channels is paused."))
    post = again(_member(row), row.post, at)
    post.channels.set(channels)
    return post
