"""The composer page: what the island starts from. It talks to the API from then on."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from tidings.channels.describe import described as described_channel
from tidings.channels.models import Channel
from tidings.channels.slots import zone_of as channel_zone
from tidings.core import clock, zones
from tidings.deliveries.describe import PostShape
from tidings.deliveries.describe import described as described_post
from tidings.media.describe import MediaShape
from tidings.media.describe import described as described_media
from tidings.media.models import Media
from tidings.posts.models import Post, Repeat, Snippet, written
from tidings.settings import settings
from tidings.web.access import member_page
from tidings.web.times import zone_of
from tidings.workspaces.models import Member, Tag
from tidings.workspaces.policy import may


@member_page("write")
def compose(request: HttpRequest, member: Member) -> HttpResponse:
    """An empty composer; ?at=2026-11-25T09:00 and ?channel= are read by the island."""
    return _page(request, member, None)


@member_page("write")
def edit(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """The composer with a post in it."""
    return _page(request, member, get_object_or_404(written(), pk=id, workspace=member.workspace))


def _page(request: HttpRequest, member: Member, post: Post | None) -> HttpResponse:
    slug = member.workspace.slug
    kept = described_post(post) if post else None
    channels = list(Channel.objects.filter(workspace=member.workspace).select_related("workspace"))
    own, theirs = zone_of(member.user), {str(channel.pk): channel_zone(channel) for channel in channels}
    others = {zones.zone(member.workspace.zone), *theirs.values()} - {own}
    data = {
        "channels": [described_channel(channel).model_dump(mode="json") for channel in channels],
        "post": kept.model_dump(mode="json") if kept else None,
        "media": [media.model_dump(mode="json") for media in _media(member, kept)],
        "tags": list(Tag.objects.filter(workspace=member.workspace).values("name", "colour")),
        "repeat": _repeat(post) if post else None,
        "signature": "" if post else _signature(member),
        "zone": own.key,
        "changes": zones.told(own),
        "zones": {zone.key: zones.told(zone) for zone in others},
        "workspace_zone": member.workspace.zone,
        "channel_zones": {id: zone.key for id, zone in theirs.items()},
        "now": clock.now().isoformat(),
        "may_publish": may(member, "publish"),
        "links": settings().shows_links,
        "urls": {
            "api": f"/api/v1/workspaces/{slug}",
            "calendar": reverse("calendar", kwargs={"slug": slug}),
            "channels": reverse("channels", kwargs={"slug": slug}),
        },
    }
    return render(request, "tidings/composer.html", {"data": data, "post": post})


def _repeat(post: Post) -> dict[str, object] | None:
    """How it repeats, if it still does."""
    names = ("kind", "every", "unit", "rest_days", "zone", "until", "times")
    row = Repeat.objects.filter(post=post).exclude(next_at=None).values(*names).first()
    return row and {**row, "until": row["until"] and row["until"].isoformat()}


def _signature(member: Member) -> str:
    """What stands below every new post."""
    found = Snippet.objects.filter(workspace=member.workspace, kind="signature", always=True)
    return found.values_list("text", flat=True).first() or ""


def _media(member: Member, post: PostShape | None) -> list[MediaShape]:
    """What the post's pictures are, so that the island need not ask."""
    uses = [use for item in post.items for use in item.media] if post else []
    uses += [use for item in post.items for v in item.variants for use in v.media or []] if post else []
    found = Media.objects.filter(workspace=member.workspace, id__in={use.id for use in uses})
    return [described_media(media) for media in found]
