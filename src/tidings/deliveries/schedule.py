"""What people do with deliveries: schedule, move, cancel, retry, resolve. A worker takes it from there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.record import bring_back_followers, end_followers, superseded
from tidings.networks.errors import Rejected
from tidings.posts.models import Item, Post
from tidings.posts.outgoing import Found, problems
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

NOT_OUT = Q(state__in=("waiting", "held", "failed")) & ~Q(journal__has_key="commit")
GRACE = timedelta(minutes=2)  # a time that has passed by this much means "now"


class Refused(Exception):
    """This cannot be done as things stand; the sentence says why."""


class NotReady(Refused):
    """The networks would refuse the post; `found` says what is wrong where."""

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(_("Some things need to be mended first."))
        self.found = list(found)


@transaction.atomic
def schedule(member: Member, post: Post, when: datetime) -> list[Delivery]:
    """Approve the post and give every item a delivery on every channel; raises NotReady or Refused."""
    require(member, "publish")
    if when < clock.now() - GRACE:
        raise Refused(_("That time has passed. Choose a later one, or publish now."))
    return _schedule(_locked(post.id), when)


@transaction.atomic
def keep_schedule(member: Member, post: Post) -> list[Delivery]:
    """Give what was added to a post under way its deliveries; what waits already keeps its time."""
    require(member, "publish")
    post = _locked(post.id)
    waiting = post.deliveries.filter(state="waiting").select_related("item").order_by("item__position", "due_at")
    first = waiting.first() if post.stage == "approved" and post.channels.exists() else None
    if first is None:
        return []
    before = post.items.filter(position__lte=first.item.position).aggregate(seconds=Sum("delay"))["seconds"]
    return _schedule(post, first.due_at - timedelta(seconds=before or 0))


def _locked(post: UUID) -> Post:
    """The post, held until the transaction ends; always before its deliveries, so that no two wait for one another."""
    found = Post.objects.select_for_update().filter(id=post).first()
    if found is None:
        raise Refused(_("This post is not there any more."))
    return found


def _held(delivery: Delivery) -> Delivery:
    """The delivery as it is now, not as the person saw it, held until the transaction ends."""
    _locked(delivery.post_id)
    return Delivery.objects.select_for_update().get(id=delivery.id)


def _schedule(post: Post, when: datetime) -> list[Delivery]:
    channels = list(post.channels.all())
    if not channels:
        raise Refused(_("Choose at least one channel."))
    errors = [found for found in problems(post) if found.problem.level == "error"]
    if errors:
        raise NotReady(errors)
    Post.objects.filter(id=post.id).update(stage="approved", wish_at=when)
    items = list(post.items.all())
    return [delivery for channel in channels for delivery in _thread(post, items, channel, when)]


def publish_now(member: Member, post: Post) -> list[Delivery]:
    """Schedule for this instant."""
    return schedule(member, post, clock.now())


def _thread(post: Post, items: list[Item], channel: Channel, when: datetime) -> list[Delivery]:
    """One channel's deliveries: each follows the one before; what is out already stays as it is."""
    made: list[Delivery] = []
    now = clock.now()
    for item in items:
        when += timedelta(seconds=item.delay)
        made.append(_deliver(post, item, channel, max(when, now), made[-1] if made else None))
    return made


def _deliver(post: Post, item: Item, channel: Channel, when: datetime, after: Delivery | None) -> Delivery:
    """The delivery of one item to one channel, new or moved to this time."""
    known = Delivery.objects.select_for_update().filter(item=item, channel=channel).exclude(state="cancelled").first()
    if known is None:
        return Delivery.objects.create(
            workspace_id=post.workspace_id, post=post, item=item, channel=channel, after=after,
            due_at=when, again_at=when,
        )
    if known.state in ("waiting", "held", "failed"):
        known.due_at, known.again_at, known.after = when, when, after
        known.state, known.reason, known.tries, known.journal = "waiting", "", 0, _anew(known)
        known.save(update_fields=["due_at", "again_at", "after", "state", "reason", "tries", "journal"])
    return known


