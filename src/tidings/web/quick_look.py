"""Quick look: a post in a few lines, over the calendar. Everything else is on its page."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tidings.channels.models import Channel
from tidings.deliveries.face import STATE_LABELS, face
from tidings.deliveries.models import Delivery
from tidings.posts.models import Post
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.post import acts_of, post_of, time_of
from tidings.web.said import parts_of
from tidings.web.times import zone_of
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may

STUCK = ("failed", "held")
WELL = ("delivered", "sending", "settling")  # what a reason would be told of is over


@dataclass(frozen=True)
class Row:
    """One channel, and how far the post has come there."""

    channel: Channel
    state: str
    label: str
    urls: list[str]
    reason: str


@require_safe
@member_page("read")
def look(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """The inside of the dialog."""
    return render(request, "tidings/post/look.html", _context(member, post_of(member, id)))


def _context(member: Member, found: Post) -> dict[str, object]:
    whole = found.deliveries.select_related("channel", "item").order_by("item__position", "due_at")
    deliveries = list(whole)
    live = [one for one in deliveries if one.state != "cancelled"]
    return {
        "post": found,
        "face": face(found, deliveries),
        "at": time_of(live, found, member.user),
        "zone": zone_of(member.user).key,
        "parts": parts_of(found, member.workspace),
        "rows": _rows(live, list(found.channels.all())),
        "tags": found.tags.all(),
        "acts": acts_of(member, found, live),
        "may_write": may(member, "write"),
        "stuck": may(member, "publish") and any(one.state in STUCK for one in live),
    }


def _rows(live: list[Delivery], channels: list[Channel]) -> list[Row]:
    """By channel: the part that needs somebody, else the one that is furthest behind."""
    known = {channel.pk: channel for channel in [*channels, *(one.channel for one in live)]}
    return [_row(channel, [one for one in live if one.channel_id == pk]) for pk, channel in known.items()]


def _row(channel: Channel, parts: list[Delivery]) -> Row:
    if not parts:
        return Row(channel, "", _("Not scheduled"), [], "")
    worst = next((one for one in parts if one.state != "delivered"), parts[0])
    gone = worst.is_gone
    return Row(
        channel=channel,
        state="gone" if gone else worst.state,
        label=_("Gone") if gone else str(STATE_LABELS[worst.state]),
        urls=[url for one in parts if (url := (one.receipt or {}).get("url", ""))],
        reason="" if worst.state in WELL else translated(channel.paused or worst.reason),
    )
