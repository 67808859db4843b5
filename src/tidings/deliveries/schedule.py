"""What people do with deliveries: schedule, move, cancel, retry, resolve. A worker takes it from there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as say

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.known import known
from tidings.deliveries.models import Delivery
from tidings.deliveries.readback import first_look
from tidings.deliveries.record import PART_BEFORE, bring_back_followers, end_followers, superseded
from tidings.deliveries.wake import wake_post
from tidings.networks.base import Receipt
from tidings.networks.errors import Rejected
from tidings.posts.models import Item, Post
from tidings.posts.outgoing import Found, problems
from tidings.speech import translated
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

MOVABLE = ("waiting", "held", "failed")
NOT_OUT = Q(state__in=MOVABLE) & ~Q(journal__has_key="commit")
REMEMBERED = timedelta(days=30)  # an address of an older post is not looked up among what went out
GRACE = timedelta(minutes=2)  # a time that has passed by this much means "now"


class Refused(Exception):
    """This cannot be done as things stand; the sentence says why."""


class OnItsWay(Refused):
    """A network is being told of it just now, so nothing about it can be changed."""

    def __init__(self) -> None:
        super().__init__(_("This post is being published just now. Try again in a moment."))


class NotReady(Refused):
    """The networks would refuse the post; `found` says what is wrong where."""

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(_("Some things need to be mended first."))
        self.found = list(found)


@transaction.atomic
def schedule(member: Member, post: Post, when: datetime) -> list[Delivery]:
    """Approve the post and give every item a delivery on every channel; raises NotReady or Refused."""
    require(member, "publish")
    when = when.astimezone(UTC)  # a delay added to another zone's time would be added to what its clocks show
    if when < clock.now() - GRACE:
        raise Refused(_("That time has passed. Choose a later one, or publish now."))
    post = _locked(post.id)
    _live(post)
    made = _schedule(post, when)
    record(member, member.workspace_id, "scheduled", "post", post.pk, at=when.isoformat(), deliveries=len(made))
    return made


@transaction.atomic
def keep_schedule(member: Member, post: Post, added: Collection[UUID] = ()) -> list[Delivery]:
    """Give what was added to a post under way its deliveries; what waits already keeps its time. What was cancelled,
    held back or refused stays so, but for channels that were `added` just now."""
    require(member, "publish")
    post = _locked(post.id)
    waiting = post.deliveries.filter(state="waiting").select_related("item").order_by("item__position", "due_at")
    first = waiting.first() if post.stage == "approved" and post.channels.exists() else None
    if first is None:
        return []
    return _schedule(post, first.due_at - _until(post, first.item.position), _at_rest(post, added))


def _at_rest(post: Post, added: Collection[UUID]) -> dict[tuple[UUID, UUID], Delivery]:
    """By item and channel, the deliveries that go on only when a person says so."""
    found = post.deliveries.filter(state__in=("cancelled", "held", "failed")).order_by("created_at")
    return {(one.item_id, one.channel_id): one for one in found.exclude(state="cancelled", channel__in=added)}


def _locked(post: UUID) -> Post:
    """The post, held until the transaction ends; always before its lanes and its deliveries, so that no two wait for
    one another. Whatever is then done to it, a worker looks at its channels."""
    found = Post.objects.select_for_update().filter(id=post).first()
    if found is None:
        raise Refused(_("This post is not there any more."))
    wake_post(post)
    return found


def _held(delivery: Delivery) -> Delivery:
    """The delivery as it is now, not as the person saw it, held until the transaction ends."""
    _locked(delivery.post_id)
    return Delivery.objects.select_for_update().get(id=delivery.id)


def _live(post: Post) -> list[Delivery]:
    """Its deliveries that were not cancelled, held until the transaction ends; raises OnItsWay when one is sent."""
    found = list(post.deliveries.select_for_update().exclude(state="cancelled").order_by("id"))
    if any(delivery.on_its_way for delivery in found):
        raise OnItsWay
    return found


def _schedule(
    post: Post, when: datetime, at_rest: Mapping[tuple[UUID, UUID], Delivery] | None = None
) -> list[Delivery]:
    channels = list(post.channels.all())
    if not channels:
        raise Refused(_("Choose at least one channel."))
    errors = [found for found in problems(post) if found.problem.level == "error"]
    if errors:
        raise NotReady(errors)
    Post.objects.filter(id=post.id).update(stage="approved", wish_at=when)
    items = list(post.items.all())
    return [delivery for channel in channels for delivery in _thread(post, items, channel, when, at_rest or {})]


def publish_now(member: Member, post: Post) -> list[Delivery]:
    """Schedule for this instant."""
    return schedule(member, post, clock.now())


def _thread(
    post: Post, items: list[Item], channel: Channel, when: datetime, at_rest: Mapping[tuple[UUID, UUID], Delivery]
) -> list[Delivery]:
    """One channel's deliveries: each follows the one before; what is out already, or at rest, stays as it is."""
    made: list[Delivery] = []
    now = clock.now()
    for item in items:
        when += timedelta(seconds=item.delay)
        resting = at_rest.get((item.id, channel.id))
        made.append(_deliver(post, item, channel, max(when, now), made[-1] if made else None, resting))
    return made