@transaction.atomic
def move(member: Member, post: Post, when: datetime) -> None:
    """To another time, drafts too; a thread keeps its delays. Raises Refused once a part is out or on its way."""
    require(member, "publish" if post.stage == "approved" else "write")
    if when < clock.now() - GRACE:
        raise Refused(_("That time has passed."))
    post = _locked(post.id)
    open_ones = list(post.deliveries.select_for_update().exclude(state="cancelled"))
    if any(delivery.state not in ("waiting", "held", "failed") for delivery in open_ones):
        raise Refused(_("A part of this post is out or being published, so it can no longer be moved."))
    if not open_ones:
        Post.objects.filter(id=post.id).update(wish_at=when)
        return
    schedule(member, post, when)


@transaction.atomic
def unschedule(member: Member, post: Post) -> None:
    """Back to a draft: everything that is not out yet is cancelled. Raises Refused when nothing can be."""
    require(member, "publish")
    open_ones = _locked(post.id).deliveries.filter(NOT_OUT)
    if not open_ones.exists():
        raise Refused(_("Nothing of this post is waiting any more."))
    open_ones.update(state="cancelled", reason=_("Cancelled by %(person)s.") % {"person": member.user})
    if not post.deliveries.exclude(state="cancelled").exists():
        Post.objects.filter(id=post.id).update(stage="draft")


@transaction.atomic
def cancel(member: Member, delivery: Delivery) -> None:
    """This one is not to go out, nor are the parts after it. Raises Refused when it is out or on its way."""
    require(member, "publish")
    reason = _("Cancelled by %(person)s.") % {"person": member.user}
    _locked(delivery.post_id)
    waiting = Delivery.objects.filter(NOT_OUT, id=delivery.id)
    if not waiting.update(state="cancelled", reason=reason):
        raise Refused(_("It is out or being published just now, so it cannot be cancelled."))
    end_followers(delivery)


@transaction.atomic
def retry(member: Member, delivery: Delivery) -> None:
    """Send a failed, held or cancelled delivery now. Raises Refused for any other."""
    require(member, "publish")
    delivery = _held(delivery)
    if delivery.state not in ("failed", "held", "cancelled"):
        raise Refused(_("It is not waiting for a decision."))
    if delivery.state == "cancelled" and superseded(delivery):
        raise Refused(_("It was scheduled anew since."))
    if delivery.after and delivery.after.state in ("failed", "held", "cancelled"):
        raise Refused(_("The part before it has to go out first."))
    delivery.state, delivery.reason, delivery.tries, delivery.again_at = "waiting", "", 0, clock.now()
    delivery.journal = _anew(delivery)
    delivery.save(update_fields=("state", "reason", "tries", "again_at", "journal"))
    Post.objects.filter(id=delivery.post_id).update(stage="approved")
    bring_back_followers(delivery)


@transaction.atomic
def resolve(member: Member, delivery: Delivery, out: bool, url: str = "") -> None:
    """A person's answer to "did this appear?". Not out: it is sent again. Raises Refused for a strange address."""
    require(member, "publish")
    _locked(delivery.post_id)
    unsure = Delivery.objects.filter(id=delivery.id, state="unsure", fence=delivery.fence)  # the one that was asked of
    if out and not url and delivery.followers.exclude(state="cancelled").exists():
        raise Refused(_("Give its address: other parts of the thread hang on it."))
    if out:
        known = unsure.update(
            state="delivered", receipt=_receipt(delivery, url), delivered_at=clock.now(),
            reason=_("Seen by %(person)s.") % {"person": member.user},
        )
    else:
        known = unsure.update(
            state="waiting", journal=_without_commit(delivery), tries=0, again_at=clock.now(),
            reason=_("Sent again by %(person)s.") % {"person": member.user},
        )
    if not known:
        raise Refused(_("It is not waiting for this answer any more."))


def _receipt(delivery: Delivery, url: str) -> dict[str, object]:
    """The receipt of a post that a person saw; without an address nothing can be said about it or reply to it."""
    if not url:
        return {"id": "", "url": "", "extra": {}}
    channel = delivery.channel
    try:
        receipt = channel.speaks.recognise(channel.profile(), channel.server, url)
    except Rejected as strange:
        raise Refused(strange.reason) from strange
    return {"id": receipt.id, "url": receipt.url, "extra": dict(receipt.extra)}


def _anew(delivery: Delivery) -> dict[str, object]:
    """An empty journal, unless the post itself is out already and only what comes after it failed."""
    return delivery.journal if delivery.journal.get("commit") else {}


def _without_commit(delivery: Delivery) -> dict[str, object]:
    return {name: value for name, value in delivery.journal.items() if name != "commit"}
