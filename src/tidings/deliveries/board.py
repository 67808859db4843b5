"""The board: every post of a workspace in the column that says how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal, get_args
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from tidings.database import sql
from tidings.deliveries.calendar import Entry, filled, placed
from tidings.deliveries.face import LABELS
from tidings.deliveries.sift import EVERYTHING, Filters, saying, sift
from tidings.posts.models import Post
from tidings.workspaces.models import Workspace

Name = Literal["ideas", "drafts", "review", "scheduled", "attention", "published"]
Row = tuple[Name, UUID, int]  # column, post, posts of the column
MOST = 50  # cards of a column
# The words of face.py, whatever waits for a person apart, even when a part of it is out; then the first of each column:
# of what waits the earliest, of what is done the newest.
TOPS = """
WITH stood AS (
    SELECT p.id, p.stage, p.changed_at, count(d.id) AS every,
        coalesce(min(CASE WHEN d.state <> 'cancelled' THEN d.due_at END), p.wish_at) AS at,
        count(CASE WHEN d.state <> 'cancelled' THEN 1 END) AS live,
        count(CASE WHEN d.state = 'delivered' THEN 1 END) AS out,
        count(CASE WHEN d.state = 'unsure' THEN 1 END) AS unsure,
        count(CASE WHEN d.state = 'failed' THEN 1 END) AS failed,
        count(CASE WHEN d.state = 'held' THEN 1 END) AS held,
        count(CASE WHEN d.state IN ('sending', 'settling') THEN 1 END) AS going
    FROM posts_post p LEFT JOIN deliveries_delivery d ON d.post_id = p.id WHERE p.id IN ({chosen}) GROUP BY p.id
), faced AS (
    SELECT id, at, changed_at, unsure + failed + held AS person, CASE
        WHEN live = 0 AND stage = 'approved' AND every > 0 THEN 'cancelled'
        WHEN live = 0 AND stage IN ('approved', 'review') THEN stage
        WHEN live = 0 THEN 'draft'
        WHEN unsure > 0 THEN 'unsure'
        WHEN going > 0 THEN 'publishing'
        WHEN out = live THEN 'published'
        WHEN out > 0 THEN 'partly'
        WHEN failed > 0 THEN 'failed'
        WHEN held > 0 THEN 'held'
        ELSE 'scheduled' END AS face
    FROM stood
), sorted AS (
    SELECT id, at, changed_at, CASE
        WHEN person > 0 THEN 'attention'
        WHEN face = 'draft' AND at IS NULL THEN 'ideas'
        WHEN face IN ('draft', 'cancelled') THEN 'drafts'
        WHEN face IN ('review', 'approved') THEN 'review'
        WHEN face IN ('scheduled', 'publishing') THEN 'scheduled'
        ELSE 'published' END AS name
    FROM faced WHERE face IN ({faces})
), ranked AS (
    SELECT id, name, count(*) OVER (PARTITION BY name) AS total, row_number() OVER (PARTITION BY name ORDER BY
        CASE WHEN name IN ('drafts', 'review', 'scheduled') THEN at END NULLS LAST,
        CASE WHEN name IN ('attention', 'published') THEN coalesce(at, changed_at) END DESC NULLS LAST,
        changed_at DESC, id) AS place
    FROM sorted
)
SELECT name, id, total FROM ranked WHERE place <= %s ORDER BY name, place"""


@dataclass(frozen=True)
class Column:
    """A column: its first cards, and how many there are."""

    name: Name
    count: int
    entries: list[Entry]


def board(workspace: Workspace, filters: Filters = EVERYTHING) -> list[Column]:
    """Every column, from the idea to what is out. The database counts; only what is shown is read."""
    rows = _tops(_chosen(workspace, filters), filters)
    places = {place.post: place for place in placed(Post.objects.filter(id__in=[id for _name, id, _total in rows]))}
    shown = [places[id] for _name, id, _total in rows if id in places]
    cards = {entry.post: entry for entry in filled(workspace, shown)}
    found = {name: list(of_name) for name, of_name in groupby(rows, itemgetter(0))}
    return [_column(name, found.get(name, []), cards) for name in get_args(Name)]


def _column(name: Name, rows: list[Row], cards: Mapping[UUID, Entry]) -> Column:
    total = max((total for *_, total in rows), default=0)
    return Column(name, total, [cards[id] for _name, id, _total in rows if id in cards])


def _tops(posts: QuerySet[Post], filters: Filters) -> list[Row]:
    """The first of every column, in order."""
    faces = sorted(filters.states or LABELS)
    try:
        chosen, values = posts.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:  # Django sees by itself that there are none
        return []
    text = TOPS.format(chosen=chosen, faces=sql.marks(faces))
    return [(name, sql.id_of(id), total) for name, id, total in sql.rows(text, *values, *faces, MOST)]


def _chosen(workspace: Workspace, filters: Filters) -> QuerySet[Post]:
    """Those that the filters let through, but for their faces."""
    posts = sift(Post.objects.filter(workspace=workspace), filters)
    return posts.filter(id__in=saying(posts.values_list("id", flat=True), filters.words)) if filters.words else posts
