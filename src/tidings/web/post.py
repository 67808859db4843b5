"""One post: how far each part has come on each channel, and what a person can do about it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import schedule as verbs
from tidings.deliveries.face import STATE_LABELS, STATE_MEANS, face
from tidings.deliveries.glance import glance
from tidings.deliveries.models import Attempt, Delivery
from tidings.deliveries.schedule import MOVABLE
from tidings.inbox.models import Answer
from tidings.posts.compose import discard
from tidings.posts.models import Post, written
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.analytics.of_post import Shown, shown
from tidings.web.repeats import repeating
from tidings.web.said import parts_of
from tidings.web.steps import Steps, gone, steps
from tidings.web.times import When, when, zone_of
from tidings.web.told import told
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may

SOON = timedelta(minutes=2)  # what is due within this is watched


@dataclass(frozen=True)
class Try:
    """One attempt, for its timeline."""

    at: When
    outcome: str
    label: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One delivery as the page shows it, with the next steps that are open to this person."""

    id: UUID
    channel: Channel
    state: str
    label: str
    due: When
    out_at: When | None
    url: str
    means: str
    reason: str
    said: str  # what the network last said of one that is on its way
    tries: list[Try]
    can: Steps
    reconnect: str
    numbers: Shown | None


def post_of(member: Member, id: UUID) -> Post:
    """The post of this id in the member's workspace; raises Http404. An answer has no page of its own."""
    return get_object_or_404(written().select_related("author"), pk=id, workspace=member.workspace)


@member_page("read")
def post(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """The whole post; an answer stands in its conversation."""
    if answer := Answer.objects.filter(delivery__post=id, delivery__workspace=member.workspace).first():
        return redirect("conversation", slug=member.workspace.slug, id=answer.conversation_id)
    seen = {"seen": glance(member.workspace_id)}  # before the rest: a change meanwhile is heard of
    return render(request, "tidings/post/page.html", _context(member, post_of(member, id)) | seen)


@member_page("read")
def progress(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Only what changes while it is published; asked for again by htmx until nothing moves."""
    return render(request, "tidings/post/progress.html", _context(member, post_of(member, id)))


def _context(member: Member, found: Post) -> dict[str, object]:
    whole = found.deliveries.select_related("channel", "item", "post", "after").prefetch_related("attempts")
    deliveries = list(whole.order_by("due_at", "id"))
    parts, numbers = parts_of(found, member.workspace), shown(found, member.user)
    rows: dict[int, list[Row]] = {part.position: [] for part in parts}
    for delivery in deliveries:
        rows[delivery.item.position].append(row_of(delivery, member, numbers.get(delivery.id)))
    live = [d for d in deliveries if d.state != "cancelled"]
    return {
        "post": found,
        "face": face(found, deliveries),
        "at": time_of(live, found, member.user),
        "anew": bool(deliveries) and not live,
        "zone": zone_of(member.user).key,
        "parts": [(part, rows[part.position]) for part in parts],
        "channels": [] if deliveries else list(found.channels.all()),
        "watch": any(moving(delivery) for delivery in deliveries),
        "acts": acts_of(member, found, live),
        "repeating": repeating(member, found),
    }


def time_of(live: list[Delivery], found: Post, user: User) -> When | None:
    """When the first of what is not out yet goes out; else when the first was."""
    due = [d.due_at for d in live if d.state in MOVABLE] or [d.due_at for d in live]
    at = min(due) if due else found.wish_at
    return when(user, at) if at else None


def moving(delivery: Delivery) -> bool:
    """Whether something becomes of it within minutes."""
    if delivery.on_its_way:
        return True
    return delivery.state == "waiting" and not delivery.channel.paused and delivery.again_at < clock.now() + SOON


def acts_of(member: Member, found: Post, live: list[Delivery]) -> dict[str, bool]:
    """What can be done with the post as a whole."""
    publish, busy = may(member, "publish"), any(d.on_its_way for d in live)
    waiting, out = any(d.state in MOVABLE for d in live), any(d.state in ("delivered", "unsure") for d in live)
    write = publish if found.stage == "approved" else may(member, "write")
    return {
        "edit": write and not busy,
        "move": write and not busy and (waiting or not live),
        "cancel": publish and waiting and not busy,
        "publish": publish and not busy and not out and found.channels.exists(),
        "delete": write and not busy and not out,
    }


def row_of(delivery: Delivery, member: Member, numbers: Shown | None) -> Row:
    """How far it has come, and what can be done about it."""
    user, receipt = member.user, delivery.receipt or {}
    paused = delivery.channel.paused and delivery.state in ("waiting", "settling")
    under_way = delivery.state in ("sending", "settling")
    return Row(
        id=delivery.id,
        channel=delivery.channel,
        state="gone" if delivery.is_gone else delivery.state,
        label=_("Gone") if delivery.is_gone else str(STATE_LABELS[delivery.state]),
        due=when(user, delivery.due_at),
        out_at=when(user, delivery.delivered_at) if delivery.delivered_at else None,
        url=receipt.get("url", ""),
        means=_means(delivery, user),
        reason=translated(delivery.channel.paused if paused else "" if under_way else delivery.reason),
        said=translated(delivery.reason) if under_way else "",
        tries=[_try(attempt, user) for attempt in delivery.attempts.all()],
        can=steps(delivery, member),
        reconnect=delivery.channel.network if paused and may(member, "connect") else "",
        numbers=numbers,
    )


def _means(delivery: Delivery, user: User) -> str:
    """What the state means for this one, in a sentence."""
    if delivery.is_gone:
        return gone(delivery, user)
    receipt = delivery.receipt or {}
    if delivery.state == "delivered" and receipt.get("note"):
        return translated(str(receipt["note"]))
    if delivery.state == "delivered" and not receipt.get("url"):
        return _("It is out. Nobody has noted its address.")
    if delivery.state == "waiting" and delivery.after and delivery.after.state != "delivered":
        return _("It follows the part before it.")
    if delivery.state == "waiting" and delivery.tries and delivery.again_at > clock.now():
        return _("It is tried again on %(when)s.") % {"when": when(user, delivery.again_at).text}
    return str(STATE_MEANS[delivery.state])


def _try(attempt: Attempt, user: User) -> Try:
    label = str(STATE_LABELS.get(attempt.outcome, attempt.outcome))
    if attempt.outcome == "waiting":
        label = _("To be tried again")
    return Try(when(user, attempt.started_at), attempt.outcome, label, translated(attempt.reason))


@require_POST
@member_page("publish")
def cancel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Back to a draft."""
    found = post_of(member, id)
    told(request, lambda: verbs.unschedule(member, found), _("Cancelled. The post is a draft again."))
    return redirect("post", slug=member.workspace.slug, id=id)


@require_POST
@member_page("publish")
def publish(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Out with it, now."""
    found = post_of(member, id)
    told(request, lambda: verbs.publish_now(member, found), "")
    return redirect("post", slug=member.workspace.slug, id=id)


@require_POST
@member_page("write")
def delete(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Delete a post of which nothing is out."""
    found = post_of(member, id)
    if told(request, lambda: discard(member, found), _("The post is deleted.")):
        return redirect("calendar", slug=member.workspace.slug)
    return redirect("post", slug=member.workspace.slug, id=id)
