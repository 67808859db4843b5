"""A post's versions as people read them: who, when, what changed; and any of them beside what it says now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from tidings.channels.models import Channel
from tidings.media.models import Media
from tidings.posts.compare import Change, compare, kinds, words_of
from tidings.posts.content import draft_of, from_json
from tidings.posts.draft import Draft
from tidings.posts.models import Post, Version


@dataclass(frozen=True)
class Entry:
    """One version in the list. `by` is empty when that person is gone."""

    revision: int
    at: datetime
    by: str
    changed: list[str]
    current: bool


def history(post: Post) -> list[Entry]:
    """The newest first; each with what it changed of the one before it."""
    rows = list(post.versions.select_related("by"))
    drafts = [from_json(row.draft) for row in rows]
    return [
        Entry(
            row.revision, row.at, str(row.by) if row.by else "",
            [words_of(kind) for kind in kinds(drafts[n + 1], drafts[n])] if n + 1 < len(rows) else [], n == 0,
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip


def version_of(post: Post, revision: int) -> Version:
    """The version of this revision; raises Http404."""
    found = post.versions.filter(revision=revision).first()
    if found is None:
        raise Http404
    return found


def between(post: Post, version: Version) -> list[Change]:
    """What the post says now that this version did not."""
    return _compared(post, from_json(version.draft), draft_of(post))


def against(post: Post, draft: Draft) -> list[Change]:
    """What this draft says that the kept post does not."""
    kept = draft_of(post)
    return _compared(post, kept, draft if draft.tags is not None else _with_tags(draft, kept))


def _with_tags(draft: Draft, kept: Draft) -> Draft:
    return Draft(draft.channels, draft.items, draft.wish_at, draft.note, kept.tags)


def _compared(post: Post, older: Draft, newer: Draft) -> list[Change]:
    both = (older, newer)
    ids = {id for draft in both for id in _channels(draft)}
    channels = {c.pk: str(c) for c in Channel.objects.filter(workspace=post.workspace_id, pk__in=ids)}
    wanted = older.media_ids() | newer.media_ids()
    media = dict(Media.objects.filter(workspace=post.workspace_id, pk__in=wanted).values_list("pk", "name"))
    return compare(older, newer, channels, media)


def _channels(draft: Draft) -> Iterable[UUID]:
    yield from draft.channels
    yield from (variant.channel for item in draft.items for variant in item.variants)
