"""The calendar's rows: every post of a stretch of time with its face, in six queries at most; and the board's.

Named tuples: there are hundreds on a page, and dataclasses that cannot be changed take five times as long to make.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.channels.models import Channel
from tidings.deliveries.face import LABELS, Face, word
from tidings.deliveries.models import Delivery
from tidings.deliveries.sift import EVERYTHING, Filters, saying, sift
from tidings.media.models import Media
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Workspace

WORDS = 90  # characters of a post that a card shows
MOVABLE = frozenset({"draft", "review", "approved", "scheduled", "held", "failed", "cancelled"})
AT_ONCE = 5000  # ids that a query names
ROW = ("id", "stage", "wish_at", "revision", "changed_at")


@dataclass(frozen=True)
class Window:
    """A stretch of time, its end left out."""

    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether this instant lies within."""
        return at is not None and self.start <= at < self.end


class Place(NamedTuple):
    """Where a post stands, and what it is just now; no more than a count needs."""

    post: UUID
    at: datetime | None
    stage: str
    face: Face
    states: frozenset[str]
    revision: int
    changed_at: datetime


class _Row(NamedTuple):
    """What is asked of a post itself."""

    post: UUID
    stage: str
    wish_at: datetime | None
    revision: int
    changed_at: datetime


class Entry(NamedTuple):
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
    tags: tuple[tuple[str, str], ...]  # name and colour
    revision: int
    changed_at: datetime


def entries(workspace: Workspace, window: Window, filters: Filters = EVERYTHING) -> list[Entry]:
    """Posts whose first part is due, or which are meant for a time, in the window; the earliest first."""
    return filled(workspace, places(workspace, window, filters))


def places(workspace: Workspace, window: Window, filters: Filters = EVERYTHING) -> list[Place]:
    """The same, no more than where they stand: for who shows some of them only, and counts the rest."""
    due = Delivery.objects.filter(workspace=workspace, due_at__gte=window.start, due_at__lt=window.end)
    due = due.exclude(state="cancelled")
    meant = Post.objects.filter(workspace=workspace, wish_at__gte=window.start, wish_at__lt=window.end)
    within = due.order_by().values("post").union(meant.order_by().values("id"))  # each by its own index
    found = placed(Post.objects.filter(id__in=within), filters)
    return sorted((place for place in found if window.holds(place.at)), key=lambda place: (place.at, place.post))


def undated(workspace: Workspace, filters: Filters = EVERYTHING, most: int = 50) -> list[Entry]:
    """Drafts that are meant for no time yet, the newest first."""
    found = placed(Post.objects.filter(workspace=workspace, wish_at=None), filters)
    loose = [place for place in found if place.at is None]
    return filled(workspace, sorted(loose, key=lambda place: place.changed_at, reverse=True)[:most])


def placed(posts: QuerySet[Post], filters: Filters = EVERYTHING) -> list[Place]:
    """Where each of these posts stands, as far as the filters let it through; in no order."""
    found = sift(posts, filters).order_by().values_list(*ROW, "deliveries__state")
    posts_of: dict[UUID, _Row] = {}
    dues: dict[UUID, dict[str | None, datetime]] = defaultdict(dict)  # a draft has no delivery: its state is None
    for *row, state, due in found.annotate(Min("deliveries__due_at")):
        posts_of[row[0]] = _Row(*row)
        dues[row[0]][state] = due
    made = (_place(row, dues[post]) for post, row in posts_of.items())
    shown = [place for place in made if filters.lets(place.face)]
    if words := filters.words:
        says = {id for some in _lots([place.post for place in shown]) for id in saying(some, words)}
        shown = [place for place in shown if place.post in says]
    return shown


def _place(row: _Row, due: dict[str | None, datetime]) -> Place:
    states = frozenset(state for state in due if state)
    at = min((due[state] for state in states if state != "cancelled"), default=row.wish_at)
    return Place(row.post, at, row.stage, _face(row.stage, states), states, row.revision, row.changed_at)


@cache
def _face(stage: str, states: frozenset[str]) -> Face:
    return word(stage, set(states))


def _lots(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


@dataclass
class _Gathered:
    """What the queries said of one post. Plain tuples: a thousand model instances cost a second."""

    channels: list[Channel] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    pieces: list[UUID] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)


def filled(workspace: Workspace, places: Sequence[Place], brief: bool = False) -> list[Entry]:
    """The same posts with all that a card shows of them, in the same order; `brief`: but tags and pictures."""
    gathered: dict[UUID, _Gathered] = defaultdict(_Gathered)
    rows = {channel.id: channel for channel in workspace.channels.all()} if places else {}
    for ids in _lots([place.post for place in places]):
        _gather(ids, gathered, rows)
        if not brief:
            _tag(ids, gathered)
    seen = set() if brief else _pictured({one.pieces[0] for one in gathered.values() if one.pieces})
    labels = {face: str(LABELS[face]) for face in {place.face for place in places}}
    return [_entry(place, gathered[place.post], seen, labels[place.face]) for place in places]


def _gather(ids: Sequence[UUID], into: dict[UUID, _Gathered], channels: dict[UUID, Channel]) -> None:
    items = Item.objects.filter(post__in=ids).order_by("post", "position")
    for post, text, media in items.values_list("post_id", "text", "media"):
        into[post].texts.append(text)
        into[post].pieces.extend(UUID(use["id"]) for use in media)
    pairs = Post.channels.through.objects.filter(post__in=ids)
    for post, channel in pairs.values_list("post_id", "channel_id"):
        into[post].channels.append(channels[channel])


def _tag(ids: Sequence[UUID], into: dict[UUID, _Gathered]) -> None:
    tagged = Post.tags.through.objects.filter(post__in=ids).order_by("tag__name")
    for post, *tag in tagged.values_list("post_id", "tag__name", "tag__colour"):
        into[post].tags.append((tag[0], tag[1]))


def _pictured(pieces: set[UUID]) -> set[UUID]:
    found = Media.objects.filter(id__in=pieces).exclude(thumbnail="")
    return set(found.values_list("id", flat=True)) if pieces else set()


def _entry(place: Place, one: _Gathered, seen: set[UUID], label: str) -> Entry:
    out = place.states & {"delivered", "sending", "settling", "unsure"}
    return Entry(
        post=place.post,
        at=place.at,
        face=place.face,
        label=label,
        words=first_words(one.texts, len(one.pieces)),
        channels=tuple(sorted(one.channels, key=lambda c: (c.network, c.handle))),
        thumbnail=next((piece for piece in one.pieces[:1] if piece in seen), None),
        movable=place.face in MOVABLE and not out,
        parts=len(one.texts),
        tags=tuple(one.tags),
        revision=place.revision,
        changed_at=place.changed_at,
    )


def first_words(texts: Iterable[str], pieces: int) -> str:
    """The first words of a post, or what it has instead of words."""
    text = " ".join(next((text for text in texts if text.strip()), "")[: WORDS * 4].split())
    if text:
        return text if len(text) <= WORDS else text[: WORDS - 1].rstrip() + "…"
    if pieces:
        return ngettext("%(n)d picture or film", "%(n)d pictures or films", pieces) % {"n": pieces}
    return _("Nothing written yet")
