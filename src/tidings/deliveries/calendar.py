"""The calendar's rows: every post of a stretch of time with its face, in six queries at most."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.channels.models import Channel
from tidings.deliveries.face import LABELS, Face, face
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Workspace

WORDS = 90  # characters of a post that a card shows
MOVABLE = frozenset({"draft", "review", "approved", "scheduled", "held", "failed", "cancelled"})


@dataclass(frozen=True)
class Window:
    """A stretch of time, its end left out."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Entry:
    """One post in its place on the calendar. `at` is None for drafts without a time."""

    post: UUID
    at: datetime | None
    face: Face
    label: str
    words: str
    channels: tuple[Channel, ...]
    thumbnail: UUID | None
    movable: bool
    parts: int


def entries(workspace: Workspace, window: Window) -> list[Entry]:
    """Posts whose first part is due, or which are meant for a time, in the window; the earliest first."""
    due = Delivery.objects.filter(
        workspace=workspace, due_at__gte=window.start, due_at__lt=window.end, item__position=0
    ).exclude(state="cancelled")
    meant = Q(wish_at__gte=window.start, wish_at__lt=window.end)
    found = Post.objects.filter(Q(id__in=due.values("post")) | meant, workspace=workspace)
    made = [entry for entry in _entries(workspace, found) if entry.at and window.start <= entry.at < window.end]
    return sorted(made, key=lambda entry: (entry.at, entry.post))


def undated(workspace: Workspace, most: int = 50) -> list[Entry]:
    """Drafts that are meant for no time yet, the newest first."""
    drafts = Post.objects.filter(workspace=workspace, wish_at=None).order_by("-changed_at")
    return [entry for entry in _entries(workspace, drafts[:most]) if entry.at is None]


def _entries(workspace: Workspace, found: QuerySet[Post]) -> list[Entry]:
    items = Item.objects.only("post_id", "position", "text", "media")
    deliveries = Delivery.objects.only("post_id", "state", "due_at", "channel_id")
    posts = list(found.prefetch_related(Prefetch("items", items), Prefetch("deliveries", deliveries)))
    chosen = _channels(workspace, posts)
    first_media = {post.id: media for post in posts if (media := _first_media(post))}
    seen = set(Media.objects.filter(id__in=first_media.values()).exclude(thumbnail="").values_list("id", flat=True))
    return [_entry(post, chosen[post.id], first_media.get(post.id), seen) for post in posts]


def _channels(workspace: Workspace, posts: Iterable[Post]) -> dict[UUID, list[Channel]]:
    rows = {channel.id: channel for channel in Channel.objects.filter(workspace=workspace)}
    pairs = Post.channels.through.objects.filter(post__in=[post.id for post in posts])
    chosen: dict[UUID, list[Channel]] = defaultdict(list)
    for post, channel in pairs.values_list("post_id", "channel_id"):
        chosen[post].append(rows[channel])
    return chosen


def _first_media(post: Post) -> UUID | None:
    return next((UUID(item.media[0]["id"]) for item in post.items.all() if item.media), None)


def _entry(post: Post, channels: list[Channel], media: UUID | None, seen: set[UUID]) -> Entry:
    deliveries = list(post.deliveries.all())
    due = [delivery.due_at for delivery in deliveries if delivery.state != "cancelled"]
    shown = face(post, deliveries)
    out = any(d.state in ("delivered", "sending", "settling", "unsure") for d in deliveries)
    return Entry(
        post=post.id,
        at=min(due) if due else post.wish_at,
        face=shown,
        label=str(LABELS[shown]),
        words=words(post),
        channels=tuple(sorted(channels, key=lambda c: (c.network, c.handle))),
        thumbnail=media if media in seen else None,
        movable=shown in MOVABLE and not out,
        parts=len(post.items.all()),
    )


def words(post: Post) -> str:
    """The first words of a post, or what it has instead of words."""
    items = list(post.items.all())
    text = " ".join(next((item.text for item in items if item.text.strip()), "").split())
    if text:
        return text if len(text) <= WORDS else text[: WORDS - 1].rstrip() + "…"
    pieces = sum(len(item.media) for item in items)
    if pieces:
        return ngettext("%(n)d picture or film", "%(n)d pictures or films", pieces) % {"n": pieces}
    return _("Nothing written yet")
