"""Repeat a post: set it up, look at it, stop it. The copies are made by tidings.deliveries.copies."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from tidings.core import clock, zones
from tidings.deliveries.recur import following
from tidings.deliveries.schedule import Refused
from tidings.posts.models import Post, Repeat
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

AHEAD = timedelta(days=7)  # so long before its time a copy stands on the calendar
UNITS = tuple(unit for unit, _label in Repeat.UNITS)
MOST_DAYS, MOST_TIMES = 365, 1000


@dataclass(frozen=True)
class Plan:
    """How often, how long. `every` and `unit` of one at an interval, `rest_days` of an evergreen one."""

    kind: str
    every: int = 1
    unit: str = "week"
    zone: str = "UTC"
    rest_days: int = 30
    until: datetime | None = None
    times: int | None = None


@transaction.atomic
def repeat(member: Member, post: Post, plan: Plan) -> Repeat:
    """Repeat it from now on, in the member's name; in place of what was set up before. Raises Refused."""
    require(member, "publish")
    post = Post.objects.select_for_update().get(pk=post.pk)
    _sane(plan)
    begun = first_at(post)
    if begun is None:
        raise Refused(_("Give the post a time first; it repeats from there."))
    made = Repeat(
        post=post, workspace_id=post.workspace_id, by=member.user, kind=plan.kind, every=plan.every, unit=plan.unit,
        zone=plan.zone, rest_days=plan.rest_days, until=plan.until, times=plan.times,
    )  # fmt: skip
    made.last_at = post.copies.aggregate(last=Max("wish_at"))["last"]  # of before it was set up anew
    after = max(begun, clock.now(), made.last_at or begun)
    made.next_at = clock.now() if plan.kind == "evergreen" else look_at(made, after)
    if made.next_at is None:
        raise Refused(_("It would end before it is repeated once. Choose a later end."))
    Repeat.objects.filter(post=post).delete()
    made.save(force_insert=True)
    record(member, member.workspace_id, "repeated", "post", post.pk, kind=plan.kind)
    return made


@transaction.atomic
def stop(member: Member, post: Post) -> None:
    """No more copies; those that are there stay. Raises Refused when it does not repeat."""
    require(member, "publish")
    if not Repeat.objects.filter(post=post).delete()[0]:
        raise Refused(_("This post does not repeat."))
    record(member, member.workspace_id, "unrepeated", "post", post.pk)


def _sane(plan: Plan) -> None:
    if plan.kind not in ("every", "evergreen") or plan.unit not in UNITS or plan.zone not in zones.known():
        raise Refused(_("Choose how it repeats: at an interval, or into free slots."))
    if not (1 <= plan.every <= MOST_DAYS and 1 <= plan.rest_days <= MOST_DAYS):
        raise Refused(_("Choose a number from 1 to %(most)d.") % {"most": MOST_DAYS})
    if plan.times is not None and not 1 <= plan.times <= MOST_TIMES:
        raise Refused(_("Choose a number from 1 to %(most)d.") % {"most": MOST_TIMES})


def first_at(post: Post) -> datetime | None:
    """When the post itself goes out, or did; from there its copies are reckoned."""
    live = post.deliveries.filter(item__position=0).exclude(state="cancelled")
    return live.aggregate(first=Min("due_at"))["first"] or post.wish_at


def next_copy(row: Repeat, after: datetime) -> datetime | None:
    """When the next copy after this instant is meant for; None: there is none any more, or a slot decides."""
    begun = first_at(row.post)
    if begun is None or row.kind == "evergreen" or (row.times is not None and row.made >= row.times):
        return None
    at = following(begun, row.every, row.unit, zones.zone(row.zone), max(begun, after))
    return None if row.until and at > row.until else at


def look_at(row: Repeat, after: datetime) -> datetime | None:
    """When that copy is to be made."""
    at = next_copy(row, after)
    return at and at - AHEAD


def since(row: Repeat) -> datetime:
    """After what the next copy comes: the last one, and this moment."""
    return max(row.last_at or clock.now(), clock.now())
