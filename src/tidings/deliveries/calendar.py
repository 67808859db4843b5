"""The calendar's rows: every post of a stretch of time with its face, in seven queries at most; and the board's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet
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


@dataclass(frozen=True)
class Window:
    """A stretch of time, its end left out."""

    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether this instant lies within."""
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True)
class Place:
    """Where a post stands, and what it is just now; no more than a count needs."""

    post: UUID
    at: datetime | None
    stage: str
    face: Face
    states: frozenset[str]
    revision: int
    changed_at: datetime


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
    tags: tuple[tuple[str, str], ...]  # name and colour
    revision: int
    changed_at: datetime


def entries(workspace: Workspace, window: Window, filters: Filters = EVERYTHING) -> list[Entry]:
    """Posts whose first part is due, or which are meant for a time, in the window; the earliest first."""
    return filled(workspace, places(workspace, window, filters))


def places(workspace: Workspace, window: Window, filters: Filters = EVERYTHING) -> list[Place]:
    """The same, no more than where they stand: for who shows some of them only, and counts the rest."""
    due = Delivery.objects.filter(
        workspace=workspace, due_at__gte=window.start, due_at__lt=window.end, item__position=0
    ).exclude(state="cancelled")
    meant = Q(wish_at__gte=window.start, wish_at__lt=window.end)
    found = placed(Post.objects.filter(Q(id__in=due.values("post")) | meant, workspace=workspace), filters)
    within = [place for place in found if window.holds(place.at)]
    return sorted(within, key=lambda place: (place.at, place.post))


def undated(workspace: Workspace, filters: Filters = EVERYTHING, most: int = 50) -> list[Entry]:
    """Drafts that are meant for no time yet, the newest first."""
    found = placed(Post.objects.filter(workspace=workspace, wish_at=None), filters)
    loose = [place for place in found if place.at is None]
    return filled(workspace, sorted(loose, key=lambda place: place.changed_at, reverse=True)[:most])


def placed(posts: QuerySet[Post], filters: Filters = EVERYTHING) -> list[Place]:
    """Where each of these posts stands, as far as the filters let it through; in no order."""
    found = sift(posts, filters)
    states: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    rows = Delivery.objects.filter(post__in=found.order_by().values("id")).order_by()
    for post, state, due in rows.values_list("post_id", "state").annotate(Min("due_at")):
        states[post][state] = due
    rows_of = found.order_by().values_list("id", "stage", "wish_at", "revision", "changed_at")
    made = (_place(*row, states.get(row[0], {})) for row in rows_of)
    shown = [place for place in made if filters.lets(place.face)]
    if words := filters.words:
        says = {id for some in _lots([place.post for place in shown]) for id in saying(some, words)}
        shown = [place for place in shown if place.post in says]
    return shown


def _place(
    post: UUID, stage: str, wish: datetime | None, revision: int, changed_at: datetime, due: dict[str, datetime]
) -> Place:
    at = min((at for state, at in due.items() if state != "cancelled"), default=wish)
    return Place(post, at, stage, word(stage, set(due)), frozenset(due), revision, changed_at)


def _lots(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


@dataclass
class _Gathered:
    """What the queries said of one post. Plain tuples: a thousand model instances cost a second."""

    channels: list[Channel] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    pieces: list[UUID] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)


def filled(workspace: Workspace, places: Sequence[Place]) -> list[Entry]:
    """The same posts with all that a card shows of them, in the same order."""
    gathered: dict[UUID, _Gathered] = defaultdict(_Gathered)
    rows = {channel.id: channel for channel in workspace.channels.all()} if places else {}
    for ids in _lots([place.post for place in places]):
        _gather(ids, gathered, rows)
    first = {one.pieces[0] for one in gathered.values() if one.pieces}
    pictured = Media.objects.filter(id__in=first).exclude(thumbnail="")
    seen = set(pictured.values_list("id", flat=True)) if first else set()
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
    tagged = Post.tags.through.objects.filter(post__in=ids).order_by("tag__name")
    for post, *tag in tagged.values_list("post_id", "tag__name", "tag__colour"):
        into[post].tags.append((tag[0], tag[1]))


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
