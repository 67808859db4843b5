"""The calendar's rows: every post of a stretch of time with its face, in six queries at most."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.channels.models import Channel
from tidings.deliveries.face import LABELS, Face, word
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
    newest = list(drafts.values_list("id", flat=True)[:most])
    made = _entries(workspace, Post.objects.filter(id__in=newest).order_by("-changed_at"))
    return [entry for entry in made if entry.at is None]


@dataclass
class _Gathered:
    """What the queries said of one post. Plain tuples: a thousand model instances cost a second."""

    states: set[str] = field(default_factory=set)
    due: datetime | None = None
    channels: list[Channel] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    pieces: list[UUID] = field(default_factory=list)


def _entries(workspace: Workspace, found: QuerySet[Post]) -> list[Entry]:
    posts = list(found.values_list("id", "stage", "wish_at"))
    gathered: dict[UUID, _Gathered] = defaultdict(_Gathered)
    ids = found.order_by().values("id")
    for post, state, due in Delivery.objects.filter(post__in=ids).values_list("post_id", "state", "due_at"):
        one = gathered[post]
        one.states.add(state)
        if state != "cancelled" and (one.due is None or due < one.due):
            one.due = due
    for post, text, media in Item.objects.filter(post__in=ids).values_list("post_id", "text", "media"):
        gathered[post].texts.append(text)
        gathered[post].pieces.extend(UUID(use["id"]) for use in media)
    rows = {channel.id: channel for channel in Channel.objects.filter(workspace=workspace)}
    pairs = Post.channels.through.objects.filter(post__in=ids).values_list("post_id", "channel_id")
    for post, channel in pairs:
        gathered[post].channels.append(rows[channel])
    first = [one.pieces[0] for one in gathered.values() if one.pieces]
    pictured = Media.objects.filter(id__in=first).exclude(thumbnail="")
    seen = set(pictured.values_list("id", flat=True)) if first else set()
    return [_entry(post, stage, wish, gathered[post], seen) for post, stage, wish in posts]


def _entry(post: UUID, stage: str, wish: datetime | None, one: _Gathered, seen: set[UUID]) -> Entry:
    shown = word(stage, one.states)
    out = one.states & {"delivered", "sending", "settling", "unsure"}
    return Entry(
        post=post,
        at=one.due or wish,
        face=shown,
        label=str(LABELS[shown]),
        words=first_words(one.texts, len(one.pieces)),
        channels=tuple(sorted(one.channels, key=lambda c: (c.network, c.handle))),
        thumbnail=next((piece for piece in one.pieces[:1] if piece in seen), None),
        movable=shown in MOVABLE and not out,
        parts=len(one.texts),
    )


def first_words(texts: Iterable[str], pieces: int) -> str:
    """The first words of a post, or what it has instead of words."""
    text = " ".join(next((text for text in texts if text.strip()), "")[: WORDS * 4].split())
    if text:
        return text if len(text) <= WORDS else text[: WORDS - 1].rstrip() + "…"
    if pieces:
        return ngettext("%(n)d picture or film", "%(n)d pictures or films", pieces) % {"n": pieces}
    return _("Nothing written yet")
