"""Versions: what a post said before. An author's autosaves are one version for ten minutes; what was scheduled, or
written by somebody else, stays as it was."""

from datetime import timedelta

from tidings.core import clock
from tidings.posts.content import as_json, draft_of
from tidings.posts.models import Post, Version
from tidings.workspaces.models import Member

MOST = 100  # of one post; the oldest go
YOUNG = timedelta(minutes=10)


def begin(post: Post) -> None:
    """Keep what a post says that has no versions yet, before it says something else."""
    if not post.versions.exists():
        Version.objects.create(
            post=post, revision=post.revision, by_id=post.author_id, at=post.changed_at, draft=as_json(draft_of(post))
        )


def keep(member: Member, post: Post, apart: bool = False) -> None:
    """Keep what it says since its newest revision, if that is something else."""
    said, last = as_json(draft_of(post)), post.versions.first()
    if last and last.draft == said:
        return
    if last and not apart and _goes_on(member, post, last):
        post.versions.filter(pk=last.pk).update(revision=post.revision, draft=said)
        return
    Version.objects.create(post=post, revision=post.revision, by=member.user, draft=said)
    too_old = list(post.versions.values_list("pk", flat=True)[MOST:])
    post.versions.filter(pk__in=too_old).delete()


def _goes_on(member: Member, post: Post, last: Version) -> bool:
    """Whether the same person is still writing the same thing."""
    if last.by_id != member.user_id or clock.now() - last.at >= YOUNG:
        return False
    return not post.deliveries.filter(created_at__gte=last.at).exists()
