"""One act for many posts: each in a transaction of its own, by the verb for a single one, so that nothing is half done.

What cannot be done is told post by post. Whatever moves keeps its time of day as the person's clocks show it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tidings.core import zones
from tidings.deliveries import schedule as verbs
from tidings.deliveries.calendar import first_words
from tidings.deliveries.schedule import MOVABLE, NotReady, Refused
from tidings.posts.compose import Busy, Invalid, discard
from tidings.posts.models import Post, written
from tidings.speech import translated
from tidings.workspaces import tags
from tidings.workspaces.audit import record
from tidings.workspaces.members import Refused as NoSuchTag
from tidings.workspaces.models import Member, Tag
from tidings.workspaces.policy import Forbidden, require

MOST = 500  # posts at once
FURTHEST = 3660  # days
STUCK = ("failed", "held", "cancelled")


@dataclass(frozen=True)
class Wish:
    """What is to be done. A move: to a `day`, by `days` and `hours`, or each to its own in `times`."""

    do: str
    day: date | None = None
    days: int = 0
    hours: int = 0
    times: Mapping[UUID, datetime] = field(default_factory=dict)
    tag: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of it for one post; `reason` says why not. Of a move: `was` and `at`."""

    post: UUID
    words: str
    reason: str = ""
    changed: bool = False
    was: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Done:
    """It is so now; `changed`: it was not before."""

    changed: bool = True
    was: datetime | None = None
    at: datetime | None = None


def bulk(member: Member, ids: Iterable[UUID], wish: Wish) -> list[Outcome]:
    """Do it to each that can be had, in the order of the ids; raises Forbidden to whoever may do none of it."""
    require(member, "write")
    wanted = list(dict.fromkeys(ids))[:MOST]
    found = written().filter(workspace=member.workspace).prefetch_related("items").in_bulk(wanted)
    return [_tried(member, id, found.get(id), wish) for id in wanted]


def _tried(member: Member, id: UUID, post: Post | None, wish: Wish) -> Outcome:
    if post is None:
        return Outcome(id, "", _("This post is not there any more."))
    items = post.items.all()
    words = first_words([item.text for item in items], sum(len(item.media) for item in items))
    try:
        done = DO[wish.do](member, post, wish)
    except (Refused, Busy, Invalid, NoSuchTag) as error:
        return Outcome(id, words, _why(error))
    except Forbidden:
        return Outcome(id, words, _("Your role does not allow this for a post that is scheduled."))
    return Outcome(id, words, changed=done.changed, was=done.was, at=done.at)


def _why(error: Exception) -> str:
    """The sentence, and of what the networks would refuse the first thing."""
    more = translated(error.found[0].problem.message) if isinstance(error, NotReady) and error.found else ""
    return f"{error} {more}".strip()


def _move(member: Member, post: Post, wish: Wish) -> Done:
    was = time_of(post)
    at = wish.times.get(post.pk) or _moved(was, wish, member)
    if at is None:
        raise Refused(_("It has no time yet. Give it one first."))
    if at != was:
        verbs.move(member, post, at)
    return Done(at != was, was, at)


def time_of(post: Post) -> datetime | None:
    """When the first of what is not out goes out, or for when a draft is meant: what a move changes."""
    due = post.deliveries.filter(state__in=MOVABLE).order_by("due_at").values_list("due_at", flat=True).first()
    return due or post.wish_at


def _moved(was: datetime | None, wish: Wish, member: Member) -> datetime | None:
    """That time on another day, or so much later, by the person's clocks; hours are as long as hours are."""
    if was is None:
        return None
    here = zones.zone(member.user.zone)
    local = was.astimezone(here)
    day = (wish.day or local.date()) + timedelta(days=max(-FURTHEST, min(wish.days, FURTHEST)))
    there = was if day == local.date() else zones.instant(datetime.combine(day, local.time()), here)
    return there + timedelta(hours=max(-FURTHEST, min(wish.hours, FURTHEST)))


def _delete(member: Member, post: Post, wish: Wish) -> Done:
    discard(member, post)
    return Done()


@transaction.atomic
def _retry(member: Member, post: Post, wish: Wish) -> Done:
    require(member, "publish")
    stuck = post.deliveries.filter(state__in=("failed", "held")).select_related("post", "after")
    first = [one for one in stuck.order_by("item__position") if not (one.after and one.after.state in STUCK)]
    if not first:
        raise Refused(_("Nothing of it failed or was held back."))
    for delivery in first:
        verbs.retry(member, delivery)  # which brings back what follows it
    return Done()


def _unschedule(member: Member, post: Post, wish: Wish) -> Done:
    verbs.unschedule(member, post)
    return Done()


def _tag(member: Member, post: Post, wish: Wish) -> Done:
    return _tagged(member, post, lambda: _put_on(post, tags.named(member.workspace, [wish.tag])))


def _untag(member: Member, post: Post, wish: Wish) -> Done:
    return _tagged(member, post, lambda: _take_off(post, {tags.same(name) for name in tags.tidy([wish.tag])}))


@transaction.atomic
def _tagged(member: Member, post: Post, change: Callable[[], bool]) -> Done:
    require(member, "publish" if post.stage == "approved" else "write")
    changed = change()
    if changed:
        record(member, member.workspace_id, "tagged", "post", post.pk)
    return Done(changed)


def _put_on(post: Post, wanted: list[Tag]) -> bool:
    has = set(post.tags.all())
    if not wanted:
        raise Refused(_("A tag needs a name."))
    if len(has | set(wanted)) > tags.MOST_OF_ONE:
        raise Refused(_("It has as many tags as a post may have."))
    post.tags.add(*wanted)
    return not has.issuperset(wanted)


def _take_off(post: Post, names: set[str]) -> bool:
    off = [tag for tag in post.tags.all() if tags.same(tag.name) in names]
    post.tags.remove(*off)
    return bool(off)


DO: dict[str, Callable[[Member, Post, Wish], Done]] = {
    "move": _move, "delete": _delete, "retry": _retry, "unschedule": _unschedule, "tag": _tag, "untag": _untag,
}  # fmt: skip