def _deliver(
    post: Post, item: Item, channel: Channel, when: datetime, after: Delivery | None, resting: Delivery | None
) -> Delivery:
    """The delivery of one item to one channel, new or moved to this time."""
    there = Delivery.objects.select_for_update().filter(item=item, channel=channel).exclude(state="cancelled").first()
    if resting and (there is None or there.id == resting.id):
        return resting
    if there is None:
        ends = after is not None and after.state in ("failed", "cancelled")
        return Delivery.objects.create(
            workspace_id=post.workspace_id, post=post, item=item, channel=channel, after=after,
            due_at=when, again_at=when, look_at=first_look(channel, when),
            state="cancelled" if ends else "waiting", reason=PART_BEFORE if ends else "",
        )
    if there.state in MOVABLE:
        there.due_at, there.again_at, there.after = when, when, after
        there.state, there.reason, there.tries, there.journal = "waiting", "", 0, _anew(there)
        there.look_at = first_look(channel, when)
        there.save(update_fields=["due_at", "again_at", "after", "state", "reason", "tries", "journal", "look_at"])
    return there


@transaction.atomic
def move(member: Member, post: Post, when: datetime) -> None:
    """What is not out yet goes out at another time, drafts too; a thread keeps its delays. Raises Refused."""
    require(member, "publish" if post.stage == "approved" else "write")
    when = when.astimezone(UTC)
    if when < clock.now() - GRACE:
        raise Refused(_("That time has passed."))
    post = _locked(post.id)
    live = _live(post)
    open_ones = [delivery for delivery in live if delivery.state in MOVABLE]
    if not live:
        Post.objects.filter(id=post.id).update(wish_at=when)
    elif not open_ones:
        raise Refused(_("It is out, so it can no longer be moved."))
    else:
        _schedule(post, when - _until(post, min(delivery.item.position for delivery in open_ones)))
    record(member, member.workspace_id, "moved", "post", post.pk, at=when.isoformat())


def _until(post: Post, position: int) -> timedelta:
    """From the beginning of a thread to this part of it."""
    before = post.items.filter(position__lte=position).aggregate(seconds=Sum("delay"))["seconds"]
    return timedelta(seconds=before or 0)


@transaction.atomic
def unschedule(member: Member, post: Post) -> None:
    """Back to a draft: everything that is not out yet is cancelled. Raises Refused when nothing can be."""
    require(member, "publish")
    post = _locked(post.id)
    _live(post)
    open_ones = post.deliveries.filter(NOT_OUT)
    if not open_ones.exists():
        raise Refused(_("Nothing of this post is waiting any more."))
    cancelled = open_ones.update(state="cancelled", reason=say("Cancelled by a member."))
    if not post.deliveries.exclude(state="cancelled").exists():
        Post.objects.filter(id=post.id).update(stage="draft")
    record(member, member.workspace_id, "cancelled", "post", post.pk, deliveries=cancelled)


@transaction.atomic
def cancel(member: Member, delivery: Delivery) -> None:
    """This one is not to go out, nor are the parts after it. Raises Refused when it is out or on its way."""
    require(member, "publish")
    delivery = _held(delivery)
    if delivery.on_its_way:
        raise OnItsWay
    reason = say("Cancelled by a member.")  # who, the workspace's log says by an id: a name would outlive the person
    if not Delivery.objects.filter(NOT_OUT, id=delivery.id).update(state="cancelled", reason=reason):
        raise Refused(_("It is out, or may be, so it cannot be cancelled."))
    end_followers(delivery)
    record(member, member.workspace_id, "cancelled", "delivery", delivery.pk, post=str(delivery.post_id))


@transaction.atomic
def retry(member: Member, delivery: Delivery) -> None:
    """Send now what waits, failed, was held or cancelled. Raises Refused for any other."""
    require(member, "publish")
    delivery = _held(delivery)
    if delivery.on_its_way:
        raise OnItsWay
    if delivery.state not in (*MOVABLE, "cancelled"):
        raise Refused(_("It is out, or waits for another answer."))
    if delivery.state == "cancelled" and superseded(delivery):
        raise Refused(_("It was scheduled anew since."))
    if delivery.after and delivery.after.state in ("failed", "held", "cancelled"):
        raise Refused(_("The part before it has to go out first."))
    now = clock.now()
    delivery.due_at = min(delivery.due_at, now)
    delivery.state, delivery.reason, delivery.tries, delivery.again_at = "waiting", "", 0, now
    delivery.journal = _anew(delivery)
    delivery.save(update_fields=("state", "reason", "tries", "due_at", "again_at", "journal"))
    Post.objects.filter(id=delivery.post_id).update(stage="approved")
    bring_back_followers(delivery)
    record(member, member.workspace_id, "retried", "delivery", delivery.pk, post=str(delivery.post_id))


@transaction.atomic
def resolve(
    member: Member, delivery: Delivery, out: bool, url: str = "", receipt: Receipt | None = None, again: bool = True
) -> None:
    """A person's answer to "did this appear?": out, at this address or by this receipt of the network's; or not, and
    it is sent again, or left out. Raises Refused for a strange address."""
    require(member, "publish")
    _locked(delivery.post_id)
    unsure = Delivery.objects.filter(id=delivery.id, state="unsure", fence=delivery.fence)  # the one that was asked of
    if out:
        receipt = receipt or _recognised(delivery, url)
        _nobody_elses(delivery, receipt)
        answer = _seen(delivery, receipt, member)
    else:
        answer = _not_out(delivery, again, member)
    if not unsure.update(**answer):
        raise Refused(_("It is not waiting for this answer any more."))
    if answer["state"] == "cancelled":
        end_followers(delivery)
    record(
        member, member.workspace_id, "resolved", "delivery", delivery.pk, post=str(delivery.post_id), out=out,
        again=again and not out,
    )  # fmt: skip


def _seen(delivery: Delivery, receipt: Receipt, member: Member) -> dict[str, Any]:
    if not receipt.id and delivery.followers.exclude(state="cancelled").exists():
        raise Refused(_("Give its address: other parts of the thread hang on it."))
    now = clock.now()
    return {
        "state": "delivered", "receipt": asdict(receipt), "delivered_at": now,
        "reason": say("Seen by a member."),
        "look_at": first_look(delivery.channel, now) if receipt.id else None,
    }


def _not_out(delivery: Delivery, again: bool, member: Member) -> dict[str, Any]:
    said = say("Sent again by a member.") if again else say("Cancelled by a member.")
    return {
        "state": "waiting" if again else "cancelled",
        "journal": {name: value for name, value in delivery.journal.items() if name != "commit"},
        "tries": 0, "again_at": clock.now(), "reason": said,
    }


def _recognised(delivery: Delivery, url: str) -> Receipt:
    """The receipt of a post that a person saw; without an address nothing can be said about it or reply to it."""
    channel = delivery.channel
    try:
        return channel.speaks.recognise(channel.profile(), channel.server, url) if url else Receipt("", "")
    except Rejected as strange:
        raise Refused(translated(strange.reason)) from strange


def _nobody_elses(delivery: Delivery, receipt: Receipt) -> None:
    """One post over there is the end of one delivery; two who answer at once wait for one another at their lane."""
    if receipt.id and known(delivery.channel, [receipt.id], clock.now() - REMEMBERED):
        raise Refused(_("That post is known already: it is what became of another delivery."))


def _anew(delivery: Delivery) -> dict[str, object]:
    """An empty journal, unless the post itself is out already and only what comes after it failed."""
    return delivery.journal if delivery.journal.get("commit") else {}
